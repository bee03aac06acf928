import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/core/json.ts'
import { parseStrictJson } from '../../src/core/strictJson.ts'
import { misfits } from '../../src/policy/params.ts'
import { actionsYaml, bundleFiles, loaded, refused } from './files.ts'

const declare = (params: string) =>
  bundleFiles({ 'actions.yaml': `${actionsYaml}  x: {effect: read, params: ${params}}\n` })
function check(params: string, value: JsonObject): readonly string[] {
  const declared = loaded(declare(params)).catalogue.get('x')
  if (!declared) throw new Error('not in the catalogue')
  return misfits(declared.params, value).map(({ pointer, detail }) => `${pointer} ${detail}`)
}

describe('parameters', () => {
  test.each<[string, JsonObject]>([
    ['{a: string}', { a: '' }],
    ['{a: int}', { a: -3 }],
    ['{a: int}', { a: Number.MAX_SAFE_INTEGER }],
    ['{a: number}', { a: 1.5 }],
    ['{a: bool}', { a: false }],
    ['{a: opaque}', { a: { anything: [1, null] } }],
    ['{a: {list: string}}', { a: [] }],
    ['{a: {list: {list: int}}}', { a: [[1], [2, 3]] }],
    ['{a: string?}', {}],
    ['{a: string?}', { a: null }],
    ['{a: {list?: int}}', {}],
    ['open', { a: 1, b: { c: [] } }],
    ['{}', {}],
    ['{constructor: string}', { constructor: 'x' }],
  ])('declared as %s fit %j', (params, value) => {
    expect(check(params, value)).toEqual([])
  })

  test.each<[string, JsonObject, string]>([
    ['{a: string}', { a: 1 }, '/params/a must be text of at most 65536 characters'],
    ['{a: string}', { a: 'x'.repeat(65_537) }, '/params/a must be text of at most 65536 characters'],
    ['{a: int}', { a: 400.5 }, '/params/a must be a whole number below 2^53'],
    ['{a: int}', { a: 2 ** 53 }, '/params/a must be a whole number below 2^53'],
    ['{a: int}', { a: '5' }, '/params/a must be a whole number below 2^53'],
    ['{a: number}', { a: '1.5' }, '/params/a must be a number'],
    ['{a: bool}', { a: 0 }, '/params/a must be true or false'],
    ['{a: {list: string}}', { a: 'x' }, '/params/a must be a list'],
    ['{a: {list: string}}', { a: ['x', 1] }, '/params/a/1 must be text of at most 65536 characters'],
    ['{a: {list: string}}', { a: ['x', null] }, '/params/a/1 must be text of at most 65536 characters'],
    ['{a: {list: int}}', { a: Array(1_001).fill(1) }, '/params/a has more than 1000 items'],
    ['{a: {list: {list: int}}}', { a: [[1], ['2']] }, '/params/a/1/0 must be a whole number below 2^53'],
    ['{a: string}', {}, '/params/a is missing'],
    ['{a: string}', { a: null }, '/params/a is missing'],
    ['{a: opaque}', { a: null }, '/params/a is missing'],
    ['{a: string?}', { a: 5 }, '/params/a must be text of at most 65536 characters'],
    ['{}', { 'b/c~': 1 }, '/params/b~1c~0 is not a parameter of this action'],
    ['{}', { b: null }, '/params/b is not a parameter of this action'],
    ['{constructor: string}', {}, '/params/constructor is missing'],
    ['{}', { constructor: 'x' }, '/params/constructor is not a parameter of this action'],
    ['{}', { toString: 'x' }, '/params/toString is not a parameter of this action'],
  ])('declared as %s do not fit %j', (params, value, problem) => {
    expect(check(params, value)).toEqual([problem])
  })

  test('that were sent as JSON cannot bring a prototype along', () => {
    const sent = parseStrictJson('{"hasOwnProperty": 1}') as JsonObject // an object, as written here

    expect(check('{}', sent)).toEqual(['/params/hasOwnProperty is not a parameter of this action'])
  })
})

test.each([
  'strng',
  'boolean',
  'string??',
  '[string]',
  '{list: string, of: int}',
  '{list: string?}',
  '{list: {list: {list: {list: {list: int}}}}}',
  '5',
])('the type %s is refused', (type) => {
  expect(refused(declare(`{a: ${type}}`))).toMatchObject([
    { file: 'actions.yaml', code: 'schema/value', line: 8 },
  ])
})

test('a type that is nearly right is corrected', () => {
  expect(refused(declare('{a: strng?}'))[0]?.message).toContain('Did you mean "string"?')
})
