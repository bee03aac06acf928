import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judge } from './judge.ts'

const plain = [
  'select * from staging_warehouse.events',
  'SELECT id, name FROM staging_warehouse.events LIMIT 10',
  'select count(*) from staging_warehouse.events where id > 7',
  "select id from staging_warehouse.events where kind = 'log in' and id <> 3 order by id desc limit 5",
  'select * from staging_warehouse.events;',
  'select * from staging_warehouse.events\nlimit 1',
  "select * from staging_warehouse.events where id = 'a''b'",
  'select "x" from staging_warehouse.events',
  ' select lower(name) from staging_warehouse.events group by 1',
  "select id from staging_warehouse.events where name = '; drop table x -- '",
  'select a.id from staging_warehouse.events a join staging_warehouse.events b using (id)',
  'explain select id from staging_warehouse.events',
]

const free = [
  'select 1',
  'select * from events',
  'select * from warehouse.events',
  'select * from staging_warehouse.users',
  'select * from staging_warehouse.events_archive',
  'select * from "staging_warehouse.events"',
  'select * from "Staging_warehouse".events',
  'select * from other.staging_warehouse.events',
  'select * from staging_warehouse.events, staging_warehouse.users',
  'select * from staging_warehouse.events join staging_warehouse.users on true',
  'select * from staging_warehouse.events where id in (select id from staging_warehouse.users)',
  'select id from staging_warehouse.events union select id from staging_warehouse.users',
  'select (select email from staging_warehouse.users) from staging_warehouse.events',
  'with users as (select 1) select * from users, staging_warehouse.events',
  'select * from staging_warehouse.events; drop table staging_warehouse.events',
  'select * from staging_warehouse.events -- x',
  'select * from staging_warehouse.events /* x */',
  'select * from staging_warehouse.events for update',
  'select * into x from staging_warehouse.events',
  "select * from staging_warehouse.events into outfile 'x'",
  "select pg_read_file('x') from staging_warehouse.events",
  'select * from staging_warehouse.events where pg_sleep(9) = 1',
  "select ('/etc/passwd'::text).pg_read_file from staging_warehouse.events",
  'select (name).pg_read_file from staging_warehouse.events',
  'select id from staging_warehouse.events where (1).pg_terminate_backend',
  'select * from staging_warehouse.events, pg_sleep(9)',
  "select * from staging_warehouse.events where id = 'a\\' or 1 = 1",
  "copy staging_warehouse.events to program 'sh'",
  'delete from staging_warehouse.events',
  'update staging_warehouse.events set id = 1',
  'with gone as (delete from staging_warehouse.events returning *) select * from staging_warehouse.events',
  'explain analyze delete from staging_warehouse.events',
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

  test('whatever is put into it runs by itself only where the table is all that is read', () => {
    const meaning = fc.constantFrom(
      ...[
        ';',
        '--',
        '/*',
        '(',
        ')',
        "'",
        '"',
        '\\',
        '$$',
        '`',
        '|',
        '\0',
        ' union select 1 from pg_authid ',
        ', staging_warehouse.users',
      ],
      ...['; drop table x', ' for update', ' into x ', ', pg_sleep(1)', "\\' or 1=1 --"],
    )
    const place = fc.double({ min: 0, max: 1, noNaN: true })

    fc.assert(
      fc.property(fc.constantFrom(...plain), meaning, place, (sql, text, where) => {
        const at = Math.round(where * sql.length)
        const written = sql.slice(0, at) + text + sql.slice(at)
        if (query(written) !== 'allow') return
        const outside = written.replaceAll(/'(?:[^']|'')*'|"[^"]*"/g, '')
        expect(outside).not.toMatch(/users|pg_|drop|update|into|--|\/\*/)
      }),
    )
  })
})
