import { expect, test } from 'vitest'
import type { Change } from '../../src/approvals/change.ts'
import { registryTopic } from '../../src/approvals/people/registry.ts'
import type { Subject } from './contract.ts'
import { approval, madeAccount, madeAgent, madeKey, madeRequest, submission } from './made.ts'
import { madeResource } from './madeGrants.ts'

/** Who asks, and what they were judged by, may be known from memory: it is compared in the commit. */
export function comparesWhoAsks(open: () => Promise<Subject>): void {
  const agent = madeAgent()
  const key = madeKey(agent.id)
  const caller = { agent, key }
  const added: Change = {
    agents: [{ expected: null, next: agent }],
    keys: [{ expected: null, next: key }],
    entries: [],
  }
  const revoked: Change = {
    keys: [{ expected: 1, next: { ...key, version: 2, status: 'revoked' } }],
    entries: [],
  }
  const handedOver: Change = {
    agents: [{ expected: 1, next: { ...agent, version: 2, owner: 'per_noor' } }],
    entries: [],
  }

  test.each([
    ['as they were read', null, caller, 'applied'],
    ['with a key that was revoked since', revoked, caller, 'conflict'],
    ['with an agent that was handed over since', handedOver, caller, 'conflict'],
    ['with a key that is not there', null, { agent, key: madeKey(agent.id) }, 'conflict'],
    ['with an agent that is not there', null, { agent: madeAgent(), key }, 'conflict'],
  ] as const)('%s → %s', async (_, since, who, outcome) => {
    const { store } = await open()
    await store.commit(added)
    if (since) await store.commit(since)
    const request = madeRequest()

    expect(await store.commit(submission(request, { caller: who }))).toBe(outcome)

    expect(await store.request(request.id)).toEqual(outcome === 'applied' ? request : null)
  })

  test.each([
    ['as they were read', null, [agent], 'applied'],
    ['of which one was handed over since', handedOver, [agent], 'conflict'],
    ['of which one is not there', null, [agent, madeAgent()], 'conflict'],
  ] as const)('agents of a chain, %s → %s', async (_, since, read, outcome) => {
    const { store } = await open()
    const asking = { agent: madeAgent(), key: madeKey('agt_asking') }
    await store.commit(added)
    await store.commit({
      agents: [{ expected: null, next: asking.agent }],
      keys: [{ expected: null, next: asking.key }],
      entries: [],
    })
    if (since) await store.commit(since)
    const request = madeRequest()
    const agentsRead = read.map(({ id, version }) => ({ id, version }))

    expect(await store.commit(submission(request, { caller: asking, agentsRead }))).toBe(outcome)

    expect(await store.request(request.id)).toEqual(outcome === 'applied' ? request : null)
  })

  test.each([
    ['is over, although the reading was before', -1_000, 'conflict'],
    ['is still to come', 3_600_000, 'applied'],
  ] as const)('checked-at-use: with a key whose end %s', async (_, untilEnd, outcome) => {
    const { store } = await open()
    const expiresAt = new Date(Date.now() + untilEnd).toISOString()
    const ends = madeKey(agent.id, { expiresAt })
    await store.commit({ ...added, keys: [{ expected: null, next: ends }] })
    expect((await store.key(ends.id))?.key).toEqual(ends)

    const asked = submission(madeRequest(), { caller: { agent, key: ends } })

    expect(await store.commit(asked)).toBe(outcome)
  })

  test('agents are found by whoever owns them', async () => {
    const { store } = await open()
    const other = madeAgent({ owner: 'per_noor' })
    await store.commit({ agents: [agent, other].map((next) => ({ expected: null, next })), entries: [] })

    expect(await store.agentsOf(['per_noor', 'per_nobody'])).toEqual([other])
    expect(await store.agentsOf([])).toEqual([])
  })

  test('beside a resource, which is compared as well, also in the same instant', async () => {
    const { store } = await open()
    await store.commit(added)
    const resource = madeResource()
    const isRevoked: Change = {
      resources: [{ expected: 1, next: { ...resource, version: 2, status: 'revoked' } }],
      entries: [],
    }
    const asked = () => store.commit(submission(madeRequest(), { caller: { ...caller, resource } }))

    expect(await asked()).toBe('conflict')
    await store.commit({ resources: [{ expected: null, next: resource }], entries: [] })
    const outcomes = await Promise.all([asked(), store.commit(isRevoked), asked()])

    expect(outcomes).toEqual(['applied', 'applied', 'conflict'])
    expect(await asked()).toBe('conflict')
  })

  test('a revocation in the same instant counts for what comes after it', async () => {
    const { store } = await open()
    await store.commit(added)

    const outcomes = await Promise.all([
      store.commit(submission(madeRequest(), { caller })),
      store.commit(revoked),
      store.commit(submission(madeRequest(), { caller })),
    ])

    expect(outcomes).toEqual(['applied', 'applied', 'conflict'])
  })

  test('whoever remembers hears that one of them changed, and nothing of what is new', async () => {
    const { store } = await open()
    let woken = 0
    const stop = store.watch(registryTopic, () => {
      woken += 1
    })
    await store.commit(added)
    await store.commit(revoked)

    await expect.poll(() => woken).toBe(1)
    stop()
  })

  test('whoever may not ask any more does not hear that they asked before', async () => {
    const { store } = await open()
    await store.commit(added)
    const once = { idempotencyKey: 'once' }
    await store.commit(submission(madeRequest(once), { caller }))
    expect(await store.commit(submission(madeRequest(once), { caller }))).toBe('repeated')
    await store.commit(revoked)

    expect(await store.commit(submission(madeRequest(once), { caller }))).toBe('conflict')
  })
}

/** Everything that a person has, where all of it was read. */
export function comparesWhatPeopleHave(open: () => Promise<Subject>): void {
  const bob = madeAccount('per_bob')
  const second: Change = { accounts: [{ expected: null, next: madeAccount('per_bob') }], entries: [] }

  test.each([
    ['as many rows as were read', 1, null, 'applied'],
    ['one more since', 1, second, 'conflict'],
    ['one that is gone', 2, null, 'conflict'],
  ] as const)('%s: %i read → %s', async (_, rows, since, outcome) => {
    const { store } = await open()
    const request = madeRequest()
    await store.commit(submission(request))
    await store.commit({ accounts: [{ expected: null, next: bob }], entries: [] })
    if (since) await store.commit(since)
    const holdings = [{ person: 'per_bob', rows }] as const

    expect(await store.commit(approval(request, { holdings }))).toBe(outcome)
  })

  test('one more in the same instant counts for what comes after it', async () => {
    const { store } = await open()
    const [request, other] = [madeRequest(), madeRequest()]
    for (const one of [request, other]) await store.commit(submission(one))
    await store.commit({ accounts: [{ expected: null, next: bob }], entries: [] })
    const holdings = [{ person: 'per_bob', rows: 1 }] as const

    const outcomes = await Promise.all([
      store.commit(approval(request, { holdings })),
      store.commit(second),
      store.commit(approval(other, { holdings })),
    ])

    expect(outcomes).toEqual(['applied', 'applied', 'conflict'])
  })
}

/** What something was judged by, of who is who. */
export function keepsToWhoIsWho(open: () => Promise<Subject>): void {
  const bob = madeAccount('per_bob')
  const insert: Change = { accounts: [{ expected: null, next: bob }], entries: [] }
  const linked: Change = {
    accounts: [{ expected: 1, next: { ...bob, version: 2, person: 'per_alice' } }],
    entries: [],
  }

  test.each([
    ['a row that is as it was read', [{ id: bob.id, version: 1 }], 'applied'],
    ['a row that was not there and is not', [{ id: 'person:per_x', version: null }], 'applied'],
    ['a row that has changed since', [{ id: bob.id, version: 2 }], 'conflict'],
    ['a row that is there since', [{ id: bob.id, version: null }], 'conflict'],
    ['a row that was there and is not', [{ id: 'person:per_x', version: 1 }], 'conflict'],
    ['the same row, read twice as two', [1, 2].map((version) => ({ id: bob.id, version })), 'conflict'],
  ] as const)('by %s: %s → %s', async (_, links, outcome) => {
    const { store } = await open()
    const request = madeRequest()
    await store.commit(submission(request))
    await store.commit(insert)

    expect(await store.commit(approval(request, { links, delivery: 'click 1' }))).toBe(outcome)

    expect((await store.request(request.id))?.version).toBe(outcome === 'applied' ? 2 : 1)
    expect(await store.entries(request.id)).toHaveLength(outcome === 'applied' ? 2 : 1)
  })

  test('also when the link and the decision are committed in the same instant: the later of the two loses', async () => {
    const { store } = await open()
    const [request, other] = [madeRequest(), madeRequest()]
    await store.commit(submission(request))
    await store.commit(submission(other))
    await store.commit(insert)
    const links = [{ id: bob.id, version: 1 }]

    const outcomes = await Promise.all([
      store.commit(approval(request, { links })),
      store.commit(linked),
      store.commit(approval(other, { links })),
    ])

    expect(outcomes).toEqual(['applied', 'applied', 'conflict'])
  })
}
