import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { Change } from '../../src/approvals/change.ts'
import { followPolicy } from '../../src/approvals/policy/activePolicy.ts'
import { proposePolicy } from '../../src/approvals/policy/proposePolicy.ts'
import type { Ports, Store } from '../../src/approvals/ports.ts'
import { submit } from '../../src/approvals/submit.ts'
import { nobodyHears } from '../support/health.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { envelope, submission } from '../support/world.ts'
import { guarded, looser, type PolicyHouse, policyHouse } from './policyHouse.ts'

/** Reading is not allowed any more. */
const closed = {
  ...bundleFiles,
  'rules/closed.yaml': '- {id: closed, description: Closed., match: {actions: [repo.read]}, verdict: deny}\n',
}

let house: PolicyHouse
beforeEach(async () => {
  house = await policyHouse()
  await house.propose(bundleFiles)
})

/** A replica that hears of nothing and never looks by itself, on a store that is as a test makes it. */
async function deafReplica(given: Partial<Store> = {}): Promise<Ports> {
  const store = { ...house.ports.store, ...given, watch: () => () => {} }
  const followed = await followPolicy({ store, ...nobodyHears, everyMs: 600_000 })
  onTestFinished(followed.stop)
  return { ...house.ports, store, policy: followed.current, renewPolicy: followed.renew }
}

const reads = (ports: Ports, change: Parameters<typeof envelope>[1] = {}) =>
  submit(ports, envelope(house.world, change), submission('repo.read'))

describe('stale-replica: a replica that has not heard of a stricter policy', () => {
  test('judges again by the one that is active, and allows nothing by the old one', async () => {
    const replica = await deafReplica()
    await house.propose(closed)
    expect(replica.policy()?.digest).toBe(testBundle().digest)

    const { request, created } = await reads(replica)

    expect(created).toBe(true)
    expect(request).toMatchObject({
      state: 'denied',
      verdict: { rules: ['closed'], policy: testBundle(closed).digest },
    })
    expect(replica.policy()?.digest).toBe(testBundle(closed).digest)
    expect(await house.ports.store.requests({ limit: 10 })).toEqual([request])
  })

  test('control: a commit that does not compare lets the old verdict through', async () => {
    const { store } = house.ports
    const uncompared = async (change: Change) =>
      store.commit({ ...change, judgedBy: (await store.activePolicy())?.digest ?? null })
    const replica = await deafReplica({ commit: uncompared })
    await house.propose(closed)

    expect((await reads(replica)).request.state).toBe('approved')
  })

  test('which cannot read the active one answers that it is not ready, and writes nothing', async () => {
    let away = false
    const replica = await deafReplica({
      activePolicy: async () => {
        if (away) throw new Error('the connection broke')
        return house.ports.store.activePolicy()
      },
    })
    await house.propose(closed)
    away = true

    await expect(reads(replica)).rejects.toMatchObject({ code: 'not_ready', kind: 'unavailable' })
    expect(await house.ports.store.requests({ limit: 10 })).toEqual([])
  })

  test('which cannot load the active one answers that it is not ready, however often it is asked', async () => {
    const replica = await deafReplica()
    const active = await house.ports.store.activePolicy()
    const version = {
      digest: 'sha256:newer',
      filesDigest: 'sha256:fnewer',
      name: 'newer',
      files: {},
    } as const
    const policy = {
      version,
      activation: 'act_newer',
      expected: active?.filesDigest ?? null,
      at: '2026-11-24T14:00:00Z',
    }
    await house.ports.store.commit({ policy, entries: [] })

    for (let n = 0; n < 2; n += 1) await expect(reads(replica)).rejects.toMatchObject({ code: 'not_ready' })
    expect(await house.ports.store.requests({ limit: 10 })).toEqual([])
  })

  test('answers a retry with the request that exists, whatever is active now', async () => {
    const again = { idempotencyKey: 'the-same', bodyDigest: 'sha256:body' } as const
    const first = await reads(house.ports, again)
    const replica = await deafReplica()
    await house.propose(closed)

    const second = await reads(replica, again)

    expect(second).toEqual({ request: first.request, created: false })
    expect(second.request.state).toBe('approved')
  })
})

test('a policy that changes with every judgement ends in being put off, not in a verdict', async () => {
  const { store } = house.ports
  let commits = 0
  const replica = await deafReplica({
    commit: async (change) => {
      if (change.judgedBy === undefined) return store.commit(change)
      commits += 1
      await house.propose(commits % 2 === 1 ? closed : bundleFiles)
      return store.commit(change)
    },
  })

  await expect(reads(replica)).rejects.toMatchObject({ code: 'not_ready' })
  expect(commits).toBe(4)
  expect(await store.requests({ limit: 10 })).toEqual([])
})

test('facts, verdict and condition come from one bundle, also when another is activated in the middle', async () => {
  const changes: Change[] = []
  const { store } = house.ports
  const commit = async (change: Change) => {
    if (change.request) changes.push(change)
    return store.commit(change)
  }
  const { directory } = house.ports
  let looked = false
  const ports: Ports = {
    ...house.ports,
    store: { ...store, commit },
    directory: {
      ...directory,
      async account(address) {
        if (!looked) {
          looked = true
          await house.propose(closed)
        }
        return directory.account(address)
      },
    },
  }

  const { request } = await reads(ports)

  expect(changes.map(({ judgedBy, request }) => [judgedBy, request?.next.verdict.policy])).toEqual([
    [testBundle().digest, testBundle().digest],
    [testBundle(closed).digest, testBundle(closed).digest],
  ])
  expect(request.state).toBe('denied')
})

test('a change of policy is asked about by the active one, also by a process that has not heard of that one', async () => {
  const replica = await deafReplica()
  await house.propose(guarded)

  const proposed = await proposePolicy(replica, {
    bundle: testBundle(looser),
    files: looser,
    author: { email: 'lee@acme.test' },
    reason: null,
    via: 'cli',
  })

  expect(proposed).toMatchObject({
    outcome: 'asked',
    request: { verdict: { policy: testBundle(guarded).digest }, state: 'pending' },
  })
})
