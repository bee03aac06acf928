import { expect, test } from 'vitest'
import type { Subject } from './contract.ts'
import {
  at,
  madeAccount,
  madeAuditorKey,
  madeConfirmation,
  madeOperatorKey,
  madePersonalToken,
} from './made.ts'

/** What is claimed in people's names, and what they have answered. */
export function keepsClaims(open: () => Promise<Subject>): void {
  test('accounts keep what is only claimed of them, what joined them and from whom they were parted', async () => {
    const { store } = await open()
    const joined = madeAccount('per_1', { claimedFrom: 'per_2', joined: ['per_3', 'per_2'] })
    const own = madeAccount('per_4', {
      id: 'person:per_4',
      parted: [
        { from: 'per_1', at },
        { from: 'per_2', at },
      ],
    })
    await store.commit({ accounts: [joined, own].map((next) => ({ expected: null, next })), entries: [] })
    const confirmed = { ...joined, version: 2, claimedFrom: null, joined: [] }
    await store.commit({ accounts: [{ expected: 1, next: confirmed }], entries: [] })

    expect(await store.account(joined.id)).toEqual(confirmed)
    expect(await store.account(own.id)).toEqual(own)
  })

  test('claims are found by id and by what they are about', async () => {
    const { store } = await open()
    const [first, second, other] = [
      madeConfirmation('agt_1'),
      madeConfirmation('agt_1'),
      madeConfirmation('agt_2'),
    ]
    await store.commit({
      confirmations: [first, second, other].map((next) => ({ expected: null, next })),
      entries: [],
    })
    const [asked] = first.asked
    if (!asked) throw new Error('somebody is asked')
    const answered = {
      ...first,
      version: 2,
      state: 'confirmed',
      asked: [{ ...asked, answer: 'confirmed', message: 'D1/17.5' }],
    } as const
    await store.commit({ confirmations: [{ expected: 1, next: answered }], entries: [] })

    expect(await store.confirmation(first.id)).toEqual(answered)
    expect(await store.confirmation('cnf_none')).toBeNull()
    expect(await store.confirmationsAbout('agt_1')).toEqual([second, answered])
    expect(await store.confirmationsAbout('agt_2')).toEqual([other])
  })

  test('keys of operators are found by id, and change', async () => {
    const { store } = await open()
    const key = madeOperatorKey()
    await store.commit({ operatorKeys: [{ expected: null, next: key }], entries: [] })
    const used = { ...key, version: 2, status: 'active', usedAt: at } as const
    await store.commit({ operatorKeys: [{ expected: 1, next: used }], entries: [] })

    expect(await store.operatorKey(key.id)).toEqual(used)
    expect(await store.operatorKeys()).toEqual([used])
    expect(await store.operatorKey('opk_none')).toBeNull()
  })

  test('keys of auditors are found by id and listed by pages, and change', async () => {
    const { store } = await open()
    const [first, second] = [madeAuditorKey(), madeAuditorKey({ follows: 'adk_0' })]
    for (const next of [first, second])
      await store.commit({ auditorKeys: [{ expected: null, next }], entries: [] })
    const used = { ...first, version: 2, status: 'active', usedAt: at } as const
    await store.commit({ auditorKeys: [{ expected: 1, next: used }], entries: [] })

    expect(await store.auditorKey(first.id)).toEqual(used)
    expect(await store.auditorKey('adk_none')).toBeNull()
    expect(await store.auditorKeys({ limit: 1 })).toEqual([second])
    expect(await store.auditorKeys({ limit: 5, before: second.id })).toEqual([used])
  })

  test('tokens of people are found by id, by account while they live, and by pages', async () => {
    const { store } = await open()
    const [first, second] = [madePersonalToken(), madePersonalToken({ account: 'slack:T0ACME:U0SAM' })]
    const over = madePersonalToken({ endsAt: '2026-11-26T00:00:00.000Z' })
    for (const next of [first, second, over])
      await store.commit({ personalTokens: [{ expected: null, next }], entries: [] })
    const used = { ...first, version: 2, usedAt: at } as const
    const accounts = [first.account, second.account]
    const now = new Date('2026-12-01T00:00:00.000Z')

    expect(await store.commit({ personalTokens: [{ expected: 1, next: used }], entries: [] })).toBe('applied')

    expect(await store.personalToken(first.id)).toEqual(used)
    expect(await store.personalToken('ptk_none')).toBeNull()
    expect(await store.personalTokensOf(accounts, now)).toEqual([second, used])
    expect(await store.personalTokensOf([first.account], now)).toEqual([used])
    expect(await store.personalTokens({ limit: 2 })).toEqual([over, second])
    expect(await store.personalTokens({ limit: 5, before: second.id })).toEqual([used])
    const revoked = { ...second, version: 2, status: 'revoked' } as const
    await store.commit({ personalTokens: [{ expected: 1, next: revoked }], entries: [] })
    expect(await store.personalTokensOf(accounts, now)).toEqual([used])
  })

  test('what was done by a token is written only as long as the token is as it was read', async () => {
    const { store } = await open()
    const token = madePersonalToken({ endsAt: new Date(Date.now() + 3_600_000).toISOString() })
    const { id } = token
    const by = (version: number) => store.commit({ tokenRead: { id, version }, entries: [] })

    expect(await by(1)).toBe('conflict')
    await store.commit({ personalTokens: [{ expected: null, next: token }], entries: [] })
    expect(await by(1)).toBe('applied')

    const revoke = { ...token, version: 2, status: 'revoked' } as const
    // Also where both are sent together, in this order.
    const both = [store.commit({ personalTokens: [{ expected: 1, next: revoke }], entries: [] }), by(1)]
    expect(await Promise.all(both)).toEqual(['applied', 'conflict'])
    expect(await by(2)).toBe('applied')
  })
}
