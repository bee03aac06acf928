import { Pool } from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { keptPlan } from '../../src/store/read/keptPlan.ts'
import { emptyDatabase } from '../support/database.ts'

const text = 'SELECT id, said FROM things WHERE id = ANY($1::text[]) ORDER BY id'

/** A table of two rows, as its session sees it: the planner knows how small it is. */
async function things() {
  const pool = new Pool({ connectionString: await emptyDatabase(), max: 1 })
  onTestFinished(() => pool.end())
  pool.on('error', () => undefined) // its sessions may end with the database
  await pool.query(
    'CREATE TABLE things (id text PRIMARY KEY, said text NOT NULL) WITH (autovacuum_enabled = off)',
  )
  await pool.query("INSERT INTO things VALUES ('a', 'one'), ('b', 'two')")
  await pool.query('ANALYZE things')
  const grow = () =>
    pool.query("INSERT INTO things SELECT 'x' || n, repeat('x', 500) FROM generate_series(1, 20000) n")
  const planOf = async (name: string) => {
    const { rows } = await pool.query(`EXPLAIN EXECUTE "${name}" ('{a}')`)
    return rows.map((row) => String(row['QUERY PLAN'])).join('\n')
  }
  const keptNames = async () => {
    const { rows } = await pool.query<{ name: string }>(
      "SELECT name FROM pg_prepared_statements WHERE name LIKE 'things%' ORDER BY name",
    )
    return rows.map(({ name }) => name)
  }
  return { pool, grow, planOf, keptNames }
}

test('a session parses and plans a read once, and answers by what is there now', async () => {
  const { pool, keptNames } = await things()
  const read = keptPlan(pool, { name: 'things', text })

  for (let use = 0; use < 10; use += 1) await read([['a']])
  await pool.query("UPDATE things SET said = 'three' WHERE id = 'a'")

  expect(await read([['b', 'a', 'c']])).toEqual([
    { id: 'a', said: 'three' },
    { id: 'b', said: 'two' },
  ])
  expect(await keptNames()).toEqual(['things, 0'])
})

test('a plan that was made while a table was small is made anew when there is much more to read', async () => {
  const { pool, grow, planOf, keptNames } = await things()
  const read = keptPlan(pool, { name: 'things', text })

  for (let use = 1; use < 16; use += 1) await read([['a']])
  expect(await planOf('things, 0')).toContain('Seq Scan')
  await grow()
  expect(await planOf('things, 0'), 'control: what is kept stays').toContain('Seq Scan')
  for (let use = 16; use < 30; use += 1) expect(await read([['a']])).toHaveLength(1)

  expect(await planOf('things, 1')).toMatch(/Index (Only )?Scan|Bitmap/)
  expect(await keptNames()).toEqual(['things, 0', 'things, 1'])
})

test.each([
  ['the session has lost it', 'DEALLOCATE ALL'],
  ['a column has another type by now', 'ALTER TABLE things ALTER COLUMN said TYPE varchar(10)'],
])('what is read is read all the same when %s', async (_, statement) => {
  const { pool } = await things()
  const read = keptPlan(pool, { name: 'things', text })
  await read([['a']])
  await pool.query(statement)

  expect(await read([['a']])).toEqual([{ id: 'a', said: 'one' }])
})

test('what the database refuses is refused', async () => {
  const { pool } = await things()

  await expect(keptPlan(pool, { name: 'nothing', text: 'SELECT FROM nowhere' })([])).rejects.toMatchObject({
    code: '42P01',
  })
})
