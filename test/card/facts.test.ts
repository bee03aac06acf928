import { describe, expect, test } from 'vitest'
import { factsOf } from '../../src/card/facts.ts'
import { digestAction } from '../../src/core/action.ts'
import type { Json } from '../../src/core/json.ts'
import { viewOfExport } from './views.ts'

function factsAbout(
  resource: { readonly type: string; readonly id: string },
  params: Record<string, Json> = {},
) {
  const action = { action: 'db.export', resource, params, environment: 'prod' }
  return factsOf({
    ...{ action, digest: digestAction(action), verdict: { facts: {} } },
    ...{ agent: { id: 'agt_1', name: 'billing-agent' }, run: null },
  })
}

describe('a target that pretends', () => {
  test.each([
    [
      'to have words of ours behind it',
      { type: 'table', id: 'warehouse.users · read' },
      'table "warehouse.users · read"',
    ],
    ['to be two words', { type: 'a b', id: 'c' }, '"a b" c'],
    ['to end earlier', { type: 'table', id: 'users"' }, 'table "users\\""'],
    [
      'to be shorter than it is',
      { type: 'table', id: `users${' '.repeat(200)}PROD` },
      'table "users[U+0020 ×200]PROD"',
    ],
    [
      'to be another by one space',
      { type: 'table', id: 'warehouse  users' },
      'table "warehouse[U+0020 ×2]users"',
    ],
    ['by a space that looks like one', { type: 'table', id: 'a\u00a0b' }, 'table "a[U+00A0]b"'],
  ])('%s is shown as it is', (_, resource, shown) => {
    expect(factsAbout(resource).resource).toBe(shown)
  })

  test('control: an honest one stays bare', () => {
    expect(factsAbout({ type: 'table', id: 'warehouse.users' })).toMatchObject({
      resource: 'table warehouse.users',
      hidden: false,
    })
  })

  test('two targets never look the same', () => {
    const one = factsAbout({ type: 'a b', id: 'c' })
    const other = factsAbout({ type: 'a', id: 'b c' })
    expect(one.resource).not.toBe(other.resource)
  })
})

describe('a value that hides its end', () => {
  test.each([
    ['behind many spaces', `ls${' '.repeat(400)}; rm -rf /`, '"ls[U+0020 ×400]; rm -rf /"'],
    ['under accents', `a${'\u0301'.repeat(5)}`, '"a\u0301\u0301\u0301[U+0301][U+0301]"'],
  ])('%s is shown and flagged', (_, value, shown) => {
    const facts = factsAbout({ type: 'host', id: 'web1' }, { cmd: value })
    expect(facts.parameters).toEqual([`cmd: ${shown}`])
    expect(facts.hidden).toBe(true)
  })

  test('control: an indented text is only an indented text', () => {
    const facts = factsAbout({ type: 'host', id: 'web1' }, { sql: 'SELECT a,\n       b\nFROM t' })
    expect(facts).toMatchObject({
      parameters: ['sql: text, 3 lines', '│ SELECT a,', '│        b', '│ FROM t'],
      hidden: false,
    })
  })
})

test('what an approver saw is the whole action with its digest', () => {
  const { request } = viewOfExport({ params: { nested: { b: [1, 2], a: null }, 'odd key': true } })

  expect(factsOf(request).text).toBe(
    [
      'action: db.export',
      'resource: table warehouse.users',
      'environment: production',
      'parameters:',
      '  nested: {"a": null, "b": [1, 2]}',
      '  "odd key": true',
      `digest: ${request.digest}`,
    ].join('\n'),
  )
})
