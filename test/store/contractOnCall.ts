import { expect, test } from 'vitest'
import type { OnCallLink } from '../../src/approvals/records.ts'
import type { Subject } from './contract.ts'
import { at } from './made.ts'

export const madeOnCallLink: OnCallLink = {
  id: 'pagerduty:PGRACE',
  version: 1,
  account: 'slack:T0ACME:U0GRACE',
  email: 'a'.repeat(64),
  otherEmail: null,
  linkedAt: at,
}

/** Who a user of an on-call service is: two replicas that find them at once keep one answer. */
export function keepsOnCallLinks(open: () => Promise<Subject>): void {
  test('a link of an on-call service is kept once, moves by its version, and can be taken back', async () => {
    const { store } = await open()
    expect([await store.onCallLink(madeOnCallLink.id), await store.onCallLinks()]).toEqual([null, []])
    const find = (account: string) =>
      store.commit({ onCallLinks: [{ expected: null, next: { ...madeOnCallLink, account } }], entries: [] })

    const outcomes = await Promise.all([find('slack:T0ACME:U0GRACE'), find('slack:T0ACME:U0NOOR')])

    expect(outcomes.toSorted()).toEqual(['applied', 'conflict'])
    const kept = await store.onCallLink(madeOnCallLink.id)
    expect(kept).toEqual({ ...madeOnCallLink, account: kept?.account })
    const next = { ...madeOnCallLink, version: 2, account: null, otherEmail: 'b'.repeat(64) }
    const move = () => store.commit({ onCallLinks: [{ expected: 1, next }], entries: [] })
    expect([await move(), await move()]).toEqual(['applied', 'conflict'])
    expect(await store.onCallLinks()).toEqual([next])
  })
}
