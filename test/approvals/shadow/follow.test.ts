import { describe, expect, onTestFinished, test } from 'vitest'
import { activatePolicy } from '../../../src/approvals/policy/activatePolicy.ts'
import { followPolicy } from '../../../src/approvals/policy/activePolicy.ts'
import type { Ports, Store } from '../../../src/approvals/ports.ts'
import { stopShadow } from '../../../src/approvals/shadow/end.ts'
import { endWhenOver } from '../../../src/approvals/shadow/endWhenOver.ts'
import { type FollowShadowOptions, followShadow } from '../../../src/approvals/shadow/follow.ts'
import type { StartShadowJudge } from '../../../src/approvals/shadow/judge.ts'
import { startShadow } from '../../../src/approvals/shadow/start.ts'
import { opened } from '../../store/opened.ts'
import { eventually } from '../../support/eventually.ts'
import { heardHealth, nobodyHears } from '../../support/health.ts'
import { bundleFiles, testBundle } from '../../support/testBundle.ts'
import { ask, testWorld, type World } from '../../support/world.ts'
import { looser, stricter } from '../policyHouse.ts'
import { judgeHere } from './judgeHere.ts'

type Files = Readonly<Record<string, string>>

/** One replica of a database, which judges beside. */
async function replica(
  databaseUrl: string | undefined,
  given: {
    readonly name?: string
    readonly start?: StartShadowJudge
    readonly store?: (store: Store) => Partial<Store>
    readonly options?: Partial<FollowShadowOptions>
    readonly statementEnded?: () => void
  } = {},
) {
  const { name = 'rep_a', start = judgeHere(), options, statementEnded } = given
  const open = await opened(databaseUrl, { ...(statementEnded && { statementEnded }) })
  const store: Store = { ...open.store, ...given.store?.(open.store) }
  const policy = await followPolicy({ store, ...nobodyHears })
  onTestFinished(policy.stop)
  const health = heardHealth()
  const followed = followShadow({
    store,
    policy,
    clock: open.clock,
    start,
    health: health.health,
    log: nobodyHears.log,
    replica: { id: name, name },
    counted: () => {},
    times: { gather: 1, write: 20 },
    everyMs: 50,
    ...options,
  })
  onTestFinished(() => followed.stop())
  const heard: Store = {
    ...store,
    async commit(change) {
      const committed = await store.commit(change)
      if (committed === 'applied') followed.hear(change)
      return committed
    },
  }
  return { open, store: heard, policy, health, followed, databaseUrl: open.databaseUrl }
}

/** A world, on a replica, judged by what is active there. */
function worldOn(world: World, { store, policy, open }: Awaited<ReturnType<typeof replica>>): World {
  const ports: Ports = {
    ...world.ports,
    store,
    clock: open.clock,
    policy: policy.current,
    renewPolicy: policy.renew,
  }
  return { ...world, ports }
}

const activate = (ports: Ports, files: Files) =>
  activatePolicy(ports, { bundle: testBundle(files), files, by: 'startup', via: 'startup' })
const start = (ports: Ports, files: Files) =>
  startShadow(ports, { bundle: testBundle(files), files, via: 'cli', seconds: 86_400, reason: null })

/** A replica with its world, and a policy that is active. */
async function house(given: Parameters<typeof replica>[1] = {}) {
  const first = await replica(undefined, given)
  const world = worldOn(await testWorld({ store: first.store, policy: null }), first)
  await activate(world.ports, bundleFiles)
  await first.policy.renew()
  const totals = async () => {
    const shadow = await first.store.newestShadow()
    const { replicas, differences } = await first.store.shadowRecord(shadow?.id ?? '')
    const sum = (of: 'unchanged' | 'loosened' | 'tightened' | 'failed' | 'dropped') =>
      replicas.reduce((all, one) => all + one[of], 0)
    return {
      replicas,
      differences,
      loosened: sum('loosened'),
      unchanged: sum('unchanged'),
      failed: sum('failed'),
      dropped: sum('dropped'),
    }
  }
  return { ...first, world, totals }
}

/** It said that it judges. */
const judges = (totals: Awaited<ReturnType<typeof house>>['totals'], count = 1) =>
  eventually(async () => expect((await totals()).replicas.filter((one) => one.judges)).toHaveLength(count))

describe('a replica that judges beside', () => {
  test('finds what would be looser, by requirement, with the requests; what is asked is answered as always', async () => {
    const { world, totals, store } = await house()
    await start(world.ports, looser)
    await judges(totals)

    const exported = await ask(world, 'db.export')
    await ask(world, 'repo.read')

    await eventually(async () => expect(await totals()).toMatchObject({ loosened: 1, unchanged: 1 }))
    const [kind] = (await totals()).differences
    expect(exported.requirement?.legs).toHaveLength(2)
    expect(kind).toMatchObject({
      outcome: 'loosened',
      action: 'db.export',
      examples: [exported.id],
      base: testBundle().digest,
    })
    expect(kind?.differences.map(({ field }) => field)).toContain('approvals')
    expect((await store.entries(exported.id)).some(({ type }) => type.startsWith('shadow.'))).toBe(false)
  })

  test('hears nothing of what is asked before it began and after it was stopped', async () => {
    const { world, totals } = await house()
    await ask(world, 'repo.read')
    await start(world.ports, looser)
    await judges(totals)
    await ask(world, 'repo.read')
    await eventually(async () => expect((await totals()).unchanged).toBe(1))

    await stopShadow(world.ports, { via: 'cli', reason: null })
    const stopped = await totals()
    await ask(world, 'db.export')

    await eventually(async () => expect((await totals()).replicas).toMatchObject([{ judges: false }]))
    expect(await totals()).toMatchObject({ loosened: stopped.loosened, unchanged: 1 })
  })

  test('stopped while it judges: what it does then keeps nobody, and is over', async () => {
    let began = 0
    const hanging = judgeHere(() => ({
      compare: () => {
        began += 1
        return new Promise(() => {})
      },
    }))
    const { world, totals, followed } = await house({
      start: hanging,
      options: { times: { gather: 1, write: 20, limit: 200 } },
    })
    await start(world.ports, looser)
    await judges(totals)
    const asked = await ask(world, 'repo.read')
    expect(asked.state).toBe('approved')
    await eventually(() => expect(began).toBe(1))

    await stopShadow(world.ports, { via: 'cli', reason: null })
    await followed.look()

    await eventually(async () => expect((await totals()).replicas).toMatchObject([{ judges: false }]))
  })

  test('goes on beside the next policy that becomes active, and is over when it is the same', async () => {
    const { world, totals, policy, followed, store } = await house()
    const shadow = await start(world.ports, looser)
    await judges(totals)
    await ask(world, 'db.export')
    await eventually(async () => expect((await totals()).loosened).toBe(1))

    await activate(world.ports, stricter)
    await policy.renew()
    await followed.look()
    await eventually(async () => {
      await ask(world, 'db.export')
      expect(new Set((await totals()).differences.map(({ base }) => base)).size).toBe(2)
    })
    await activate(world.ports, looser)
    await endWhenOver(world.ports, { shadow: shadow.id, early: true })

    expect((await store.newestShadow())?.ended?.why).toBe('activated')
  })

  test('that cannot load the candidate says so, and answers as always', async () => {
    const { world, totals, health, store } = await house()
    const files = { ...bundleFiles, 'rules/all.yaml': 'nonsense: true' }
    const head = { ...testBundle(), digest: 'sha256:newer' } as const
    await startShadow(world.ports, { bundle: head, files, via: 'cli', seconds: 86_400, reason: null })

    await eventually(() => expect(health.now()).toEqual(['shadow_away']))
    await eventually(async () =>
      expect((await totals()).replicas).toMatchObject([
        { judges: false, problem: expect.stringMatching(/cannot load test .*rules\/all.yaml/) },
      ]),
    )
    expect((await ask(world, 'repo.read')).state).toBe('approved')
    await eventually(async () => expect((await totals()).dropped).toBe(1))

    await stopShadow(world.ports, { via: 'cli', reason: null })
    await eventually(() => expect(health.now()).toEqual([]))
    expect(await store.runningShadow()).toBeNull()
  })
})

describe('what a shadow costs', () => {
  /** How many statements a request takes that policy allows, while one judges or not. */
  async function statements(isShadowed: boolean) {
    let ended = 0
    const { world, totals } = await house({
      statementEnded: () => {
        ended += 1
      },
      // Written once, and then not while it is counted.
      options: { times: { gather: 1, write: 600_000 }, everyMs: 600_000 },
    })
    if (isShadowed) {
      await start(world.ports, looser)
      await judges(totals)
    }
    await ask(world, 'repo.read')
    // Something that is looked at now and then may fall into one of them; the least is what it takes.
    const each: number[] = []
    for (let nth = 0; nth < 5; nth += 1) {
      const before = ended
      await ask(world, 'repo.read')
      each.push(ended - before)
    }
    return Math.min(...each)
  }

  test('is no statement: what policy allows takes as many as without', async () => {
    const without = await statements(false)

    expect(await statements(true)).toBe(without)
  })
})

describe('two replicas', () => {
  test('of which one hears nothing both judge, and what they find adds up', async () => {
    const { world, totals, databaseUrl } = await house()
    const deaf = await replica(databaseUrl, { name: 'rep_b', store: () => ({ watch: () => () => {} }) })
    const other = worldOn(world, deaf)
    await start(world.ports, looser)
    await judges(totals, 2)

    await ask(world, 'db.export')
    await ask(other, 'db.export')
    await ask(other, 'repo.read')

    await eventually(async () => expect(await totals()).toMatchObject({ loosened: 2, unchanged: 1 }))
    const { replicas, differences } = await totals()
    expect(replicas.map(({ id, loosened, unchanged }) => [id, loosened, unchanged])).toEqual([
      ['rep_a', 1, 0],
      ['rep_b', 1, 1],
    ])
    expect(differences.find(({ outcome }) => outcome === 'loosened')).toMatchObject({ count: 2 })
  })

  test('one that cannot read looks again; where an answer was lost nothing is lost or doubled', async () => {
    let [unread, unanswered] = [2, 2]
    const { world, totals, databaseUrl } = await house()
    const poor = await replica(databaseUrl, {
      name: 'rep_b',
      store: (real) => ({
        watch: () => () => {},
        async runningShadow() {
          unread -= 1
          if (unread >= 0) throw new Error('no answer')
          return real.runningShadow()
        },
        async addToShadow(batch) {
          await real.addToShadow(batch)
          if (batch.loosened === 0) return
          unanswered -= 1
          if (unanswered >= 0) throw new Error('no answer')
        },
      }),
    })
    await start(world.ports, looser)
    await judges(totals, 2)

    const other = worldOn(world, poor)
    for (let nth = 0; nth < 4; nth += 1) await ask(other, 'db.export')
    await eventually(async () => {
      expect(unanswered).toBeLessThan(0)
      expect((await totals()).loosened).toBe(4)
    })
    await poor.followed.stop()

    expect((await totals()).loosened).toBe(4)
  })
})
