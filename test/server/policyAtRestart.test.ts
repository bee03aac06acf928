import { pino } from 'pino'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Ports } from '../../src/approvals/ports.ts'
import { policyAhead } from '../../src/server/policyAhead.ts'
import { policyAtStart } from '../../src/server/policyAtStart.ts'
import { guarded, type PolicyHouse, policyHouse, stricter } from '../approvals/policyHouse.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'

type Files = Readonly<Record<string, string>>

const testFile = (name: string) => `apiVersion: countersign/v1
kind: PolicyTests
tests:
  - name: ${name}
    request:
      {action: repo.read, resource: {type: repo, id: x}, params: {}, environment: prod, time: 2026-11-24T14:00:00Z,
       agent: {name: nightly, owner: {id: U0LEE, email: lee@acme.test}}, initiator: {id: U0DANA, email: dana@acme.test}}
    expect: {verdict: allow}
`
const tested = (files: Files, name = 'reading is free'): Files => ({
  ...files,
  'tests/first.yaml': testFile(name),
})

let house: PolicyHouse
let warned: string[]
beforeEach(async () => {
  house = await policyHouse()
  warned = []
})

/** Starts once with these files as POLICY_DIR, and nobody behind them; resolves to what the greeting says. */
async function start(files: Files, ports: Ports = house.ports): Promise<string | null> {
  const log = pino({ level: 'warn' }, { write: (line: string) => void warned.push(JSON.parse(line).msg) })
  const about = { policyDir: 'policies', ahead: policyAhead(new Map(Object.entries(files))), log }
  const askLater = await policyAtStart({ ports }, about)
  return askLater(null)
}

const active = () => house.ports.policy()?.digest
const activations = async () =>
  (await house.ports.store.policyEntries(20)).filter(({ type }) => type === 'policy.activated')

/** Without `policy.activate` in it: whatever is proposed over it becomes active. */
const [yesterday, today] = [tested(bundleFiles), tested({ ...bundleFiles, 'rules/more.yaml': more() })]

describe('stale-replica: a start with the directory of yesterday', () => {
  test('does not put a policy back that was replaced since; it says so and goes on with the active one', async () => {
    await start(yesterday)
    await start(today)

    const note = await start(yesterday)

    expect(note).toMatch(
      /^The policy in policies was active before and has been replaced since, .*: test@[0-9a-f]{12} judges\..*countersign policy activate policies --by/,
    )
    expect(note).toContain(testBundle(today).digest.slice('sha256:'.length, 'sha256:'.length + 12))
    expect(active()).toBe(testBundle(today).digest)
    expect(await activations()).toHaveLength(2)
    expect(warned).toEqual([note])
  })

  test('nor with other tests or comments beside the same rules', async () => {
    await start(yesterday)
    await start(today)

    expect(await start(tested(bundleFiles, 'reading stays free'))).toMatch(/has been replaced since/)
    expect(active()).toBe(testBundle(today).digest)
  })

  test('nor does it ask people to go back, where the active policy asks', async () => {
    await start(yesterday)
    await house.propose(tested(guarded))

    expect(await start(yesterday)).toMatch(/has been replaced since/)
    expect(await house.ports.store.requests({ limit: 10 })).toEqual([])
  })

  test('control: a policy that is new is activated, and one that is active is left alone', async () => {
    await start(yesterday)
    expect(await start(today)).toBeNull()
    expect(await start(today)).toBeNull()
    expect(await start(tested({ ...bundleFiles, 'rules/more.yaml': more('Tables remain.') }))).toBeNull()

    expect(await activations()).toHaveLength(3)
  })

  test('control: people can go back, and what they went back to is then what a start leaves alone', async () => {
    await start(yesterday)
    await start(today)

    await house.propose(yesterday)

    expect(active()).toBe(testBundle(yesterday).digest)
    expect(await start(yesterday)).toBeNull()
    expect(await start(today)).toMatch(/has been replaced since/)
  })

  test('the active rules with tests that were never there go on as before', async () => {
    await start(yesterday)

    expect(await start(tested(bundleFiles, 'reading stays free'))).toBeNull()
    expect(await activations()).toHaveLength(2)
    expect(await start(yesterday)).toMatch(/has been replaced since/)
  })
})

describe('two replicas that start at once with different directories', () => {
  /** The other replica activates its own just before ours is written. */
  const overtakenBy = (files: Files): Ports => {
    let first = true
    const { store } = house.ports
    return {
      ...house.ports,
      store: {
        ...store,
        async commit(change) {
          if (first && change.policy) {
            first = false
            await start(files)
          }
          return store.commit(change)
        },
      },
    }
  }

  test('the first to write decides; the other starts, goes on with that policy, and says so', async () => {
    const note = await start(yesterday, overtakenBy(today))

    expect(note).toMatch(
      /^Another server activated a policy while this one started.*test@[0-9a-f]{12} judges/,
    )
    expect(active()).toBe(testBundle(today).digest)
    expect(await activations()).toHaveLength(1)
  })

  test('control: with the same directory nobody has anything to say', async () => {
    expect(await start(today, overtakenBy(today))).toBeNull()
    expect(await activations()).toHaveLength(1)
  })
})

test('a bundle that cannot be activated names the policy that judges', async () => {
  await start(tested(stricter))
  const short = testBundle(tested(stricter)).digest.slice('sha256:'.length, 'sha256:'.length + 12)

  expect(await start({ ...tested(stricter), 'rules/all.yaml': 'nonsense: true' })).toContain(
    `the policy that was active before stays active and judges: test@${short}`,
  )
})

function more(why = 'Tables stay.'): string {
  return `- {id: more, description: ${why}, match: {actions: [table.drop]}, verdict: deny}\n`
}
