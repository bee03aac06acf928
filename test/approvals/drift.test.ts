import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { breakGlass } from '../../src/approvals/breakGlass.ts'
import type { Change } from '../../src/approvals/change.ts'
import { doneText } from '../../src/approvals/perform.ts'
import { followPolicy } from '../../src/approvals/policy/activePolicy.ts'
import type { Ports, Store } from '../../src/approvals/ports.ts'
import { outcomeOf } from '../../src/core/outcome.ts'
import { nobodyHears } from '../support/health.ts'
import { entriesOf, refusalsOf, typesOf } from '../support/recorded.ts'
import { bundleFiles } from '../support/testBundle.ts'
import { ask, attemptBy, click, type World } from '../support/world.ts'
import { type PolicyHouse, policyHouse } from './policyHouse.ts'

let house: PolicyHouse
beforeEach(async () => {
  house = await policyHouse()
  await house.propose(bundleFiles)
})

type Files = Readonly<Record<string, string>>

/** The world's bundle with rules more. */
const withRule = (rule: string): Files => ({ ...bundleFiles, 'rules/later.yaml': `- ${rule}\n` })
const rebootsEnd =
  '{id: reboots.end, description: No reboots., match: {actions: [host.reboot]}, verdict: deny'
const closed = withRule(`${rebootsEnd}, message: Nothing is rebooted this week.}`)
const liftable = withRule(`${rebootsEnd}, override: break_glass}`)
const rename = (files: Files, from: string, to: string): Files => ({
  ...files,
  'actions.yaml': (files['actions.yaml'] ?? '').replace(from, to),
})

/** Two of Security have to agree; the first has. */
async function nearlyApproved(): Promise<string> {
  const { id } = await ask(house.world, 'host.reboot')
  await click(house.world, id, 'U0PRIYA')
  return id
}

const releases = (id: string, world: World = house.world) => click(world, id, 'U0SAM')
const breaks = (id: string, ports: Ports = house.ports) =>
  breakGlass(ports, {
    ...attemptBy(id, 'U0GRACE'),
    reason: 'INC-42 The payment database is down.',
    seen: 'facts',
  })

describe('drift: what is about to be released is judged by the policy of now', () => {
  test('control: it is released while the policy says what it said', async () => {
    const id = await nearlyApproved()

    expect((await releases(id)).request.state).toBe('approved')
  })

  test('a deny rule that was activated while it waited ends it as denied by policy', async () => {
    const id = await nearlyApproved()
    await house.propose(closed)

    const decided = await releases(id)

    expect(decided.request).toMatchObject({
      state: 'denied',
      overruled: true,
      verdict: { kind: 'require_approval' },
      outcome:
        'Policy has come to deny this since it was asked (rule reboots.end), so it was not released. Nothing is rebooted this week.',
    })
    expect(outcomeOf(decided.request)).toBe('denied_by_policy')
    expect(doneText('approve', decided)).toMatchObject({
      late: true,
      says: expect.stringContaining('Nothing was released'),
    })
    expect(await house.ports.store.request(id)).toEqual(decided.request)
    expect((await typesOf(house.ports.store, id)).slice(-2)).toEqual(['decision.made', 'request.denied'])
    const [denied] = await entriesOf(house.ports.store, id, 'request.denied')
    expect(denied).toMatchObject({
      actor: { kind: 'policy', id: house.ports.policy()?.digest, via: 'release' },
      data: { outcome: 'denied_by_policy', code: 'rules', rules: ['reboots.end'], overruled: true },
    })
  })

  test('it is nobody’s denial: the same may be asked again at once', async () => {
    const id = await nearlyApproved()
    await house.propose(closed)
    await releases(id)
    await house.propose(bundleFiles)

    expect((await ask(house.world, 'host.reboot')).state).toBe('pending')
  })

  test('an approval that would not release it is judged by nothing, and the card stays open', async () => {
    const { id } = await ask(house.world, 'host.reboot')
    await house.propose(closed)

    expect((await click(house.world, id, 'U0PRIYA')).request.state).toBe('pending')
  })

  test.each<[string, Files]>([
    [
      'an action that the policy does not know any more',
      rename(bundleFiles, 'host.reboot:', 'host.restart:'),
    ],
    [
      'an environment that is gone',
      {
        ...bundleFiles,
        'resources.yaml':
          '\napiVersion: countersign/v1\nkind: ResourceInventory\nresources:\n  - {match: {type: table, id: "warehouse.*"}, environment: dev, sensitivity: restricted, owner: user:omar}\n',
      },
    ],
  ])('%s', async (name, files) => {
    const id = await nearlyApproved()
    const without = (files['actions.yaml'] ?? '').includes('host.restart')
      ? {
          ...files,
          'rules/all.yaml': (files['rules/all.yaml'] ?? '').replaceAll('host.reboot', 'host.restart'),
        }
      : files
    await house.propose(without)

    expect((await releases(id)).request, name).toMatchObject({ state: 'denied', overruled: true })
  })

  test('a stricter requirement asks nobody else: policy of later stops, and changes no terms', async () => {
    const id = await nearlyApproved()
    await house.propose({
      ...bundleFiles,
      'rules/all.yaml': (bundleFiles['rules/all.yaml'] ?? '').replace(
        'from: [group:security], count: 2',
        'from: [group:data-owners], count: 2',
      ),
    })

    expect((await releases(id)).request.state).toBe('approved')
  })

  test('nor does a looser one let it through with less', async () => {
    const { id } = await ask(house.world, 'host.reboot')
    await house.propose({
      ...bundleFiles,
      'rules/all.yaml': (bundleFiles['rules/all.yaml'] ?? '').replace(
        'from: [group:security], count: 2',
        'from: [group:security], count: 1',
      ),
    })

    expect((await click(house.world, id, 'U0PRIYA')).request.state).toBe('pending')
  })

  test('a freeze that has begun since counts, by the time of the release', async () => {
    const freeze = withRule(`${rebootsEnd}, when: 'time.hour >= 15'}`)
    await house.propose(freeze)
    house.world.clock.advance(59 * 60)
    const id = await nearlyApproved()
    house.world.clock.advance(60)

    expect((await releases(id)).request).toMatchObject({ state: 'denied', overruled: true })
  })

  test('a denial that only stands on what is not known takes nothing away: that click is refused, and is not spent', async () => {
    const id = await nearlyApproved()
    await house.propose(withRule(`${rebootsEnd}, when: 'has(params.rows) && params.rows.startsWith("x")'}`))
    const before = await house.ports.store.request(id)

    await expect(releases(id)).rejects.toMatchObject({ code: 'not_ready', passes: true })

    expect(await house.ports.store.request(id)).toEqual(before)
    expect(await refusalsOf(house.ports.store, id)).toEqual(['not_ready'])
    await house.propose(bundleFiles)
    expect((await releases(id)).request.state).toBe('approved')
  })

  test('without a policy that can judge nothing is released and nothing changes', async () => {
    const id = await nearlyApproved()
    const before = await house.ports.store.request(id)
    const ports: Ports = { ...house.ports, policy: () => null }

    await expect(releases(id, { ...house.world, ports })).rejects.toMatchObject({
      code: 'not_ready',
      passes: true,
    })
    await expect(breaks(id, ports)).rejects.toMatchObject({ code: 'not_ready', passes: true })

    expect(await house.ports.store.request(id)).toEqual(before)
  })
})

describe('drift: a glass', () => {
  test('is not broken past a denial that came since and that nothing lifts', async () => {
    const { id } = await ask(house.world, 'host.reboot')
    await house.propose(closed)

    const decided = await breaks(id)

    expect(decided.request).toMatchObject({ state: 'denied', overruled: true, brokenGlass: null })
    expect(await typesOf(house.ports.store, id)).toEqual(['request.submitted', 'request.denied'])
    expect(doneText('break_glass', decided).says).toContain('Nothing was released')
  })

  test('is broken past one that allows it; control: an approval ends at the same', async () => {
    const { id } = await ask(house.world, 'host.reboot')
    const other = await nearlyApproved()
    await house.propose(liftable)

    expect((await breaks(id)).request).toMatchObject({ state: 'approved', brokenGlass: { review: null } })
    expect((await releases(other)).request).toMatchObject({ state: 'denied', overruled: true })
  })

  test('of a denial that waited to be lifted stays shut when nothing lifts it any more', async () => {
    const { id } = await ask(house.world, 'freeze.deploy')
    await house.propose({
      ...bundleFiles,
      'rules/all.yaml': (bundleFiles['rules/all.yaml'] ?? '').replace(
        'verdict: deny\n  override: break_glass\n  message: Change freeze',
        'verdict: deny\n  message: Change freeze',
      ),
    })

    expect((await breaks(id)).request).toMatchObject({ state: 'denied', overruled: true })
  })
})

describe('two-replicas: one has not heard of the deny rule', () => {
  async function deafReplica(given: Partial<Store> = {}): Promise<Ports> {
    const store = { ...house.ports.store, ...given, watch: () => () => {} }
    const followed = await followPolicy({ store, ...nobodyHears, everyMs: 600_000 })
    onTestFinished(followed.stop)
    return { ...house.ports, store, policy: followed.current, renewPolicy: followed.renew }
  }

  test.each<[string, (id: string, ports: Ports) => ReturnType<typeof breaks>]>([
    ['an approval', (id, ports) => releases(id, { ...house.world, ports })],
    ['a broken glass', breaks],
  ])('%s there is judged again by the one that is active', async (_, act) => {
    const id = await nearlyApproved()
    const ports = await deafReplica()
    await house.propose(closed)

    expect((await act(id, ports)).request).toMatchObject({ state: 'denied', overruled: true })
    expect(await refusalsOf(house.ports.store, id)).toEqual([])
  })

  test('control: a commit that does not compare lets the old verdict through', async () => {
    const id = await nearlyApproved()
    const uncompared = ({ judgedBy: _, ...change }: Change) => house.ports.store.commit(change)
    const ports = await deafReplica({ commit: uncompared })
    await house.propose(closed)

    expect((await releases(id, { ...house.world, ports })).request.state).toBe('approved')
  })

  test('which cannot read the active one refuses the click, which is not spent', async () => {
    const id = await nearlyApproved()
    let away = false
    const ports = await deafReplica({
      activePolicy: async () => {
        if (away) throw new Error('the connection broke')
        return house.ports.store.activePolicy()
      },
    })
    await house.propose(closed)
    away = true
    const before = await house.ports.store.request(id)

    await expect(releases(id, { ...house.world, ports })).rejects.toMatchObject({ code: 'not_ready' })

    expect(await house.ports.store.request(id)).toEqual(before)
  })

  test('a policy that changes with every judgement puts the click off', async () => {
    const id = await nearlyApproved()
    const { store } = house.ports
    let commits = 0
    const ports = await deafReplica({
      commit: async (change) => {
        if (change.judgedBy === undefined) return store.commit(change)
        commits += 1
        await house.propose(commits % 2 === 1 ? liftable : bundleFiles)
        return store.commit(change)
      },
    })

    await expect(breaks(id, ports)).rejects.toMatchObject({ code: 'not_ready' })
    expect((await store.request(id))?.state).toBe('pending')
  })
})
