import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sqlHere } from '../../../src/parsing/here.ts'
import { cases } from '../../support/cases.ts'

const read = await sqlHere()
const plain = { explain: false, star: false, where: false, locks: false, parameters: false }
const facts = (text: string) => {
  const reading = read(text)
  return reading.understood ? reading.facts : { why: reading.why }
}

describe('a statement that is understood', () => {
  test('says what it reads, which columns and functions it names, and how many rows it wants at most', () => {
    expect(
      facts(
        "SELECT e.id, count(*) AS n FROM warehouse.events e JOIN kinds USING (kind) WHERE e.kind = 'log in' GROUP BY 1 ORDER BY n DESC LIMIT 10;",
      ),
    ).toEqual({
      ...plain,
      kind: 'select',
      where: true,
      limit: 10,
      reads: ['warehouse.events', 'kinds'],
      writes: [],
      columns: ['id', 'kind', 'n'],
      functions: ['count'],
      unreviewed: [],
    })
  })

  test.each([
    ['select * from t', { star: true, reads: ['t'] }],
    ['select t.* from t', { star: true }],
    ['table t', { kind: 'select', star: true, reads: ['t'] }],
    ['select 1', { reads: [], columns: [] }],
    ['select x from t limit 0', { limit: 0 }],
    ['select x from t where id = $1', { parameters: true, where: true }],
    ['select x from t for update', { locks: true }],
    ['select x from (select y from u) v', { reads: ['u'] }],
    ['select (select max(z) from u) from t', { reads: ['u', 't'] }],
    ['select x from t where id in (select id from u)', { reads: ['t', 'u'] }],
    ['select x from t union all select y from u', { reads: ['t', 'u'] }],
    ['with u as (select 1) select * from u', { reads: ['u'] }],
    ['select x into n from t', { reads: ['n', 't'], writes: ['n'] }],
    ['insert into t (a) values (1) returning id', { kind: 'insert', writes: ['t'] }],
    ['insert into t select * from u', { kind: 'insert', writes: ['t'], reads: ['t', 'u'] }],
    ['update t set a = 1 where b = 2', { kind: 'update', writes: ['t'], where: true }],
    ['delete from t', { kind: 'delete', writes: ['t'], where: false }],
    ['delete from t using u where t.id = u.id', { kind: 'delete', writes: ['t'], reads: ['t', 'u'] }],
    ['with d as (delete from t returning *) select * from d', { kind: 'select', writes: ['t'] }],
    ['select x from t where exists (with d as (select 1) select * from d)', { reads: ['t', 'd'] }],
    ['explain select x from t', { explain: true, kind: 'select' }],
    ['explain (analyze false) delete from t', { explain: true, kind: 'delete', writes: ['t'] }],
    ['explain analyze delete from t', { explain: true, kind: 'delete', writes: ['t'] }],
    ['select pg_sleep(1)', { functions: ['pg_sleep'], unreviewed: ['pg_sleep'] }],
    ["select pg_read_file('/etc/passwd')", { unreviewed: ['pg_read_file'] }],
    ["select set_config('a', 'b', false)", { unreviewed: ['set_config'] }],
    ["select nextval('s')", { unreviewed: ['nextval'] }],
    ["select query_to_xml('delete from t', true, true, '')", { unreviewed: ['query_to_xml'] }],
    ["select lo_import('/etc/passwd')", { unreviewed: ['lo_import'] }],
    ["select dblink('x', 'drop table t')", { unreviewed: ['dblink'] }],
    ['select s.count(x) from t', { functions: ['s.count'], unreviewed: ['s.count'] }],
    ['select pg_catalog.lower(x) from t', { functions: ['pg_catalog.lower'], unreviewed: [] }],
    ['select sum(x) filter (where f(y) > 1) from t', { unreviewed: ['f'] }],
    ['select x from t order by g(x)', { unreviewed: ['g'] }],
    ['select x from t limit h(1)', { unreviewed: ['h'] }],
    ['select lag(x) over (partition by k(y)) from t', { unreviewed: ['k'] }],
    ['select "X" from "S"."T"', { columns: ['X'], reads: ['S.T'] }],
    ["select x from t where note = '-- ; /* $$ ä'", { where: true }],
    ['select x[1], (t).*, (x[1])[2], t.x from t', { columns: ['x', 't'], star: true, unreviewed: [] }],
    ["select x::text, date '2026-01-01', interval '1 day' from t", { columns: ['x'] }],
  ])('%s', (text, expected) => {
    expect(facts(text)).toMatchObject(expected)
  })

  test('has no limit where its limit is not a plain number', () => {
    for (const text of [
      'select x from t',
      'select x from t limit all',
      'select x from t limit 1 + 1',
      'select x from t limit $1',
    ])
      expect(facts(text), text).not.toHaveProperty('limit')
  })
})

const hostile = [
  '',
  ' ',
  ';',
  'nonsense',
  'select 1; drop table x',
  'select 1;;select 2',
  'select 1\0; drop table x',
  'select 1 -- x',
  'select /* x */ 1',
  'select 1 /*! ; drop table t */',
  '/* /* */ select 1',
  "select 'a\\'; drop table t; --'",
  "select E'\\x41'",
  "select U&'\\0041'",
  'select U&"\\0041"',
  'select $$x$$',
  'select $a$x$a$',
  "select 'x",
  'select "x',
  'select x from t where a = :a',
  'select ä from t',
  'select "ä" from t',
  'select\u00a01',
  'select 1\u200b',
  `select 1\ud800`,
  "copy t to program 'sh'",
  "copy (select 1) to '/tmp/x'",
  'do $$ begin end $$',
  'call p()',
  'set role admin',
  'set transaction read write',
  'reset all',
  'show all',
  'begin',
  'commit',
  'prepare p as delete from t',
  'execute p',
  'declare c cursor for select 1',
  'fetch all from c',
  'listen x',
  'notify x',
  'lock t',
  "load 'x'",
  'vacuum',
  'analyze t',
  'truncate t',
  'drop table t',
  'create table t (a int)',
  'create table t as select 1',
  'create view v as select 1',
  'alter system set x = 1',
  'grant all on t to public',
  'refresh materialized view v',
  'merge into t using u on true when matched then delete',
  'explain create table t as select 1',
  'explain execute p',
  'select * from f(1)',
  'select * from t tablesample system (1)',
  'select xmlelement(name a)',
  "select * from json_table('{}', '$' columns (a int path '$'))",
  'select x::mytype from t',
  "select 'x'::regclass",
  'select x operator(s.+) y from t',
  // PostgreSQL takes a part that a value does not have for a call of the function of this name.
  "select ('/etc/passwd'::text).pg_read_file from t",
  'select (x).pg_read_file from t',
  'select (0.1::float8).pg_sleep from t',
  'select x[1].pg_read_file from t',
  'select (array[x])[1].pg_read_file from t',
  'select (select x from t).pg_read_file',
  'select $1.pg_read_file from t',
  'select (t).leak from t',
  'select x from t where (y).f.g = 1',
  'select x @@@ y from t',
  'select x from t order by x using operator(s.<)',
  'select x from t where y operator(s.=) any (select 1)',
  'select x collate "C" from t',
  'select x from other.s.t',
  'select x from "a.b"',
  `select ${'x, '.repeat(2_000)}x from t`,
  `select ${'('.repeat(65)}1${')'.repeat(65)}`,
  `select ${'(select '.repeat(300)}1${')'.repeat(300)}`,
  `select ${'+'.repeat(50)}1`,
  `select ${'not '.repeat(900)}true`,
  `select ${'1+'.repeat(1_900)}1`,
]

test.each(hostile.map((text) => [text.slice(0, 60), text] as const))(
  '%j is not understood, and it says why',
  (_, text) => {
    expect(read(text)).toMatchObject({ understood: false, why: expect.stringMatching(/^[A-Z].*\.$/) })
  },
)

describe('whatever is written', () => {
  const piece = fc.constantFrom(
    ...[
      'delete from',
      'insert into',
      'update',
      'set',
      'with',
      'as',
      'from',
      'where',
      'union',
      'explain',
      'analyze',
    ],
    ...[
      't',
      'u',
      's.t',
      'x',
      'f(x)',
      'pg_sleep(1)',
      '*',
      ',',
      '(',
      ')',
      ';',
      '--',
      '/*',
      '*/',
      "'",
      "''",
      '"',
      '$$',
      '\\',
      ':a',
    ],
    ...[
      '1',
      '=',
      '+',
      '::text',
      '::mytype',
      'limit 1',
      'for update',
      'into n',
      'values (1)',
      'returning *',
      '\n',
      '\0',
      'ä',
    ],
  )
  const text = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(' '))

  test('it never throws, and what writes is never taken for what only reads', () => {
    fc.assert(
      fc.property(text, (written) => {
        const reading = read(written)
        if (!reading.understood) return
        const { kind, writes } = reading.facts
        const outside = written.replaceAll(/'(?:[^']|'')*'|"[^"]*"/g, '')
        if (/\b(delete from|insert into|update|into n)\b/.test(outside.replaceAll(/for\s+update/g, '')))
          expect([kind, writes], written).not.toEqual(['select', []])
        if (/f\s*\(|pg_sleep/.test(outside)) expect(reading.facts.unreviewed, written).not.toEqual([])
      }),
      { numRuns: cases(16_000) },
    )
  })

  test('the longest texts that cost the parser most leave it as it was', () => {
    const filled = [
      '1+',
      'a.',
      '(',
      'not ',
      '- ',
      'x,',
      "'a'||",
      'case when true then ',
      'a(',
      '1 in (',
      'select 1 union ',
    ]
    for (const part of filled) read(`select ${part.repeat(Math.floor(4_000 / part.length))}1`)
    expect(read('select 1').understood).toBe(true)
  })
})
