import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../src/core/json.ts'
import { bind } from '../../../src/policy/conditions/bind.ts'
import { celEngine } from '../../../src/policy/conditions/cel.ts'
import { variantsOf } from '../../../src/policy/conditions/declarations.ts'
import { pathTo, rootOf, stepsOf } from '../../../src/policy/conditions/path.ts'
import { catalogue } from './compile.ts'

const declared = {
  variants: variantsOf(['raw'], catalogue, { windows: [], environments: null, budgets: [], people: [] }),
  known: new Set<string>(),
}

/** What the engine says. */
function said(source: string, params: JsonObject, labels: Record<string, string> = {}) {
  const facts = {
    at: '2026-11-24T14:00:00Z',
    environment: 'prod',
    resource: { sensitivity: 'unknown' as const, labels },
    agent: { id: 'agt_1' },
  }
  const action = { action: 'raw', resource: { type: 't', id: 'x' }, params, environment: 'prod' }
  const compiled = celEngine().compile(source, declared, 'bool')
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics))
  return compiled.compiled.eval(bind(action, facts, { declared: 'open' }))
}
const yes = { ok: true, value: true }
const no = { ok: true, value: false }

describe('a key with a dot in it', () => {
  const key =
    'has(params.labels) && "acme.test/env" in params.labels && params.labels["acme.test/env"] == "dev"'

  test('is never the field of a field, which an agent could put beside it', () => {
    const forged = { 'acme.test/env': 'prod', acme: { 'test/env': 'dev' } }

    expect(said(key, { labels: { 'acme.test/env': 'dev' } })).toEqual(yes)
    expect(said(key, { labels: forged })).toEqual(no)
    expect(said('"k.v" in params && params["k.v"] == "bad"', { 'k.v': 'bad', k: { v: 'good' } })).toEqual(yes)
    expect(said('"k.v" in params && params["k.v"] == "bad"', { k: { v: 'bad' } })).toEqual(no)
  })

  test('shows nothing about the field of a field', () => {
    const result = celEngine().compile('"k.v" in params && params.k.v == "x"', declared, 'bool')

    expect(result.ok ? [] : result.diagnostics.map(({ code }) => code)).toContain('cel/unguarded-optional')
  })

  test('can be a label of the inventory', () => {
    const label = '"cost.centre" in resource.labels && resource.labels["cost.centre"] == "7"'

    expect(said(label, {}, { 'cost.centre': '7' })).toEqual(yes)
    expect(said(label, {}, { cost: '7' })).toEqual(no)
  })
})

test('every path has a text of its own, and is found in it again', () => {
  const step = fc.oneof(fc.string(), fc.constantFrom('a', 'b', 'a.b', '["a"]', '"', '\\', 'size', '', ' '))
  fc.assert(
    fc.property(fc.array(step, { maxLength: 4 }), (steps) => {
      const path = steps.reduce(pathTo, 'params')

      expect(stepsOf(path)).toEqual(['params', ...steps])
      expect(rootOf(path)).toBe('params')
    }),
    { numRuns: 2_000 },
  )
})
