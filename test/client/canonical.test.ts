import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonical, digestAction, digestResult, plainCopy } from '../../src/client/canonical.ts'
import type { Json } from '../../src/client/wire.ts'
import { digestAction as digestOfServer } from '../../src/core/action.ts'
import { canonical as canonicalOfServer } from '../../src/core/canonical.ts'
import type { JsonObject } from '../../src/core/json.ts'

const json = fc.dictionary(fc.string(), fc.jsonValue({ stringUnit: 'binary' }), { noNullPrototype: true })

describe('the canonical form of the client', () => {
  test('is that of the server, whatever is in an object', () => {
    fc.assert(
      fc.property(json, (value) => {
        fc.pre(!JSON.stringify(value).includes('__proto__'))
        const plain = JSON.parse(JSON.stringify(value)) as JsonObject

        expect(canonical(plainCopy(value))).toBe(canonicalOfServer(plain))
      }),
    )
  })

  test('gives an action the digest that the server gives it', () => {
    fc.assert(
      fc.property(json, fc.string({ unit: 'binary' }), (params, id) => {
        fc.pre(!JSON.stringify(params).includes('__proto__'))
        const resource = { type: 'table', id }
        const plain = JSON.parse(JSON.stringify(params)) as JsonObject
        const action = { action: 'db.export', resource, environment: 'prod' }

        expect(digestAction({ ...action, params })).toBe(digestOfServer({ ...action, params: plain }))
      }),
    )
  })

  test('leaves out what is no part of the action', () => {
    const action = { action: 'a', resource: { type: 't', id: 'i' }, environment: 'prod' }

    expect(digestAction({ ...action, ...{ reason: 'x', params: {} } })).toBe(digestAction(action))
  })
})

describe('a plain copy', () => {
  test('is frozen all the way down, and knows nothing of what happens to the original', () => {
    const original = { list: [{ rows: 1 }], name: 'users', nothing: undefined }
    const copy = plainCopy(original) as unknown as typeof original // equal JSON

    original.list.push({ rows: 2 })

    expect(copy).toEqual({ list: [{ rows: 1 }], name: 'users' })
    expect(() => copy.list.push({ rows: 3 })).toThrow(TypeError)
    expect(() => Object.assign(copy.list[0] ?? {}, { rows: 4 })).toThrow(TypeError)
  })

  const circle: unknown[] = []
  circle.push(circle)

  test.each([
    ['a function', { a: () => 1 }, '/a'],
    ['a date, which nothing can freeze', { a: [new Date(0)] }, '/a/0'],
    ['a map', { 'a/b': new Map() }, '/a~1b'],
    ['no number', { a: Number.NaN }, '/a'],
    ['half a surrogate pair', { a: '\ud800' }, '/a'],
    ['nothing in a list', { a: [undefined] }, '/a/0'],
    ['a big integer', { a: 1n }, '/a'],
    ['an own property that looks like a prototype', JSON.parse('{"a":{"__proto__":1}}'), '/a'],
  ])('is refused of %s, naming the place', (_, value, pointer) => {
    expect(() => plainCopy(value)).toThrow(
      expect.objectContaining({ code: 'not_plain', message: expect.stringContaining(`"${pointer}"`) }),
    )
  })

  test('is refused of a circle', () => {
    expect(() => plainCopy(circle)).toThrow(expect.objectContaining({ code: 'not_plain' }))
  })
})

test('a result has a digest when it is plain JSON, and otherwise none', () => {
  const rows: Json = { rows: 12 }

  expect(digestResult(rows)).toMatch(/^sha256:[0-9a-f]{64}$/)
  expect(digestResult(rows)).not.toBe(digestResult({ rows: 13 }))
  expect(digestResult(new Map())).toBeNull()
  expect(digestResult(undefined)).toBeNull()
})
