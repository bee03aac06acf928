import { expect, test } from 'vitest'
import type { Delegation } from '../../src/approvals/delegations/records.ts'
import type { Subject } from './contract.ts'
import { at } from './made.ts'

export const madeDelegation: Delegation = {
  id: 'slack:T0ACME:U0PRIYA',
  version: 1,
  delegation: 'dlg_1',
  person: 'per_priya',
  delegate: 'slack:T0ACME:U0SAM',
  delegatePerson: 'per_sam',
  startedAt: at,
  until: '2026-11-27T17:00:00.000Z',
  ended: null,
}

/** Who is told in whose place: two replicas by which somebody goes away at once keep one answer. */
export function keepsDelegations(open: () => Promise<Subject>): void {
  test('an account has one delegation at a time, whoever else writes one, and the next takes its place', async () => {
    const { store } = await open()
    const { id } = madeDelegation
    expect(await store.delegation(id)).toBeNull()
    const begin = (delegate: string) =>
      store.commit({ delegations: [{ expected: null, next: { ...madeDelegation, delegate } }], entries: [] })

    const outcomes = await Promise.all([begin('slack:T0ACME:U0SAM'), begin('slack:T0ACME:U0BOB')])

    expect(outcomes.toSorted()).toEqual(['applied', 'conflict'])
    const kept = await store.delegation(id)
    expect(kept).toEqual({ ...madeDelegation, delegate: kept?.delegate })
    const next = { ...madeDelegation, version: 2, delegation: 'dlg_2', until: '2026-11-28T17:00:00.000Z' }
    const move = () => store.commit({ delegations: [{ expected: 1, next }], entries: [] })
    expect([await move(), await move()]).toEqual(['applied', 'conflict'])
    expect(await store.delegation(id)).toEqual(next)
  })

  test('delegations that are over, or were ended, are not in force', async () => {
    const { store } = await open()
    const other: Delegation = { ...madeDelegation, id: 'slack:T0ACME:U0OMAR', delegation: 'dlg_3' }
    for (const next of [madeDelegation, other])
      await store.commit({ delegations: [{ expected: null, next }], entries: [] })
    const before = new Date('2026-11-27T16:59:59.999Z')

    expect(await store.standingDelegations(before)).toEqual([other, madeDelegation])
    expect(await store.standingDelegations(new Date(madeDelegation.until))).toEqual([])

    const ended: Delegation = { ...other, version: 2, ended: { by: 'delegate', at } }
    await store.commit({ delegations: [{ expected: 1, next: ended }], entries: [] })

    expect(await store.standingDelegations(before)).toEqual([madeDelegation])
    expect(await store.delegation(other.id)).toEqual(ended)
  })

  test('whoever watches hears that a delegation began', async () => {
    const { store } = await open()
    let heard = 0
    const stop = store.watch('delegations', () => {
      heard += 1
    })

    await store.commit({ delegations: [{ expected: null, next: madeDelegation }], entries: [] })

    await expect.poll(() => heard).toBe(1)
    stop()
  })
}
