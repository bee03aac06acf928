import { expect, test } from 'vitest'
import { planOf, roundOf } from '../../bench/soak/faults/plan.ts'
import { readOptions } from '../../bench/soak/options.ts'
import { random } from '../../bench/soak/random.ts'
import { asking } from '../../bench/soak/world/policy.ts'
import { nextFault, type WayToFail } from '../../bench/soak/world/slackFaults.ts'
import { loadBundle } from '../../src/policy/load.ts'
import { acme } from '../../src/sandbox/seed.ts'
import { readBundleDirectory } from '../../src/store/bundleDirectory.ts'

test('the same seed makes the same choices, another one others, and streams do not disturb each other', () => {
  const drawn = (seed: number, stream: string) => {
    const one = random(seed, stream)
    return Array.from({ length: 20 }, () => one.next())
  }

  expect(drawn(7, 'agents')).toEqual(drawn(7, 'agents'))
  expect(drawn(7, 'agents')).not.toEqual(drawn(8, 'agents'))
  expect(drawn(7, 'agents')).not.toEqual(drawn(7, 'people'))
})

test('weights are kept, and what weighs nothing is never drawn', () => {
  const one = random(1, 'weights')
  const drawn = Array.from({ length: 4_000 }, () => one.weighted({ often: 3, seldom: 1, never: 0 }))

  const often = drawn.filter((name) => name === 'often').length
  expect(often).toBeGreaterThan(2_800)
  expect(often).toBeLessThan(3_200)
  expect(drawn).not.toContain('never')
})

test('a round of the plan has everything, spares one replica, and the next round spares the other', () => {
  const kinds = Object.values(roundOf).reduce((sum, times) => sum + times, 0)
  const plan = planOf(10, random(3, 'plan'))
  const [first, second] = [plan.slice(0, kinds), plan.slice(kinds, 2 * kinds)]

  for (const round of [first, second]) {
    const times = (kind: string) => round.filter((one) => one.kind === kind).length
    expect(Object.fromEntries(Object.keys(roundOf).map((kind) => [kind, times(kind)]))).toEqual(roundOf)
  }
  expect(new Set(first.map(({ replica }) => replica))).toEqual(new Set([0]))
  expect(new Set(second.map(({ replica }) => replica))).toEqual(new Set([1]))
  expect(plan.map(({ at }) => at)).toEqual(plan.map(({ at }) => at).toSorted((a, b) => a - b))
})

test('one minute is enough for the database to break in each way', () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const kinds = planOf(1, random(seed, 'plan')).map(({ kind }) => kind)
    expect(kinds.length).toBeGreaterThan(8)
  }
})

test('Slack fails three calls in ten, in every way, and not at all when it is well', () => {
  const dice = random(5, 'slack')
  const met = Array.from({ length: 6_000 }, () => nextFault('bad', dice)?.way ?? 'answered')
  const ways = new Set<WayToFail | 'answered'>(met)

  const failed = met.filter((one) => one !== 'answered').length / met.length
  expect(failed).toBeGreaterThan(0.27)
  expect(failed).toBeLessThan(0.33)
  expect([...ways].sort()).toEqual([
    'answer lost after success',
    'answered',
    'broken (500)',
    'no JSON (200)',
    'no answer at all',
    'rate limited (429)',
    'reports a temporary error',
  ])
  expect(nextFault('well', dice)).toBeNull()
  expect(nextFault('away', dice)?.fault).toEqual({ kind: 'status', status: 503 })
})

test('the people who click know whom the rules ask, and where', () => {
  const loaded = loadBundle(readBundleDirectory('bench/soak/policy'))
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
  const { rules, people } = loaded.bundle
  const membersOf = (name: string): readonly string[] => {
    const id = people.get(name)?.address.replace('slack:', '') ?? ''
    return acme.usergroups.find((group) => group.id === id)?.users ?? [id]
  }
  for (const [kind, { legs, conversations }] of Object.entries(asking)) {
    const demands = rules.flatMap(({ match, demand }) =>
      demand && match.actions?.includes(`soak.${kind}`) ? [demand] : [],
    )
    const asked = demands.flatMap((demand) =>
      demand.legs.flatMap((leg) => {
        const from = [...leg.from, ...demand.escalate.map(({ to }) => to)].flatMap(membersOf)
        return Array.from({ length: leg.count }, () => [...new Set(from)].toSorted())
      }),
    )
    const channels = demands.flatMap((demand) => demand.channels).map((one) => one.replace('slack:', ''))

    expect([kind, asked]).toEqual([kind, legs.map((leg) => [...leg].toSorted())])
    expect([kind, channels]).toEqual([kind, conversations])
  }
})

test.each([
  ['--minutes', '0'],
  ['--minutes', 'ten'],
  ['--rate', '50'],
  ['--seed', '1.5'],
  ['--patience', '0'],
  ['--what', '1'],
])('%s %s is refused with the options that there are', (name, value) => {
  expect(readOptions([name, value])).toMatchObject({ say: expect.stringContaining('--minutes N'), code: 2 })
})

test('without options it takes five minutes and any seed', () => {
  expect(readOptions([])).toMatchObject({ minutes: 5, rate: 6, keep: false, seed: expect.any(Number) })
  expect(readOptions(['--help'])).toMatchObject({ code: 0 })
})
