import { expect, test } from 'vitest'
import type { Change } from '../../src/approvals/change.ts'
import type { Store } from '../../src/approvals/ports.ts'
import type { Versioned } from '../../src/approvals/records.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import type { Subject } from './contract.ts'
import { approval, approved, madeLine, madeRequest, submission } from './made.ts'
import {
  madeDelivery,
  madeExecution,
  madeGrant,
  madeLease,
  madeResource,
  madeSigningKey,
  madeStop,
  madeWebhook,
  redemption,
  resumed,
} from './madeGrants.ts'

const moving = (before: ActionRequest, given: Partial<ActionRequest>): Change => ({
  request: { expected: before.version, next: { ...before, version: before.version + 1, ...given } },
  entries: [madeLine({ request: before.id, type: 'request.approved' })],
})

async function releasedIn(store: Store): Promise<ActionRequest> {
  const request = madeRequest()
  await store.commit(submission(request))
  await store.commit(approval(request))
  return approved(request)
}

/** What follows an approval: grants, what redeems them, what was reported, what stops and what is told. */
export function keepsGrants(open: () => Promise<Subject>): void {
  test('a grant, its redemption and reports come back as they were written', async () => {
    const { store } = await open()
    const before = await releasedIn(store)
    const grant = madeGrant(before.id)
    const granted = { ...before, version: 3, grant }
    const executing: ActionRequest = {
      ...granted,
      version: 4,
      state: 'executing',
      grant: { ...grant, redeemed: redemption },
    }
    const done: ActionRequest = {
      ...executing,
      version: 5,
      state: 'succeeded',
      executions: [madeExecution({ state: 'started' }), madeExecution()],
    }
    for (const next of [granted, executing, done]) {
      expect(
        await store.commit({ request: { expected: next.version - 1, next }, entries: [madeLine()] }),
      ).toBe('applied')
      expect(await store.request(before.id)).toEqual(next)
    }
  })

  test('what an approval was taken back by, where it is told and what it undoes comes back too', async () => {
    const { store } = await open()
    const request = madeRequest({ rollsBack: 'req_earlier', callbackUrl: 'https://agents.acme.test/hooks' })
    await store.commit(submission(request))
    await store.commit(approval(request))
    await store.commit(moving(approved(request), { state: 'revoked', revokedBy: 'approver' }))

    expect(await store.request(request.id)).toMatchObject({
      rollsBack: 'req_earlier',
      callbackUrl: 'https://agents.acme.test/hooks',
      state: 'revoked',
      revokedBy: 'approver',
      outcome: 'Approved.',
    })
  })

  test('an action that policy allows may begin with its grant', async () => {
    const { store } = await open()
    const { id, ...request } = madeRequest({ state: 'approved', settledAt: null })
    const next = { id, ...request, grant: madeGrant(id) }

    expect(await store.commit(submission(next))).toBe('applied')
    expect(await store.request(id)).toEqual(next)
  })

  test('of two that mint at once one does', async () => {
    const { store } = await open()
    const before = await releasedIn(store)
    const mint = () => store.commit(moving(before, { grant: madeGrant(before.id) }))

    expect((await Promise.all([mint(), mint()])).sort()).toEqual(['applied', 'conflict'])
  })

  keepsRecords(open)
  comparesStops(open)
  listsPages(open)
}

/** Each kind of record: inserted, read, replaced by who has seen it, and by nobody else. */
function keepsRecords(open: () => Promise<Subject>): void {
  const kinds: readonly {
    readonly name: string
    readonly made: Versioned
    readonly changed: Versioned
    readonly change: (expected: number | null, next: never) => Partial<Change>
    readonly read: (store: Store, id: string) => Promise<Versioned | null | undefined>
  }[] = [
    {
      name: 'signing key',
      made: madeSigningKey({ status: 'active' }),
      changed: madeSigningKey({ status: 'retired', sealed: null, since: '2026-11-25T14:00:00.000Z' }),
      change: (expected, next) => ({ signingKeys: [{ expected, next }] }),
      read: async (store, id) => (await store.signingKeys()).find((one) => one.id === id),
    },
    {
      name: 'resource',
      made: madeResource({ name: 'warehouse' }),
      changed: madeResource({
        name: 'warehouse',
        status: 'revoked',
        earlier: { secretHash: '1', until: '2026-11-25T14:00:00.000Z' },
      }),
      change: (expected, next) => ({ resources: [{ expected, next }] }),
      read: (store, id) => store.resource(id),
    },
    {
      name: 'stop',
      made: madeStop(),
      changed: madeStop({ resumed }),
      change: (expected, next) => ({ stops: [{ expected, next }] }),
      read: (store, id) => store.stop(id),
    },
    {
      name: 'webhook',
      made: madeWebhook(),
      changed: madeWebhook({
        status: 'removed',
        events: [],
        earlier: { sealed: 'one', until: '2026-11-25T14:00:00.000Z' },
      }),
      change: (expected, next) => ({ webhooks: [{ expected, next }] }),
      read: (store, id) => store.webhook(id),
    },
    {
      name: 'webhook delivery',
      made: madeDelivery(),
      changed: madeDelivery({
        state: 'dead',
        attempts: 9,
        last: 'it answered 500',
        endedAt: '2026-11-25T14:00:00.000Z',
      }),
      change: (expected, next) => ({ webhookDeliveries: [{ expected, next }] }),
      read: (store, id) => store.webhookDelivery(id),
    },
    {
      name: 'lease',
      made: madeLease(),
      changed: madeLease({
        state: 'ended',
        sealed: 'sealed',
        endedAt: '2026-11-25T14:00:00.000Z',
        ending: 'by_hand',
      }),
      change: (expected, next) => ({ leases: [{ expected, next }] }),
      read: (store, id) => store.lease(id),
    },
  ]
  test.each(kinds)('a $name is kept by its versions', async ({ made, changed, change, read }) => {
    const { store } = await open()
    const write = (expected: number | null, next: Versioned) =>
      store.commit({ ...change(expected, next as never), entries: [] })
    const second = { ...changed, id: made.id, version: 2 }

    expect(await write(null, made)).toBe('applied')
    expect(await read(store, made.id)).toEqual(made)
    expect(await write(null, made)).toBe('conflict')
    expect(await write(1, second)).toBe('applied')
    expect(await read(store, made.id)).toEqual(second)
    expect(await write(1, second)).toBe('conflict')
    expect(await read(store, 'nobody')).toBeFalsy()
  })

  test('one key signs: another takes its place in the same change, or not at all', async () => {
    const { store } = await open()
    const [first, second] = [madeSigningKey({ status: 'active' }), madeSigningKey()]
    const [retired, active] = [
      { ...first, version: 2, status: 'retired' },
      { ...second, version: 2, status: 'active' },
    ] as const
    await store.commit({ signingKeys: [{ expected: null, next: first }], entries: [] })
    await store.commit({ signingKeys: [{ expected: null, next: second }], entries: [] })

    expect(
      await store.commit({
        signingKeys: [
          { expected: 1, next: active },
          { expected: 1, next: retired },
        ],
        entries: [],
      }),
    ).toBe('applied')
    expect((await store.signingKeys()).map(({ status }) => status)).toEqual(['retired', 'active'])
  })

  test('of two that make the first key at once one does', async () => {
    const { store } = await open()
    const first = () =>
      store.commit({
        signingKeys: [{ expected: null, next: madeSigningKey({ status: 'active' }) }],
        entries: [],
      })

    expect((await Promise.all([first(), first()])).sort()).toEqual(['applied', 'conflict'])
  })

  test('resources have names of their own, and are found by them', async () => {
    const { store } = await open()
    const one = madeResource({ name: 'warehouse' })
    await store.commit({ resources: [{ expected: null, next: one }], entries: [] })

    expect(await store.resource('warehouse')).toEqual(one)
    const another = madeResource({ name: 'warehouse' })
    expect(await store.commit({ resources: [{ expected: null, next: another }], entries: [] })).toBe(
      'conflict',
    )
    expect(await store.resources()).toEqual([one])
  })
}

/** A stop holds from its own commit on (threats: stale-replica). */
function comparesStops(open: () => Promise<Subject>): void {
  const stopping = (stop = madeStop()): Change => ({ stops: [{ expected: null, next: stop }], entries: [] })
  const allowing = (stopsRead: number) => submission(madeRequest(), { stopsRead })

  test('what was judged before a stop is a conflict, and what was judged by it is not', async () => {
    const { store } = await open()
    expect(await store.standingStops()).toEqual({ stops: [], read: 0 })
    expect(await store.commit(allowing(0))).toBe('applied')
    const stop = madeStop()
    await store.commit(stopping(stop))

    expect(await store.commit(allowing(0))).toBe('conflict')
    expect(await store.commit(allowing(1))).toBe('applied')
    expect(await store.standingStops()).toEqual({ stops: [stop], read: 1 })
  })

  test('a resumed stop does not stand, and what was judged by it while it did is still written', async () => {
    const { store } = await open()
    const stop = madeStop()
    await store.commit(stopping(stop))
    await store.commit({ stops: [{ expected: 1, next: { ...stop, version: 2, resumed } }], entries: [] })

    expect(await store.standingStops()).toEqual({ stops: [], read: 1 })
    expect(await store.commit(allowing(1))).toBe('applied')
  })

  test('what is committed in the same instant counts in its order', async () => {
    const { store } = await open()

    const outcomes = await Promise.all([
      store.commit(allowing(0)),
      store.commit(stopping()),
      store.commit(allowing(0)),
      store.commit(allowing(1)),
    ])

    expect(outcomes).toEqual(['applied', 'applied', 'conflict', 'applied'])
  })
}

function listsPages(open: () => Promise<Subject>): void {
  test('deliveries and leases are listed newest first, by pages, of one state or one request', async () => {
    const { store } = await open()
    const deliveries = [madeDelivery(), madeDelivery({ state: 'dead', request: 'req_2' }), madeDelivery()]
    const [, dead] = deliveries
    const leases = [madeLease(), madeLease({ state: 'out', request: 'req_2' }), madeLease({ state: 'ended' })]
    for (const next of deliveries)
      await store.commit({ webhookDeliveries: [{ expected: null, next }], entries: [] })
    for (const next of leases) await store.commit({ leases: [{ expected: null, next }], entries: [] })

    expect(await store.webhookDeliveries({ limit: 2 })).toEqual([deliveries[2], dead])
    expect(await store.webhookDeliveries({ limit: 2, before: dead?.id ?? '' })).toEqual([deliveries[0]])
    expect(await store.webhookDeliveries({ limit: 2, state: 'dead' })).toEqual([dead])
    expect(await store.webhookDeliveries({ limit: 2, request: 'req_2' })).toEqual([dead])
    expect(await store.leases({ limit: 5, states: ['issuing', 'out'] })).toEqual([leases[1], leases[0]])
    expect(await store.leases({ limit: 5, request: 'req_2' })).toEqual([leases[1]])
  })

  test('stops and webhooks are listed', async () => {
    const { store } = await open()
    const stops = [madeStop({ scope: { kind: 'agent', agent: 'agt_1' } }), madeStop()]
    for (const next of stops) await store.commit({ stops: [{ expected: null, next }], entries: [] })
    const webhooks = [madeWebhook(), madeWebhook({ status: 'removed' })]
    for (const next of webhooks) await store.commit({ webhooks: [{ expected: null, next }], entries: [] })

    expect(await store.stops({ limit: 5 })).toEqual([stops[1], stops[0]])
    expect(await store.stops({ limit: 1, before: stops[1]?.id ?? '' })).toEqual([stops[0]])
    expect(await store.webhooks()).toEqual([webhooks[0]])
  })
}
