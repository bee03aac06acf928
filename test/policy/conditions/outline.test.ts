import { describe, expect, test } from 'vitest'
import { outlineOf } from '../../../src/policy/conditions/outline.ts'
import { accepted } from './compile.ts'

describe('the parts of a condition', () => {
  test.each([
    ['a text', 'action != "a && b" && true'],
    ['a text with an escaped quote', 'action != "a\\" && b" && true'],
    ['a text over several lines', 'action != """a\n && b""" && true'],
    ['a text over several lines with an escaped quote', 'action != """a\\""" && b""" && true'],
    ['the same with the other quotes', "action != '''a\\''' && b''' && true"],
    ['a raw text that ends with a backslash', 'action != r"a\\" && true'],
    ['a raw text over several lines', 'action != r"""a\\""" && true'],
    ['brackets', '(action == "a" && true) && true'],
  ])('are found beside %s', (_, source) => {
    expect(accepted(source).conjuncts.map((one) => one.source)).toEqual([
      source.slice(0, source.lastIndexOf(' && ')),
      'true',
    ])
  })

  test('of a text that never ends are whatever they are, and take no time', () => {
    expect(outlineOf(`"""${'\\"'.repeat(900)}`).pieces.length).toBeGreaterThan(0)
  })
})
