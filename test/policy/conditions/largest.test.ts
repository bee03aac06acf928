import { describe, expect, test } from 'vitest'
import { jsonLimits } from '../../../src/core/strictJson.ts'
import { valueAt } from '../../../src/policy/conditions/bind.ts'
import type { Bindings, Value } from '../../../src/policy/conditions/engine.ts'
import { largestRequests } from '../../../src/policy/conditions/largest.ts'
import { bundleFiles, loaded } from '../files.ts'

const actionsYaml = `apiVersion: countersign/v1
kind: ActionCatalogue
actions:
  pay: {effect: write, params: {to: string, tags: {list: string}, amount: int}}
  call: {effect: write, params: open}
`
const bundleYaml = 'windows: {night: {from: "22:00", to: "06:00"}}'

/** The requests that a condition is measured on. */
function requestsFor(when: string, action: 'pay' | 'call' = 'call'): readonly Bindings[] {
  const { rules, catalogue, windows } = loaded(
    bundleFiles({
      'actions.yaml': actionsYaml,
      'bundle.yaml': `${bundleFiles().get('bundle.yaml')}${bundleYaml}\n`,
      'rules/a.yaml': JSON.stringify([
        { id: 'a', description: 'd', match: { actions: [action] }, when, verdict: 'deny' },
      ]),
    }),
  )
  const tree = rules[0]?.when?.compiled.tree
  if (!tree) throw new Error('the rule has a condition')
  const params = catalogue.get(action)?.params ?? 'open'
  return [...largestRequests({ action, params, tree, windows: [...windows.keys()] })]
}

/** What is at a path of each request, as JSON has it. */
function valuesAt(requests: readonly Bindings[], path: string): unknown[] {
  return requests.map((bindings) => plain(valueAt(bindings, path.split('.'))))
}

function plain(value: Value | undefined): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([name, inner]) => [name, plain(inner)]))
  return Array.isArray(value) ? value.map(plain) : value
}
const sizeOf = (value: unknown): number =>
  JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? Number(one) : one)).length

describe('the largest requests', () => {
  test.each([
    ['params.tags.exists(t, t == params.to) && params.to.split(",").all(p, p.matches("a+"))', 'pay'],
    [
      'has(params.a) && params.a.exists(x, has(x.b) && x.b == "c") && has(params.d) && params.d != "e"',
      'call',
    ],
    ['has(params.lists) && params.lists.exists(l, "a" in l)', 'call'],
  ] as const)('fill what an agent may send, and no more: %s', (when, action) => {
    const params = valuesAt(requestsFor(when, action), 'params')

    for (const sent of params) expect(sizeOf(sent)).toBeLessThanOrEqual(jsonLimits.bytes)
    expect(Math.max(...params.map(sizeOf))).toBeGreaterThan(jsonLimits.bytes / 4)
  })

  test('give an open value that is only compared every kind in turn', () => {
    const kinds = valuesAt(requestsFor('has(params.a) && has(params.b) && params.a == params.b'), 'params.a')

    expect(new Set(kinds.map((one) => (Array.isArray(one) ? 'list' : typeof one)))).toEqual(
      new Set(['string', 'list', 'bigint']),
    )
  })

  test.each([
    ['has(params.a) && params.a.exists(x, x == "b")', 'params.a', 'list'],
    ['has(params.a) && "b" in params.a', 'params.a', 'list'],
    ['has(params.a) && params.a.startsWith("b")', 'params.a', 'string'],
    ['has(params.a) && has(params.a.b) && params.a.b == 1', 'params.a', 'object'],
    ['"a-b" in params && params["a-b"].startsWith("c")', 'params.a-b', 'string'],
  ])('%s: %s is always a %s', (when, path, kind) => {
    const kinds = valuesAt(requestsFor(when), path).map((one) => (Array.isArray(one) ? 'list' : typeof one))

    expect(new Set(kinds)).toEqual(new Set([kind]))
  })

  test('give the items of an open list the fields that are read of them', () => {
    const [items] = valuesAt(
      requestsFor(
        'has(params.a) && params.a.filter(x, has(x.on)).exists(y, has(y.to) && y.to.endsWith("b"))',
      ),
      'params.a',
    )

    expect(items).toHaveLength(jsonLimits.items)
    expect(items).toMatchObject([{ on: expect.any(String), to: expect.any(String) }, ...Array(999).fill({})])
  })

  test('hold what a function takes apart, as long as it may be', () => {
    const held = (when: string) =>
      new Set(
        valuesAt(requestsFor(when, 'pay'), 'params.to').map(
          (to) => `${String(to).slice(0, 3)} ${String(to).length}`,
        ),
      )

    expect(held('params.to.contains("b") && size(params.to) > 5')).toEqual(new Set(['aaa 65536']))
    expect(held('params.to.lowerAscii() == "b"')).toEqual(new Set(['aaa 65536', 'AAA 65536']))
    expect(held('size(params.to.split("/")) > 2')).toEqual(new Set(['aaa 65536', '/// 999']))
    expect(held('params.to.matches("^xy+$")')).toEqual(new Set(['aaa 65536', 'xyx 8192', 'xyy 8192']))
  })

  test('give the bytes to what is read, and to nothing else', () => {
    const [params] = valuesAt(requestsFor('params.tags.exists(t, t == "b")', 'pay'), 'params')

    expect(params).toEqual({ tags: Array(1_000).fill('a'.repeat(259)) })
  })

  test('hold texts that differ only at their end, where a loop compares them with something else', () => {
    const differing = (when: string) =>
      valuesAt(requestsFor(when, 'pay'), 'params.tags').filter(
        (tags) => new Set(tags as string[]).size === 1_000,
      )

    expect(differing('params.tags.exists(t, t == params.to)')).toHaveLength(2)
    expect(differing('params.tags.exists(t, t == "b")')).toHaveLength(0)
  })

  test('have the groups that are read', () => {
    const requests = requestsFor('has(agent.owner.groups) && agent.owner.groups.exists(g, g.matches("b"))')

    expect(valuesAt(requests, 'agent.owner.groups')[0]).toEqual(Array(200).fill('a'.repeat(64)))
    expect(valuesAt(requests, 'initiator.groups')[0]).toEqual([])
  })

  test('have the labels that are read, and every window', () => {
    const requests = requestsFor(
      '"team" in resource.labels && resource.labels.team.matches("b") && "night" in time.windows',
    )

    expect(valuesAt(requests, 'resource.labels.team').map((one) => String(one).length)).toContain(512)
    expect(valuesAt(requests, 'time.windows')[0]).toEqual(['night'])
  })
})
