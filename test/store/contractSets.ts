import { expect, test } from 'vitest'
import type { Subject } from './contract.ts'
import { madeLine, madeRequest, submission } from './made.ts'

const idOf = (nth: number) => `set_${nth}`
let made = 0

/** Three requests of one set, of which two share a card. */
async function setIn({ store }: Subject) {
  made += 1
  const id = `${idOf(made)}${Date.now()}`
  const requests = [madeRequest(), madeRequest(), madeRequest({ state: 'approved' })]
  const [first, second, third] = requests.map((one, nth) => ({
    ...one,
    set: { id, card: nth === 1 ? (requests[0]?.id ?? '') : one.id },
  }))
  if (!first || !second || !third) throw new Error('three were made')
  const members = [second, third].map((next) => ({ expected: null, next }))
  const committed = await store.commit({ ...submission(first), members })
  return { id, first, second, third, committed }
}

export function keepsSets(open: () => Promise<Subject>): void {
  test('the requests of a set are made together, and read together in order', async () => {
    const subject = await open()

    const { id, first, second, third, committed } = await setIn(subject)

    expect(committed).toBe('applied')
    expect((await subject.store.setOf(id)).map((one) => one.id)).toEqual([first.id, second.id, third.id])
    expect(await subject.store.setOf('set_other')).toEqual([])
  })

  test('none of them is made where one cannot be', async () => {
    const subject = await open()
    const there = madeRequest()
    await subject.store.commit(submission(there))
    const first = madeRequest({ set: { id: 'set_half', card: 'req_half' } })

    const members = [{ expected: null, next: { ...there, set: { id: 'set_half', card: there.id } } }]
    expect(await subject.store.commit({ ...submission(first), members })).not.toBe('applied')

    expect(await subject.store.setOf('set_half')).toEqual([])
  })

  test('one commit moves several, or none', async () => {
    const subject = await open()
    const { id, first, second } = await setIn(subject)
    const moved = (one: typeof first) => ({ expected: 1, next: { ...one, version: 2, outcome: 'moved' } })

    const stale = { ...moved(second), expected: 4, next: { ...second, version: 5 } }
    expect(await subject.store.commit({ request: moved(first), members: [stale], entries: [] })).toBe(
      'conflict',
    )
    expect((await subject.store.setOf(id)).map(({ version }) => version)).toEqual([1, 1, 1])
    const both = { request: moved(first), members: [moved(second)], entries: [] }
    expect(await subject.store.commit(both)).toBe('applied')
    expect((await subject.store.setOf(id)).map(({ version }) => version)).toEqual([2, 2, 1])
  })

  test('what is told of the one that carries a card has what happens to all that it lists', async () => {
    const subject = await open()
    const { first, second, third } = await setIn(subject)
    const lines = [first, second, third].map((one) => madeLine({ request: one.id }))
    await subject.store.commit({ entries: lines })

    const told = await subject.store.toldRequest(first.id)
    const other = await subject.store.toldRequest(second.id)

    const about = (entries: readonly { readonly request: string | null }[] = []) =>
      new Set(entries.map(({ request }) => request))
    expect(about(told?.entries)).toEqual(new Set([first.id, second.id]))
    expect(about(other?.entries)).toEqual(new Set([second.id]))
  })

  test('one commit remembers several denials', async () => {
    const { store } = await open()
    const at = '2026-11-24T14:00:00.000Z'
    const of = (digest: 'sha256:one' | 'sha256:two') => ({
      agent: 'agt_1',
      digest,
      request: 'req_1',
      person: 'per_bob',
      at,
    })

    await store.commit({ coolDowns: [of('sha256:one'), of('sha256:two')], entries: [] })

    expect(await store.coolDown('agt_1', 'sha256:one')).toMatchObject({ request: 'req_1' })
    expect(await store.coolDown('agt_1', 'sha256:two')).toMatchObject({ request: 'req_1' })
  })
}
