import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Action, digestAction } from '../../src/core/action.ts'
import { canonical } from '../../src/core/canonical.ts'
import { fieldDeviations, mostFieldDeviations } from '../../src/core/deviation.ts'
import type { Json, JsonObject } from '../../src/core/json.ts'
import { cases } from '../support/cases.ts'

const exported: Action = {
  action: 'db.export',
  resource: { type: 'table', id: 'users' },
  params: { rows: 10, columns: ['id', 'email'], to: { bucket: 'a', 'odd/key~': 1 } },
  environment: 'prod',
}

function withParams(params: JsonObject): Action {
  return { ...exported, params }
}

describe('what was done against what was approved', () => {
  test('says nothing of the same, whatever the order of its keys', () => {
    const { to, columns, rows } = exported.params

    expect(
      fieldDeviations(exported, withParams({ to: to ?? null, columns: columns ?? null, rows: rows ?? null })),
    ).toEqual([])
  })

  test('names each field that is another, with both sides', () => {
    const actual = { ...exported, environment: 'dev', resource: { type: 'table', id: 'payments' } }

    expect(fieldDeviations(exported, actual)).toEqual([
      { kind: 'field', pointer: '/environment', approved: 'prod', actual: 'dev' },
      { kind: 'field', pointer: '/resource/id', approved: 'users', actual: 'payments' },
    ])
  })

  test('leaves out the side that has no such field, and compares lists by position', () => {
    const actual = withParams({
      rows: 10,
      columns: ['id', 'name', 'phone'],
      to: { bucket: 'a' },
      limit: null,
    })

    expect(fieldDeviations(exported, actual)).toEqual([
      { kind: 'field', pointer: '/params/columns/1', approved: 'email', actual: 'name' },
      { kind: 'field', pointer: '/params/columns/2', actual: 'phone' },
      { kind: 'field', pointer: '/params/limit', actual: null },
      { kind: 'field', pointer: '/params/to/odd~1key~0', approved: 1 },
    ])
  })

  test('takes a value of another kind as a whole', () => {
    const actual = withParams({ ...exported.params, columns: { 0: 'id' } })

    expect(fieldDeviations(exported, actual)).toEqual([
      { kind: 'field', pointer: '/params/columns', approved: ['id', 'email'], actual: { 0: 'id' } },
    ])
  })

  test('does not mix up what only looks alike', () => {
    const one = withParams({ a: '1', b: [], c: false, d: '' })
    const other = withParams({ a: 1, b: {}, c: null, d: [] })

    expect(fieldDeviations(one, other).map(({ pointer }) => pointer)).toEqual([
      '/params/a',
      '/params/b',
      '/params/c',
      '/params/d',
    ])
  })

  test('keeps fifty, and then one about the whole action that says there are more', () => {
    const numbered = (value: number) =>
      withParams(Object.fromEntries(Array.from({ length: 51 }, (_, nth) => [`p${nth}`, value])))
    const [one, other] = [numbered(1), numbered(2)]

    const found = fieldDeviations(one, other)

    expect(found).toHaveLength(mostFieldDeviations + 1)
    expect(found.at(-1)).toEqual({
      kind: 'field',
      pointer: '',
      approved: digestAction(one),
      actual: digestAction(other),
    })
  })

  test('control: of exactly fifty there is none about the whole', () => {
    const numbered = (value: number) =>
      withParams(Object.fromEntries(Array.from({ length: 50 }, (_, nth) => [`p${nth}`, value])))

    expect(fieldDeviations(numbered(1), numbered(2)).map(({ pointer }) => pointer)).not.toContain('')
  })
})

const key = fc.oneof(
  fc.string({ maxLength: 3 }),
  fc.constantFrom('a', 'b', '/', '~', '0', '1', 'constructor'),
)
const json = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Json>(null, true, false, 0, 1, '', 'a', '1'),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(key, tie('json'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).json
const action: fc.Arbitrary<Action> = fc.record({
  action: fc.constantFrom('db.export', 'db.drop'),
  resource: fc.record({ type: fc.constantFrom('table', 'view'), id: fc.constantFrom('users', 'x') }),
  params: fc.dictionary(key, json, { maxKeys: 4, noNullPrototype: true }),
  environment: fc.constantFrom('prod', 'dev'),
})

describe('of any two actions', () => {
  test('there is no deviation exactly when their digests are the same', () => {
    fc.assert(
      fc.property(action, action, fc.boolean(), (one, other, alike) => {
        const actual = alike ? (JSON.parse(canonical(one)) as Action) : other // its own canonical text
        const isSame = digestAction(one) === digestAction(actual)

        expect(fieldDeviations(one, actual).length === 0).toBe(isSame)
      }),
      { numRuns: cases(2_000) },
    )
  })

  test('the sides change places with the actions', () => {
    fc.assert(
      fc.property(action, action, (one, other) => {
        const turned = fieldDeviations(other, one).map(({ kind, pointer, ...sides }) => ({
          kind,
          pointer,
          ...('actual' in sides && { approved: sides.actual }),
          ...('approved' in sides && { actual: sides.approved }),
        }))

        expect(turned).toEqual(fieldDeviations(one, other))
      }),
      { numRuns: cases(2_000) },
    )
  })

  test('what was approved, changed where it says, is what was done', () => {
    fc.assert(
      fc.property(action, action, (one, other) => {
        const found = fieldDeviations(one, other)
        fc.pre(found.length <= mostFieldDeviations)

        expect(
          canonical(found.reduceRight<Json>(changed, JSON.parse(canonical(one)) as Json) as object),
        ).toBe(canonical(other))
      }),
      { numRuns: cases(2_000) },
    )
  })
})

/** From the last to the first, so that what goes away at the end of a list does not move what is named before it; what is added last leaves room. */
function changed(
  value: Json,
  { pointer, actual }: { readonly pointer: string; readonly actual?: Json },
): Json {
  const steps = pointer.split('/').slice(1)
  return put(
    value,
    steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~')),
    actual,
  )
}

function put(value: Json, [step, ...rest]: readonly string[], actual: Json | undefined): Json {
  if (step === undefined) return actual ?? null
  if (Array.isArray(value)) {
    const list: Json[] = [...value]
    if (rest.length === 0 && actual === undefined) list.splice(Number(step), 1)
    else list[Number(step)] = put(list[Number(step)] ?? null, rest, actual)
    return list
  }
  const entries = new Map(Object.entries(value as JsonObject)) // a pointer leads through lists and objects only
  if (rest.length === 0 && actual === undefined) entries.delete(step)
  else entries.set(step, put(entries.get(step) ?? null, rest, actual))
  return Object.fromEntries(entries)
}
