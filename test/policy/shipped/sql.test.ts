import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judge } from './judge.ts'

const plain = [
  'select * from staging_warehouse.events',
  'SELECT id, name FROM staging_warehouse.events LIMIT 10',
  'select count(*) from staging_warehouse.events where id > 7',
  "select id from staging_warehouse.events where kind = 'log in' and id <> 3 order by id desc limit 5",
]

const free = [
  'select 1',
  'select * from warehouse.events',
  'select * from staging_warehouse.users',
  'select * from staging_warehouse.events_archive',
  'select * from staging_warehouse.events, staging_warehouse.users',
  'select * from staging_warehouse.events join staging_warehouse.users on true',
  'select * from staging_warehouse.events where id in (select id from staging_warehouse.users)',
  'select id from staging_warehouse.events union select id from staging_warehouse.users',
  'select (select email from staging_warehouse.users) from staging_warehouse.events',
  'select * from staging_warehouse.events; drop table staging_warehouse.events',
  'select * from staging_warehouse.events;',
  'select * from staging_warehouse.events -- x',
  'select * from staging_warehouse.events /* x */',
  'select * from staging_warehouse.events\nlimit 1',
  'select * from staging_warehouse.events for update',
  'select * into x from staging_warehouse.events',
  "select * from staging_warehouse.events into outfile 'x'",
  "select pg_read_file('x') from staging_warehouse.events",
  'select * from staging_warehouse.events where pg_sleep(9) = 1',
  "select * from staging_warehouse.events where id = '' or (select 1) = '1'",
  "select * from staging_warehouse.events where id = 'a''b'",
  "select * from staging_warehouse.events where id = 'a\\' or 1 = 1",
  'select "x" from staging_warehouse.events',
  "copy staging_warehouse.events to program 'sh'",
  'with x as (select 1) select * from staging_warehouse.events',
  'delete from staging_warehouse.events',
  'explain analyze delete from staging_warehouse.events',
  ' select * from staging_warehouse.events',
]

const table = 'staging_warehouse.events'

const query = (sql: string) =>
  judge(['db.query', 'staging', `table ${table}`], { params: { sql, tables: [table] } }).verdict.kind

describe('SQL on the staging warehouse', () => {
  test.each(plain)('%s runs by itself', (sql) => {
    expect(query(sql)).toBe('allow')
  })

  test.each(free)('%s asks', (sql) => {
    expect(query(sql)).toBe('require_approval')
  })

  test('whatever begins a second statement, a subquery, a comment or a text that does not end asks', () => {
    const meaning = fc.constantFrom(';', '--', '/*', '#', '(', ')', "'", '"', '\\', '$', '`', '\n', '\0', '|')
    const place = fc.double({ min: 0, max: 1, noNaN: true })

    fc.assert(
      fc.property(fc.constantFrom(...plain), meaning, place, (sql, text, where) => {
        const at = Math.round(where * sql.length)
        const written = sql.slice(0, at) + text + sql.slice(at)
        // Two dashes within quotes are text.
        if (text === '--' && sql.slice(0, at).split("'").length % 2 === 0) return
        expect(query(written)).toBe('require_approval')
      }),
    )
  })
})
