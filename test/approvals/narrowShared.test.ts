import { beforeEach, describe, expect, test } from 'vitest'
import { askForChanges } from '../../src/approvals/notes/ask.ts'
import { carrierOf } from '../../src/core/set.ts'
import { narrowingWorld } from '../support/narrowingWorld.ts'
import { askTogether, statesIn } from '../support/setWorld.ts'
import { attemptBy, click } from '../support/world.ts'

let { store, world, dump, read, lower, lessOf } = await narrowingWorld()
beforeEach(async () => {
  ;({ store, world, dump, read, lower, lessOf } = await narrowingWorld())
})

/** The same asked so many times, on one card. */
async function alike(count: number): Promise<readonly string[]> {
  const ids: string[] = []
  while (ids.length < count) ids.push((await dump()).id)
  for (const id of ids) expect(carrierOf(await read(id))).toBe(ids[0])
  return ids
}

const states = (ids: readonly string[]) => Promise.all(ids.map(async (id) => (await read(id)).state))

describe('of requests that share a card, exactly the one that is named is narrowed', () => {
  test.each([
    ['the first, which has the card', 0],
    ['one that shares it', 1],
  ])('%s; the others wait as they were asked', async (_, nth) => {
    const ids = await alike(3)
    const others = ids.filter((_, other) => other !== nth)
    const before = await Promise.all(others.map(read))

    await lower(ids[nth] ?? '', { rows: 500 })

    const less = await lessOf(ids[nth] ?? '')
    expect(less).toMatchObject({ state: 'approved', narrows: ids[nth], action: { params: { rows: 500 } } })
    expect(await Promise.all(others.map(read))).toEqual(before)
    // What is left has a card of its own, and the one that they share shows what became of the line.
    expect(carrierOf(less)).toBe(less.id)
    expect(store.jobs.has(`announce:${less.id}`)).toBe(true)
    expect([...store.jobs.keys()].some((key) => key.startsWith(`refresh:${ids[0]}`))).toBe(true)
    expect(await store.alikeOn(ids[0] ?? '')).toHaveLength(2)
  })

  test('what is asked again afterwards is asked whole, and not less', async () => {
    const [first = ''] = await alike(2)
    await lower(first, { rows: 500 })

    expect(await dump()).toMatchObject({ state: 'pending', action: { params: { rows: 5_000 } } })
  })

  test('each by itself, one after another', async () => {
    const [first = '', second = ''] = await alike(2)
    await lower(first, { rows: 500 })
    await lower(second, { rows: 400 }, { by: 'U0PRIYA' })

    expect((await lessOf(first)).action.params.rows).toBe(500)
    expect((await lessOf(second)).action.params.rows).toBe(400)
  })

  test('race: beside the click that approves all of them, each ends once', async () => {
    const ids = await alike(2)
    const together = ids.map((request) => ({ request, seen: 'facts' }))
    const [narrowed] = await Promise.allSettled([
      lower(ids[1] ?? '', { rows: 500 }),
      click(world, ids[0] ?? '', 'U0PRIYA', { together, seen: '' }),
    ])

    expect(await states(ids)).toEqual(['approved', narrowed.status === 'fulfilled' ? 'denied' : 'approved'])
  })

  test('changes that are asked of one are asked of that one', async () => {
    const [first = '', second = ''] = await alike(2)
    await askForChanges(world.ports, { ...attemptBy(second, 'U0BOB'), text: 'Fewer rows.' })

    await expect(dump({ revises: first })).rejects.toMatchObject({ code: 'not_revisable' })
    const revision = await dump({ revises: second, params: { rows: 400 } })
    expect(await states([first, second])).toEqual(['pending', 'cancelled'])
    expect(carrierOf(revision)).toBe(revision.id)
  })
})

test('of a set nothing is narrowed, whichever line: it is decided as it was asked', async () => {
  const { action } = await dump()
  const member = (id: string) => ({ action: { ...action, resource: { type: 'table', id } }, involved: [] })
  const set = await askTogether(world, [member('warehouse.one'), member('warehouse.two')])

  for (const { id } of set.requests)
    await expect(lower(id, { rows: 500 })).rejects.toMatchObject({
      code: 'not_narrowable',
      problems: [{ detail: 'It was asked together with others, and is decided with them.' }],
    })
  expect(await statesIn(world, set)).toEqual(['pending', 'pending'])
})
