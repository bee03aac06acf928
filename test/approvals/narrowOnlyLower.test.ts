import { beforeEach, describe, expect, test } from 'vitest'
import { columns, narrowingWorld } from '../support/narrowingWorld.ts'
import { entriesOf } from '../support/recorded.ts'
import { ask, click, submission } from '../support/world.ts'

let { store, world, dump, read, lower, lessOf } = await narrowingWorld()
beforeEach(async () => {
  ;({ store, world, dump, read, lower, lessOf } = await narrowingWorld())
})

describe('own-request: who may narrow is who may approve', () => {
  test.each([
    ['U0ALICE', 'own_request'],
    ['U0LEE', 'own_request'],
    ['U0OMAR', 'not_in_leg'],
    ['U0NOOR', 'not_in_leg'],
  ])('not %s', async (by, code) => {
    const { id } = await dump()
    await expect(lower(id, { rows: 500 }, { by })).rejects.toMatchObject({ code })

    expect(await read(id)).toMatchObject({ state: 'pending' })
    expect(await entriesOf(store, id, 'decision.refused')).toMatchObject([{ data: { kind: 'narrow', code } }])
  })

  test('the initiator neither by another account that is linked to them, nor as a guest', async () => {
    const { id } = await dump()
    world.directory.changeAccount('U0BOB', { guest: true })
    await expect(lower(id, { rows: 500 })).rejects.toMatchObject({ code: 'not_staff' })
  })

  test('nobody who has decided already: they take that back first', async () => {
    const { id } = await dump({ params: { rows: 100_000 } })
    await click(world, id, 'U0BOB')
    await expect(lower(id, { rows: 500 })).rejects.toMatchObject({ code: 'already_decided' })
  })
})

describe('only lower, and only as the policy marks it', () => {
  test.each([
    ['raised', { rows: 5_001 }],
    ['zero', { rows: 0 }],
    ['below the minimum', { rows: 1 }],
    ['negative', { rows: -3 }],
    ['no whole number', { rows: 4.5 }],
    ['a number as text', { rows: '500' }],
    ['null', { rows: null }],
    ['equal', { rows: 5_000 }],
    ['equal in everything', { rows: 5_000, columns }],
    ['nothing named', {}],
    ['an empty list', { columns: [] }],
    ['another order', { columns: ['name', 'id'] }],
    ['an item that was not asked', { columns: ['id', 'salary'] }],
    ['an item more often than asked', { columns: ['id', 'id'] }],
    ['a list that is none', { columns: 'id' }],
    ['a parameter without a mark', { format: '' }],
    ['a parameter that was not given', { limit: 5 }],
    ['a parameter that there is not', { destination: 's3://mine' }],
    ['one lower and one raised', { rows: 500, columns: [...columns, 'iban'] }],
  ])('not %s', async (_, lowered) => {
    const { id } = await dump()
    await expect(lower(id, lowered)).rejects.toMatchObject({ code: 'not_narrower' })

    expect(await read(id)).toMatchObject({ state: 'pending' })
    expect((await read(id)).narrowed).toBeUndefined()
  })

  test('items are left out in their order, also one of two that are alike', async () => {
    const { id } = await dump()
    await lower(id, { columns: ['id', 'email', 'name'] })
    expect((await lessOf(id)).action.params).toMatchObject({ columns: ['id', 'email', 'name'], rows: 5_000 })
  })

  test('nothing of an action that has no mark, of one asked with others, or of a rollback', async () => {
    const plain = await ask(world, 'deploy.start')
    await expect(lower(plain.id, { rows: 5 }, { by: 'U0GRACE' })).rejects.toMatchObject({
      code: 'not_narrowable',
    })
    const { action } = submission('table.drop')
    const declared = await dump({ rollback: action })
    expect(declared.set).toBeDefined()
    const by = declared.requirement?.legs.some(({ name }) => name === 'data') ? 'U0BOB' : 'U0GRACE'
    await expect(lower(declared.id, { rows: 500 }, { by })).rejects.toMatchObject({ code: 'not_narrowable' })
  })

  test('not to what the policy denies: what was asked waits on', async () => {
    const { id } = await dump()
    await expect(lower(id, { rows: 7 })).rejects.toMatchObject({
      code: 'not_narrowable',
      problems: [{ detail: expect.stringContaining('Seven rows are never taken.') }],
    })
    expect(await read(id)).toMatchObject({ state: 'pending' })
  })
})
