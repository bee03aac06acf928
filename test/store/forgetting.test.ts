import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { prunePassing } from '../../src/approvals/prunePassing.ts'
import { connect } from '../../src/store/connect.ts'
import { ask, click, testWorld } from '../support/world.ts'
import { openedToServe, silent } from './opened.ts'

const day = 86_400_000

/** A server with two roles, and a denial. Its deliveries get the age that is given, in days. */
async function denied() {
  const open = await openedToServe()
  const world = await testWorld({ store: open.store })
  const { id } = await ask(world, 'iam.change')
  await click(world, id, 'U0GRACE', { kind: 'deny', reason: 'no' })
  await open.store.commit({ entries: [], delivery: 'click of long ago' })
  await open.store.commit({ entries: [], delivery: 'click of today' })
  const { rows } = await open.pool.query<{ now: Date }>('SELECT now()')
  const now = rows[0]?.now.getTime() ?? 0
  const left = async () => {
    const of = async (table: string) => (await open.pool.query(`SELECT * FROM ${table}`)).rows.length
    return {
      deliveries: await of('deliveries'),
      coolDowns: await of('cool_downs'),
      budgetEntries: await of('budget_entries'),
    }
  }
  /** As if so many days had passed. */
  const prune = (days: number, pruneDays = 30) =>
    prunePassing({ ...world.ports, pruneDays, clock: () => new Date(now + days * day) })
  return { open, world, left, prune }
}

describe('what is remembered for a while', () => {
  test('denials are forgotten after 31 days at least, because a policy may let one count for 30', async () => {
    const { open, left, prune } = await denied()
    await open.pool.query('UPDATE cool_downs SET at = now()')

    await prune(30, 7)
    expect(await left()).toMatchObject({ coolDowns: 1 })
    await prune(32, 100)
    expect(await left()).toMatchObject({ coolDowns: 1 })
    await prune(32, 7)

    expect(await left()).toMatchObject({ coolDowns: 0 })
  })

  test('what budgets counted is forgotten once no window can reach it, and not before', async () => {
    const { open, left, prune } = await denied()
    await open.pool.query(
      `INSERT INTO budget_entries (key, request_id, at, amount) VALUES ('refunds', 'req_1', now(), 5)`,
    )

    await prune(30, 7)
    expect(await left()).toMatchObject({ budgetEntries: 1 })
    await prune(32, 100)

    expect(await left()).toMatchObject({ budgetEntries: 0 })
  })

  test('names of clicks are forgotten by age, and never one of the last week, whatever is asked for', async () => {
    const { open, left, prune } = await denied()
    const before = (await left()).deliveries
    const owner = await connect(open.migrateUrl, silent)
    await owner.query(`UPDATE deliveries SET at = now() - interval '40 days' WHERE id = 'click of long ago'`)
    await owner.end()

    await prune(100)

    expect((await left()).deliveries).toBe(before - 1)
    expect(await open.store.commit({ entries: [], delivery: 'click of today' })).toBe('duplicate')
    expect(await open.store.commit({ entries: [], delivery: 'click of long ago' })).toBe('applied')
  })
})

test('the page says of every table whether it is record, bounded by itself, or pruned', async () => {
  const [schema, page] = await Promise.all(
    ['prisma/schema.prisma', 'docs/operations.md'].map((path) => readFile(path, 'utf8')),
  )
  const tables = [...(schema ?? '').matchAll(/@@map\("(\w+)"\)/g)].map(([, table]) => table).sort()
  const section = (page ?? '').split('### Which table keeps what')[1]?.split('\n## ')[0] ?? ''

  const rows = [...section.matchAll(/^\| (`.*`) \| (record|bounded|pruned) \| .+ \|$/gm)]

  const named = rows.flatMap(([, names = '']) => [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name))
  expect(named.sort()).toEqual(tables)
})
