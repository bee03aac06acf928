import { describe, expect, test } from 'vitest'
import { sqlHere } from '../../../src/parsing/here.ts'
import { evaluate } from '../../../src/policy/evaluate.ts'
import { loaded } from '../../policy/files.ts'
import { asked, many, shop, suggestedFor } from './record.ts'

const files = shop({
  'actions.yaml': `apiVersion: countersign/v1
kind: ActionCatalogue
actions:
  refund.create: {effect: write, params: {order: string, amount_cents: int}}
  db.run: {effect: write, params: {host: string, sql: {type: string, reads: sql}}}
  host.start: {effect: write, params: {host: string, argv: {type: {list: string}, reads: argv}}}
`,
  'commands.yaml': `apiVersion: countersign/v1
kind: CommandCatalogue
runs: [{agents: all, shell: none, settings: []}]
programs:
  cp: {tier: change, anything: true}
  ls: {tier: names, switches: -a, operands: path*}
`,
})

const start = (argv: readonly string[]) => ({
  action: {
    action: 'host.start',
    resource: { type: 'host', id: 'web-1' },
    params: { host: 'web-1', argv: [...argv] },
  },
})

/** What flows by what is suggested for so many of each. */
function flowsAfter(lists: readonly (readonly string[])[]) {
  const recorded = many(30, (index) => start(lists[index % lists.length] ?? []))
  const { suggestions, files: after } = suggestedFor(recorded, files)
  const head = loaded(after)
  return {
    rules: suggestions.map(({ addition }) => addition.rule.yaml).join('\n'),
    verdictOf: (argv: readonly string[]) => evaluate(head, asked(start(argv)).ask).verdict.kind,
  }
}

describe('a command as a list of words, granted again and again', () => {
  test('flows as it was, and not with the same words in another order, fewer of them, or one twice', () => {
    const lists = [
      ['cp', '/srv/a', '/srv/b'],
      ['cp', '-r', '/srv/c', '/srv/d'],
    ]
    const { verdictOf } = flowsAfter(lists)

    for (const list of lists) expect(verdictOf(list), `${list}`).toBe('allow')
    for (const other of [
      ['cp', '/srv/b', '/srv/a'],
      ['cp', '-r', '/srv/a', '/srv/b'],
      ['cp', '-r', '/srv/d', '/srv/c'],
      ['cp', '/srv/a'],
      ['cp', '/srv/a', '/srv/a', '/srv/b'],
    ])
      expect(verdictOf(other), `${other}`).toBe('require_approval')
  })

  test('that changes something is not bound by what was read of it, where there are too many to list', () => {
    const lists = Array.from({ length: 30 }, (_, nth) => ['cp', `/srv/a${nth}`, '/srv/b'])
    const { rules } = flowsAfter(lists)

    expect(rules).toBe('')
  })
})

describe('a statement that differs each time, granted again and again', () => {
  const readText = sqlHere()
  const suggestedRules = async (sql: (nth: number) => string) => {
    const read = await readText
    const recorded = many(30, (nth) => ({
      action: {
        action: 'db.run',
        resource: { type: 'host', id: 'web-1' },
        params: { host: 'web-1', sql: sql(nth) },
      },
    })).map((one) => {
      const { sql: text } = one.ask.action.params
      return { ...one, ask: { ...one.ask, read: { sql: read(String(text)) } } }
    })
    return suggestedFor(recorded, files, { readText: read }).suggestions.length
  }

  test('is bound by what was read of it where it only reads', async () => {
    expect(await suggestedRules((nth) => `select name from s.users where id = ${nth}`)).toBe(1)
  })

  test.each([
    ['update', (nth: number) => `update s.users set role = 'r${nth}' where id = ${nth}`],
    ['insert', (nth: number) => `insert into s.users (id) values (${nth})`],
    ['select that deletes', (nth: number) => `with d as (delete from s.users where id = ${nth}) select 1`],
    ['select into a table', (nth: number) => `select id into s.copy from s.users where id = ${nth}`],
    ['select that locks', (nth: number) => `select id from s.users where id = ${nth} for update`],
    ['select that calls what nobody knows', (nth: number) => `select s.pay(id, ${nth}) from s.users`],
    ['select that reads files', (nth: number) => `select pg_read_file('/srv/${nth}') from s.users`],
  ])('that is an %s is not: what it writes, its facts do not say', async (_kind, sql) => {
    expect(await suggestedRules(sql)).toBe(0)
  })

  test('that is always the same and may destroy something is none either: control, one that calls a function is', async () => {
    expect(await suggestedRules(() => 'with d as (delete from s.users) select 1')).toBe(0)
    expect(await suggestedRules(() => 'delete from s.users')).toBe(0)
    expect(await suggestedRules(() => 'select s.pay(id) from s.users')).toBe(1)
  })
})
