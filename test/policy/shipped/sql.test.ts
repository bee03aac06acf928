import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judge } from './judge.ts'

const plain = [
  'select * from warehouse.events',
  'SELECT id, name FROM warehouse.events LIMIT 10',
  'select count(*) from warehouse.events where id > 7',
  "select id from warehouse.events where kind = 'log in' and id <> 3 order by id desc limit 5",
]

const free = [
  'select 1',
  'select * from warehouse.users',
  'select * from warehouse.events_archive',
  'select * from warehouse.events, warehouse.users',
  'select * from warehouse.events join warehouse.users on true',
  'select * from warehouse.events where id in (select id from warehouse.users)',
  'select id from warehouse.events union select id from warehouse.users',
  'select (select email from warehouse.users) from warehouse.events',
  'select * from warehouse.events; drop table warehouse.events',
  'select * from warehouse.events;',
  'select * from warehouse.events -- x',
  'select * from warehouse.events /* x */',
  'select * from warehouse.events\nlimit 1',
  'select * from warehouse.events for update',
  'select * into x from warehouse.events',
  "select * from warehouse.events into outfile 'x'",
  "select pg_read_file('x') from warehouse.events",
  'select * from warehouse.events where pg_sleep(9) = 1',
  "select * from warehouse.events where id = '' or (select 1) = '1'",
  "select * from warehouse.events where id = 'a''b'",
  "select * from warehouse.events where id = 'a\\' or 1 = 1",
  'select "x" from warehouse.events',
  "copy warehouse.events to program 'sh'",
  'with x as (select 1) select * from warehouse.events',
  'delete from warehouse.events',
  'explain analyze delete from warehouse.events',
  ' select * from warehouse.events',
]

const query = (sql: string, environment = 'dev') =>
  judge(['db.query', environment, 'table warehouse.events'], { params: { sql } }).verdict.kind

describe('SQL outside production', () => {
  test.each(plain)('%s runs by itself', (sql) => {
    expect(query(sql)).toBe('allow')
    expect(query(sql, 'staging')).toBe('allow')
    expect(query(sql, 'prod')).toBe('require_approval')
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
