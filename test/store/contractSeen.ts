import { expect, test } from 'vitest'
import type { Subject } from './contract.ts'
import { madeAccount, newId } from './made.ts'

/** How accounts were when they were last looked at: of two replicas that find a change at once, one notes it. */
export function keepsSeenAccounts(open: () => Promise<Subject>): void {
  test('an account as it was seen is noted once, moves by its version, and is found by its address', async () => {
    const { store } = await open()
    const [id, address] = [newId('slack:T0ACME:U'), newId('digest-')]
    const seen = { id, version: 1, address, active: true }
    expect([await store.seenAccount(id), await store.seenWith(address, 'nobody')]).toEqual([null, []])

    const first = () => store.noteSeen({ expected: null, next: seen })
    expect((await Promise.all([first(), first()])).toSorted()).toEqual([false, true])
    const next = { ...seen, version: 2, active: false }
    const move = () => store.noteSeen({ expected: 1, next })
    expect((await Promise.all([move(), move()])).toSorted()).toEqual([false, true])

    expect(await store.seenAccount(id)).toEqual(next)
    expect(await store.seenWith(address, 'nobody')).toEqual([next])
    expect(await store.seenWith(address, id)).toEqual([])
    await store.noteSeen({ expected: 2, next: { ...next, version: 3, address: null } })
    expect(await store.seenWith(address, 'nobody')).toEqual([])
  })

  test('accounts come in the order of their keys, a page at a time, without ids that were given up', async () => {
    const { store } = await open()
    const person = newId('per_')
    const made = [madeAccount(person), madeAccount(person), madeAccount(person, { id: `person:${person}` })]
    await store.commit({ accounts: made.map((next) => ({ expected: null, next })), entries: [] })

    const found: string[] = []
    let after: string | null = null
    for (;;) {
      const page = await store.accountsAfter(after, 2)
      found.push(...page.map(({ id }) => id))
      after = page.at(-1)?.id ?? null
      if (page.length < 2) break
    }

    expect(found).toEqual([...new Set(found)].sort())
    const [one, other] = made
    expect(found).toEqual(expect.arrayContaining([one?.id, other?.id]))
    expect(found.filter((id) => id.startsWith('person:'))).toEqual([])
  })
}
