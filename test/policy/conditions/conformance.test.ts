import { type CelInput, celEnv, isCelError, parse, plan } from '@bufbuild/cel'
import { getConformanceSuite, type IncrementalTestSuite } from '@bufbuild/cel-spec/testdata/tests.js'
import { expect, test } from 'vitest'

/*
 * The cases of the CEL specification: the engine below our checker has to keep its promises. What it does otherwise is
 * listed here, case by case, and what is not tried is counted by its reason, so that an upgrade that changes anything
 * shows, and no case falls silently out.
 */

/** The suites of what our language has. Every other one is of something that it leaves out. */
const suites = [
  'basic',
  'comparisons',
  'conversions',
  'fields',
  'fp_math',
  'integer_math',
  'lists',
  'logic',
  'macros',
  'namespace',
  'parse',
  'plumbing',
  'string',
  'timestamps',
]
const leftOut: Readonly<Record<string, readonly string[]>> = {
  'extensions that are not switched on': [
    'bindings_ext',
    'block_ext',
    'encoders_ext',
    'macros2',
    'math_ext',
    'optionals',
    'string_ext',
  ],
  'protobuf messages, wrappers and enums': ['dynamic', 'enums', 'proto2', 'proto2_ext', 'proto3', 'wrappers'],
  'the type checker of the specification; ours is check.ts': ['type_deductions'],
  'unknown values': ['unknowns'],
}
const deviations: Readonly<Record<string, readonly string[]>> = {
  'names in backticks, which our language writes params["cost-centre"]': [
    'fields/quoted_map_fields/field_access_slash',
    'fields/quoted_map_fields/field_access_dash',
    'fields/quoted_map_fields/field_access_dot',
    'fields/quoted_map_fields/has_field_slash',
    'fields/quoted_map_fields/has_field_dash',
    'fields/quoted_map_fields/has_field_dot',
  ],
  'a mapping written with one key twice, as 0 and 0u; mappings are not in our language': [
    'fields/qualified_identifier_resolution/map_value_repeat_key_heterogeneous',
  ],
  "messages of the specification's own schema, which is not registered; messages are not in our language": [
    'parse/whitespace/spaces',
    'parse/whitespace/tabs',
    'parse/whitespace/new_lines',
    'parse/whitespace/new_pages',
    'parse/whitespace/carriage_returns',
    'parse/comments/new_line_terminated',
  ],
}
const env = celEnv()

type Case = IncrementalTestSuite['tests'][number]['original']
type Skip =
  | 'a variable that is a message, a list, a mapping, bytes or uint'
  | 'names within a protobuf package'
  | 'a result that is a message, a list, a mapping, a type, bytes or uint'

test('the engine keeps the specification, but for the known deviations', () => {
  const { failed } = runAll()

  expect(failed).toEqual(Object.values(deviations).flat())
})

test('every suite is either tried or left out for a reason, and what is tried of it is counted', () => {
  const known = [...suites, ...Object.values(leftOut).flat()].sort()
  const { ran, skipped } = runAll()

  expect(
    getConformanceSuite()
      .suites.map(({ name }) => name)
      .sort(),
  ).toEqual(known)
  expect({ ran, skipped }).toEqual({
    ran: 947,
    skipped: {
      'a result that is a message, a list, a mapping, a type, bytes or uint': 150,
      'a variable that is a message, a list, a mapping, bytes or uint': 16,
      'names within a protobuf package': 66,
    },
  })
})

interface Run {
  readonly ran: number
  readonly skipped: Readonly<Partial<Record<Skip, number>>>
  /** Paths of the cases that came out otherwise. */
  readonly failed: readonly string[]
}

function runAll(): Run {
  const failed: string[] = []
  const skipped: Partial<Record<Skip, number>> = {}
  let ran = 0
  const visit = (suite: IncrementalTestSuite, path: string): void => {
    for (const inner of suite.suites) visit(inner, `${path}/${inner.name}`)
    for (const { original } of suite.tests) {
      const skip = whySkipped(original)
      if (skip !== null) {
        skipped[skip] = (skipped[skip] ?? 0) + 1
        continue
      }
      ran += 1
      if (!Object.is(evaluated(original), expectedOf(original))) failed.push(`${path}/${original.name}`)
    }
  }
  for (const suite of getConformanceSuite().suites) if (suites.includes(suite.name)) visit(suite, suite.name)
  return { ran, skipped, failed }
}

function whySkipped(one: Case): Skip | null {
  if (one.container !== '') return 'names within a protobuf package'
  if (Object.keys(one.bindings).length > Object.keys(variablesOf(one)).length)
    return 'a variable that is a message, a list, a mapping, bytes or uint'
  return expectedOf(one) === undefined
    ? 'a result that is a message, a list, a mapping, a type, bytes or uint'
    : null
}

const error = Symbol('an error')

function evaluated(one: Case): unknown {
  try {
    const result = plan(env, parse(one.expr))(variablesOf(one))
    return isCelError(result) ? error : result
  } catch {
    return error
  }
}

function expectedOf({ resultMatcher }: Case): unknown {
  if (resultMatcher.case === 'evalError') return error
  return resultMatcher.case === 'value' ? celValue(resultMatcher.value.kind) : undefined
}

/** The variables that are scalars. */
function variablesOf({ bindings }: Case): Record<string, CelInput> {
  const values = Object.entries(bindings).flatMap(([name, { kind }]): [string, CelInput][] => {
    const value = kind.case === 'value' ? celValue(kind.value.kind) : undefined
    return value === undefined ? [] : [[name, value]]
  })
  return Object.fromEntries(values)
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
