import { expect, test } from 'vitest'
import type { Subject } from './contract.ts'
import { madeAccount, newId } from './made.ts'

/** How accounts were when they were last looked at: of two replicas that find a change at once, one notes it. */
export function keepsSeenAccounts(open: () => Promise<Subject>): void {
  test('an account as it was seen is noted once, moves by its version, and is found by its address', async () => {
    const { store } = await open()
    const [id, address] = [newId('slack:T0ACME:U'), newId('digest-')]
    const dueAt = '2026-11-24T14:00:00.000Z'
    const seen = { id, version: 1, address, active: true, other: null, doubted: false, dueAt }
    expect([await store.seenAccount(id), await store.seenWith(address, 'nobody')]).toEqual([null, []])

    const first = () => store.noteSeen({ expected: null, next: seen })
    expect((await Promise.all([first(), first()])).toSorted()).toEqual([false, true])
    const next = { ...seen, version: 2, other: 'slack:T0ACME:U0OTHER', doubted: true }
    const move = () => store.noteSeen({ expected: 1, next })
    expect((await Promise.all([move(), move()])).toSorted()).toEqual([false, true])

    expect(await store.seenAccount(id)).toEqual(next)
    expect(await store.seenWith(address, 'nobody')).toEqual([next])
    expect(await store.seenWith(address, id)).toEqual([])
    await store.noteSeen({ expected: 2, next: { ...next, version: 3, active: false } })
    expect(await store.seenWith(address, 'nobody')).toEqual([])
  })

  test('those whom nobody has looked at come first, then whose turn has been for longest; never ids that were given up', async () => {
    const { store } = await open()
    const person = newId('per_')
    const made = [madeAccount(person), madeAccount(person), madeAccount(person, { id: `person:${person}` })]
    await store.commit({ accounts: made.map((next) => ({ expected: null, next })), entries: [] })
    const [one, other] = made.map(({ id }) => id)
    const turn = async (now: string) => {
      const due = await store.accountsToLookAt(new Date(now), 1_000)
      return due.filter((id) => id === one || id === other || id === `person:${person}`)
    }
    const at = (minute: number) => `1999-12-31T23:0${minute}:00.000Z`
    const note = (id: string | undefined, dueAt: string) =>
      store.noteSeen({
        expected: null,
        next: { id: id ?? '', version: 1, address: null, active: true, other: null, doubted: false, dueAt },
      })

    expect(await turn(at(0))).toEqual([one, other].sort())
    await note(one, at(2))
    expect(await turn(at(1))).toEqual([other])
    expect(await turn(at(2))).toEqual([other, one])
    await note(other, at(1))
    expect(await turn(at(2))).toEqual([other, one])
    expect(await turn(at(1))).toEqual([other])
    expect((await store.accountsToLookAt(new Date(), 1)).length).toBe(1)
  })
}
