import { expect, test } from 'vitest'
import { madePersonalToken } from './made.ts'
import { opened } from './opened.ts'

test.each([
  ['before', 3_600_000, 'applied'],
  ['after', -1, 'conflict'],
] as const)(
  'checked-at-use: what is done by a token %s its end is written by the time of the commit, whatever was read',
  async (_, untilEnd, outcome) => {
    const { store } = await opened()
    const token = madePersonalToken({ endsAt: new Date(Date.now() + untilEnd).toISOString() })
    await store.commit({ personalTokens: [{ expected: null, next: token }], entries: [] })
    const tokenRead = { id: token.id, version: 1 }

    expect(await store.commit({ tokenRead, entries: [] })).toBe(outcome)

    // Its first use within an hour writes the token, too.
    const next = { ...token, version: 2, usedAt: token.createdAt }
    const use = { tokenRead, personalTokens: [{ expected: 1, next }], entries: [] }
    expect(await store.commit(use)).toBe(outcome)
  },
)
