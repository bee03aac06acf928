import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Action, digestAction } from '../../src/core/action.ts'
import { canonical } from '../../src/core/canonical.ts'
import { digestOf, shortDigest } from '../../src/core/digest.ts'

const action: Action = {
  action: 'db.export',
  resource: { type: 'table', id: 'warehouse.users' },
  params: { table: 'users', rows: 250_000, columns: ['id', 'email'] },
  environment: 'prod',
}

describe('the digest of an action', () => {
  test('is the SHA-256 of its canonical form with the type inside', () => {
    const text =
      '{"@type":"countersign/action/v1","action":"db.export","environment":"prod","params":{"columns":["id","email"],"rows":250000,"table":"users"},"resource":{"id":"warehouse.users","type":"table"}}'
    expect(canonical({ '@type': 'countersign/action/v1', ...action })).toBe(text)
    expect(digestAction(action)).toBe(
      'sha256:d279200c47618aaa1d8b52a331ecd65443b941c0acef7a12f5e649c08e2855a9',
    )
  })

  test.each<[string, Partial<Action>]>([
    ['the action', { action: 'db.exports' }],
    ['the environment', { environment: 'staging' }],
    ['the resource', { resource: { type: 'table', id: 'warehouse.user' } }],
    ['a parameter', { params: { ...action.params, rows: 250_001 } }],
    ['an added parameter', { params: { ...action.params, extra: null } }],
  ])('changes with %s', (_, change) => {
    expect(digestAction({ ...action, ...change })).not.toBe(digestAction(action))
  })

  test('does not depend on the order of keys', () => {
    const reversed = Object.fromEntries(Object.entries(action.params).reverse())
    expect(digestAction({ ...action, params: reversed })).toBe(digestAction(action))
  })

  test('differs between two kinds of thing with the same content', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.integer()), (content) => {
        expect(digestOf('countersign/action/v1', content)).not.toBe(digestOf('countersign/body/v1', content))
      }),
    )
  })

  describe('injective: two actions never share it by where one field ends and the next begins', () => {
    const tricky = fc.string({
      unit: fc.constantFrom('a', '"', ',', ':', '{', '}', '\\', '\n', '\u0000'),
      maxLength: 3,
    })
    const made = ([name, type, id, key, value, environment]: readonly string[]): Action => ({
      action: name ?? '',
      resource: { type: type ?? '', id: id ?? '' },
      params: { [key ?? '']: value ?? '' },
      environment: environment ?? '',
    })

    test.each([
      ['a delimiter', ['a', 'b"', ',"c', 'k', 'v', 'p'], ['a', 'b', '","c', 'k', 'v', 'p']],
      ['a newline', ['a\n', 'b', 'c', 'k', 'v', 'p'], ['a', '\nb', 'c', 'k', 'v', 'p']],
      ['an empty field', ['ab', '', 'c', 'k', 'v', 'p'], ['a', 'b', 'c', 'k', 'v', 'p']],
    ])('%s', (_, one, other) => {
      expect(digestAction(made(one))).not.toBe(digestAction(made(other)))
    })

    test('whatever the fields are', () => {
      const fields = fc.tuple(tricky, tricky, tricky, tricky, tricky, tricky)
      fc.assert(
        fc.property(fields, fields, (one, other) => {
          const same = one.every((field, index) => field === other[index])
          expect(digestAction(made(one)) === digestAction(made(other))).toBe(same)
        }),
      )
    })
  })

  test('is shown in groups of four', () => {
    expect(shortDigest('sha256:9f2c77ab03de4411')).toBe('9f2c 77ab 03de')
  })
})

test('a value without JSON text has no canonical form', () => {
  expect(() => canonical(() => 0)).toThrow()
  expect(() => canonical({ x: '\ud800' })).toThrow()
})
