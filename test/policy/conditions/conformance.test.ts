import { type CelInput, celEnv, isCelError, parse, plan } from '@bufbuild/cel'
import { getConformanceSuite, type IncrementalTestSuite } from '@bufbuild/cel-spec/testdata/tests.js'
import { expect, test } from 'vitest'

/**
 * The core cases of the CEL specification that need no protobuf messages of their own: the engine below our checker has
 * to keep its promises. What it does otherwise is listed here, case by case, so that an upgrade that changes anything shows.
 */
const suites = [
  'basic',
  'comparisons',
  'conversions',
  'fp_math',
  'integer_math',
  'lists',
  'logic',
  'macros',
  'parse',
  'string',
  'timestamps',
]
const deviations: readonly string[] = [
  // These build messages of the conformance suite's own schema, which is not registered: messages are not in our language.
  'parse/whitespace/spaces',
  'parse/whitespace/tabs',
  'parse/whitespace/new_lines',
  'parse/whitespace/new_pages',
  'parse/whitespace/carriage_returns',
  'parse/comments/new_line_terminated',
]

const env = celEnv()

test('the engine keeps the specification, but for the known deviations', () => {
  const { ran, failed } = runAll()

  expect(ran).toBeGreaterThan(700)
  expect(failed).toEqual(deviations)
})

function runAll(): { readonly ran: number; readonly failed: readonly string[] } {
  const failed: string[] = []
  let ran = 0
  const visit = (suite: IncrementalTestSuite, path: string): void => {
    for (const inner of suite.suites) visit(inner, `${path}/${inner.name}`)
    for (const { original } of suite.tests) {
      const { expr, bindings, resultMatcher, container, disableMacros } = original
      if (Object.keys(bindings).length > 0 || container !== '' || disableMacros) continue
      const expected = resultMatcher
      if (expected.case === 'value') {
        const value = celValue(expected.value.kind)
        if (value === undefined) continue
        ran += 1
        if (!Object.is(evaluated(expr), value)) failed.push(`${path}/${original.name}`)
      } else if (expected.case === 'evalError') {
        ran += 1
        if (evaluated(expr) !== error) failed.push(`${path}/${original.name}`)
      }
    }
  }
  for (const suite of getConformanceSuite().suites) if (suites.includes(suite.name)) visit(suite, suite.name)
  return { ran, failed }
}

const error = Symbol('an error')

function evaluated(expr: string): unknown {
  try {
    const result = plan(env, parse(expr))()
    return isCelError(result) ? error : result
  } catch {
    return error
  }
}

/** Scalars only: lists and messages are compared by the specification's own means, which are not ours to keep. */
function celValue(kind: {
  readonly case?: string | undefined
  readonly value?: unknown
}): CelInput | undefined {
  if (
    kind.case === 'int64Value' ||
    kind.case === 'boolValue' ||
    kind.case === 'stringValue' ||
    kind.case === 'doubleValue'
  )
    return kind.value as CelInput // of these kinds, bigint, boolean, string or number
  return kind.case === 'nullValue' ? null : undefined
}
