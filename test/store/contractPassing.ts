import { expect, test } from 'vitest'
import type { Change } from '../../src/approvals/change.ts'
import type { Subject } from './contract.ts'
import { approval, madeRequest, submission } from './made.ts'
import { madeDelivery, madeSigningKey } from './madeGrants.ts'

/** What passes: keys that are withdrawn, proofs that count once, messages that have been told. */
export function countsWhatPasses(open: () => Promise<Subject>): void {
  comparesSigningKeys(open)
  countsProofsOnce(open)
  forgetsDeliveries(open)
}

function comparesSigningKeys(open: () => Promise<Subject>): void {
  test('the key that something was judged by is compared, also in the same instant', async () => {
    const { store } = await open()
    const key = madeSigningKey({ status: 'retired' })
    const withdrawn = { ...key, version: 2, sealed: null }
    const judged = (version = 1) => store.commit({ signedBy: { id: key.id, version }, entries: [] })

    expect(await judged(), 'one that is not there').toBe('conflict')
    await store.commit({ signingKeys: [{ expected: null, next: key }], entries: [] })
    const outcomes = await Promise.all([
      judged(),
      store.commit({ signingKeys: [{ expected: 1, next: withdrawn }], entries: [] }),
      judged(),
    ])

    expect(outcomes).toEqual(['applied', 'applied', 'conflict'])
    expect([await judged(), await judged(2)]).toEqual(['conflict', 'applied'])
  })
}

function countsProofsOnce(open: () => Promise<Subject>): void {
  test('a proof counts once, also in the same instant; with a change that was not written it has not counted', async () => {
    const { store } = await open()
    const request = madeRequest()
    await store.commit(submission(request))
    const proved = (proof: string, given: Partial<Change> = {}) =>
      store.commit({ entries: [], ...given, proof })

    expect(await proved('one', approval(madeRequest()))).toBe('conflict')
    const outcomes = await Promise.all([proved('one'), proved('one'), proved('two')])
    expect(outcomes.toSorted()).toEqual(['applied', 'applied', 'shown'])
    expect(await proved('one', approval(request))).toBe('shown')
    expect(await store.request(request.id)).toEqual(request)
    // It has nothing to do with what was answered before.
    expect(await proved('three', { delivery: 'one' })).toBe('applied')
    expect(await proved('four', { delivery: 'one' })).toBe('duplicate')
    expect(await proved('four')).toBe('applied')
  })
}

/** Messages that have ended are removed by age: they are no record. */
function forgetsDeliveries(open: () => Promise<Subject>): void {
  test('messages that ended long ago are forgotten, the oldest first, and so many at a time', async () => {
    const { store } = await open()
    const ended = (id: string, state: 'delivered' | 'dead' | 'waiting', endedAt: string | null) =>
      madeDelivery({ id, state, endedAt })
    const made = [
      ended('msg_1', 'delivered', '2026-11-24T14:00:00.002Z'),
      ended('msg_2', 'delivered', '2026-11-24T14:00:00.001Z'),
      ended('msg_3', 'delivered', '2026-11-24T14:00:00.003Z'),
      ended('msg_4', 'dead', '2026-11-24T14:00:00.001Z'),
      ended('msg_5', 'waiting', null),
    ]
    await store.commit({
      webhookDeliveries: made.map((next) => ({ expected: null, next })),
      entries: [],
    })
    const left = async () => (await store.webhookDeliveries({ limit: 10 })).map(({ id }) => id).sort()
    const forget = (limit: number) =>
      store.forgetDeliveries({ state: 'delivered', endedBefore: '2026-11-24T14:00:00.003Z', limit })

    expect(await forget(1)).toBe(1)
    expect(await left()).toEqual(['msg_1', 'msg_3', 'msg_4', 'msg_5'])
    expect(await forget(10)).toBe(1)
    expect(await forget(10)).toBe(0)
    expect(await left()).toEqual(['msg_3', 'msg_4', 'msg_5'])
  })
}
