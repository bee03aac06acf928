import { expect, test } from 'vitest'
import { mostAlike } from '../../src/core/set.ts'
import type { Subject } from './contract.ts'
import { approved, madeRequest, newId, submission } from './made.ts'

const ask = 'sha256:same'

/** One that its agent asks with the same as all others of it. */
function asked(agent: string, change: Parameters<typeof submission>[1] = {}) {
  const request = madeRequest()
  return submission({ ...request, agent: { ...request.agent, id: agent } }, { ask, ...change })
}

async function commitAsked({ store }: Subject, agent: string, change: Parameters<typeof asked>[1] = {}) {
  const one = asked(agent, change)
  const committed = await store.commit(one)
  return { id: one.request?.next.id ?? '', committed }
}

export function sharesCards(open: () => Promise<Subject>): void {
  const placesOf = async ({ store }: Subject, carrier: string) =>
    (await store.alikeOn(carrier)).map(({ id, alike }) => [id, alike?.card, alike?.line])

  test('what its agent asks again while the same waits stands on that card, line by line', async () => {
    const subject = await open()
    const agent = newId('agt')
    const first = await commitAsked(subject, agent)

    const second = await commitAsked(subject, agent)
    const third = await commitAsked(subject, agent)

    expect((await subject.store.request(first.id))?.alike).toBeUndefined()
    expect(await placesOf(subject, first.id)).toEqual([
      [second.id, first.id, 2],
      [third.id, first.id, 3],
    ])
    expect(await placesOf(subject, second.id)).toEqual([])
    const told = [first, second].map(({ id }) => subject.store.toldRequest(id))
    expect((await Promise.all(told)).map((one) => one?.isShared)).toEqual([true, false])
  })

  test('of ten at once one has the card', async () => {
    const subject = await open()
    const agent = newId('agt')

    const all = await Promise.all(Array.from({ length: 10 }, () => commitAsked(subject, agent)))

    expect(all.map(({ committed }) => committed)).toEqual(Array(10).fill('applied'))
    const cards = await Promise.all(all.map(async ({ id }) => (await subject.store.request(id))?.alike?.card))
    const [carrier] = all.filter((_, nth) => cards[nth] === undefined)
    expect(cards.filter((card) => card === carrier?.id)).toHaveLength(9)
    const lines = (await subject.store.alikeOn(carrier?.id ?? '')).map(({ alike }) => alike?.line)
    expect(lines).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10])
  })

  test('another agent, another ask and none stand on cards of their own', async () => {
    const subject = await open()
    const agent = newId('agt')
    const first = await commitAsked(subject, agent)
    await commitAsked(subject, newId('agt'))
    await commitAsked(subject, agent, { ask: 'sha256:other' })
    const { ask: _, ...without } = asked(agent)
    await subject.store.commit(without)

    expect(await placesOf(subject, first.id)).toEqual([])
  })

  test('a card has twenty lines; the next has a card of its own, which those after it share', async () => {
    const subject = await open()
    const agent = newId('agt')
    const all: { readonly id: string }[] = []
    for (let nth = 0; nth < mostAlike + 2; nth += 1) all.push(await commitAsked(subject, agent))

    const [first, twentyFirst, last] = [all[0], all[mostAlike], all[mostAlike + 1]]
    expect(await subject.store.alikeOn(first?.id ?? '')).toHaveLength(mostAlike - 1)
    expect(await placesOf(subject, twentyFirst?.id ?? '')).toEqual([[last?.id, twentyFirst?.id, 2]])
  })

  test('the card goes on while one of its lines waits, whichever; when none does, there is another', async () => {
    const subject = await open()
    const { store } = subject
    const agent = newId('agt')
    const first = await commitAsked(subject, agent)
    const second = await commitAsked(subject, agent)
    const settle = async (id: string) => {
      const request = await store.request(id)
      if (!request) throw new Error('it was asked')
      const moved = { request: { expected: request.version, next: approved(request) }, entries: [] }
      expect(await store.commit(moved)).toBe('applied')
    }
    await settle(first.id)

    const third = await commitAsked(subject, agent)

    expect(await placesOf(subject, first.id)).toEqual([
      [second.id, first.id, 2],
      [third.id, first.id, 3],
    ])
    await settle(second.id)
    await settle(third.id)
    const fourth = await commitAsked(subject, agent)
    expect((await store.request(fourth.id))?.alike).toBeUndefined()
    // What was settled still stands there.
    expect((await store.alikeOn(first.id)).map(({ state }) => state)).toEqual(['approved', 'approved'])
  })

  test('nothing comes to stand on a card about which somebody has said something', async () => {
    const subject = await open()
    const agent = newId('agt')
    const first = await commitAsked(subject, agent)
    const request = await subject.store.request(first.id)
    if (!request) throw new Error('it was asked')
    const note = {
      id: 'note_1',
      kind: 'question',
      by: 'per_bob',
      account: 'slack:T0ACME:U0BOB',
      via: 'slack',
      text: 'Why?',
      at: request.createdAt,
    } as const
    const next = { ...request, version: 2, notes: [note] }
    await subject.store.commit({ request: { expected: 1, next }, entries: [] })

    await commitAsked(subject, agent)

    expect(await placesOf(subject, first.id)).toEqual([])
  })
}
