import { describe, expect, test } from 'vitest'
import { jsonLimits } from '../../../src/core/strictJson.ts'
import type { CatalogueAction } from '../../../src/policy/catalogue.ts'
import { conditionLimits } from '../../../src/policy/conditions/limits.ts'
import { largerOf, listOf, openOf, sizesFor, textOf } from '../../../src/policy/conditions/sizes.ts'
import { bundleLimits } from '../../../src/policy/limits.ts'
import { bundleFiles, loaded } from '../files.ts'

const actionsYaml = `apiVersion: countersign/v1
kind: ActionCatalogue
actions:
  pay: {effect: write, params: {to: string, tags: {list: string}, lists: {list: {list: string}}, amount: int, blob: opaque}}
  call: {effect: write, params: open}
`
const { catalogue } = loaded(bundleFiles({ 'actions.yaml': actionsYaml }))
const sizesOf = (action: 'pay' | 'call', windows = 0) =>
  sizesFor(catalogue.get(action) ?? ({ params: 'open' } satisfies Pick<CatalogueAction, 'params'>), windows)
const pay = sizesOf('pay')
const call = sizesOf('call')

describe('what a request holds at most:', () => {
  test('a declared text, as long as a text may be', () => {
    expect(pay(['params', 'to'])).toMatchObject({ text: bundleLimits.text, items: 0, open: false })
  })

  test('a declared list, with as many items as there may be, which share all bytes', () => {
    const { items, item, bytes, open } = pay(['params', 'tags'])

    expect({ items, item: item?.text, open }).toEqual({ items: 1_000, item: 263, open: false })
    expect(bytes).toBeGreaterThanOrEqual(jsonLimits.bytes)
  })

  test('a list of lists, whose items are lists themselves', () => {
    const { items, item } = pay(['params', 'lists'])

    expect({ items, inner: item?.items }).toEqual({ items: 1_000, inner: 1_000 })
  })

  test.each(['amount', 'blob'])('%s, nothing that grows', (name) => {
    expect(pay(['params', name])).toMatchObject({ text: 0, items: 0 })
  })

  test('an open parameter, anything: a text, or a list of anything, at any depth that is gone through', () => {
    for (const path of [
      ['params', 'a'],
      ['params', 'a', 'b', 'c'],
      ['params', 'a-b'],
    ]) {
      const { text, items, item, open } = call(path)

      expect({ text, items, open }).toEqual({ text: bundleLimits.text, items: jsonLimits.items, open: true })
      expect(item).toMatchObject({ items: 263, text: 263, open: true })
    }
  })

  test.each([
    [['environment'], 512],
    [['resource', 'id'], 512],
    [['resource', 'labels', 'team'], 512],
    [['agent', 'owner', 'email'], 512],
    [['request', 'reason'], 2_000],
    [['time', 'hour'], 0],
  ])('the fact %j, its own length', (path, length) => {
    expect(call(path).text).toBe(length)
  })

  test.each([[['agent', 'owner', 'groups']], [['initiator', 'groups']]])('the groups of %j', (path) => {
    expect(call(path)).toMatchObject({ items: conditionLimits.groups, item: textOf(64) })
  })

  test('as many windows as the bundle has', () => {
    expect(sizesOf('call', 7)(['time', 'windows'])).toMatchObject({ items: 7 })
  })

  test('the same action and windows, the same sizes', () => {
    expect(sizesOf('pay')(['params', 'tags'])).toEqual(pay(['params', 'tags']))
  })
})

test('what can be one or the other is as large as the larger, in each way', () => {
  expect(largerOf(textOf(5), textOf(9)).text).toBe(9)
  expect(largerOf(listOf(3, textOf(2)), textOf(100))).toMatchObject({ text: 100, items: 3, item: textOf(2) })
  expect(largerOf(listOf(3, textOf(2)), openOf(50))).toMatchObject({ open: true, items: 50 })
  expect(largerOf(listOf(3, textOf(2), 3), listOf(2, textOf(7)))).toMatchObject({ links: 3, item: textOf(7) })
})
