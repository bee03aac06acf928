import type { Bundle } from '../../policy/bundle.ts'
import type { BundleProblem } from '../../policy/problem.ts'
import type { ReadText } from '../../policy/readers/outside.ts'
import type { Difference } from './difference.ts'
import { type Judged, judgeTest } from './judgeTest.ts'
import { type Mutant, mutantsOf } from './mutants.ts'
import { type PolicyTest, readTests } from './readTests.ts'

export interface TestResult {
  readonly name: string
  /** From 1. */
  readonly line: number
  readonly passed: boolean
  readonly differences: readonly Difference[]
}

/** A mistake that no test noticed. */
type Survivor = Omit<Mutant, 'bundle'>

interface Coverage {
  readonly rules: number
  /** Rules that applied in at least one test. */
  readonly reached: number
  readonly neverMatched: readonly string[]
  /** Rules that applied, and were never among those that decided; rules that only observe are not expected to. */
  readonly neverDecisive: readonly string[]
}

export interface TestReport {
  /** There are tests, every file could be read, and every test passed. Coverage and survivors do not count. */
  readonly ok: boolean
  /** What is wrong with test files; their other tests still ran. */
  readonly problems: readonly BundleProblem[]
  readonly files: readonly { readonly file: string; readonly results: readonly TestResult[] }[]
  readonly passed: number
  readonly failed: number
  readonly coverage: Coverage
  /** Only looked for when everything passes: otherwise they say little. */
  readonly survivors: readonly Survivor[]
}

export interface RunOptions {
  readonly mutants?: boolean
  /** Reads what `reads: sql` wants read; without it, nothing of that is understood. */
  readonly readText?: ReadText | undefined
}

/**
 * Runs tests/*.yaml of a bundle's files against the bundle (docs/policy-tests.md). Pure and repeatable: the time and all
 * facts stand in the tests. Without `mutants` no mistakes are tried, for whoever only wants to know whether they pass.
 */
export function runTests(
  bundle: Bundle,
  files: ReadonlyMap<string, string>,
  { mutants = true, readText }: RunOptions = {},
): TestReport {
  const read = readTests(bundle, files, readText)
  const tests = read.files.flatMap((file) => file.tests)
  const judged = new Map(tests.map((test) => [test, judgeTest(bundle, test)]))
  const results = read.files.map(({ file, tests: own }) => ({
    file,
    results: own.map((test) => resultOf(test, judged.get(test)?.differences ?? [])),
  }))
  const failed = [...judged.values()].filter(({ differences }) => differences.length > 0).length
  const ok = tests.length > 0 && failed === 0 && read.problems.length === 0
  return {
    ok,
    problems: read.problems,
    files: results,
    passed: tests.length - failed,
    failed,
    coverage: coverageOf(bundle, [...judged.values()]),
    survivors: ok && mutants ? survivorsOf(bundle, tests) : [],
  }
}

function resultOf({ name, line }: PolicyTest, differences: readonly Difference[]): TestResult {
  return { name, line, passed: differences.length === 0, differences }
}

function coverageOf({ rules }: Bundle, judged: readonly Judged[]): Coverage {
  const verdicts = judged.map(({ evaluation }) => evaluation.verdict)
  const matched = new Set(
    verdicts.flatMap(({ facts, observed }) => [
      ...(Array.isArray(facts.fired) ? facts.fired.map(String) : []),
      ...observed,
    ]),
  )
  const decisive = new Set(verdicts.flatMap((verdict) => verdict.rules))
  const neverMatched = rules.filter(({ id }) => !matched.has(id)).map(({ id }) => id)
  const neverDecisive = rules
    .filter(({ id, mode }) => mode === 'enforce' && matched.has(id) && !decisive.has(id))
    .map(({ id }) => id)
  return { rules: rules.length, reached: rules.length - neverMatched.length, neverMatched, neverDecisive }
}

/** Only tests of an action that the rule is a candidate for can notice. */
function survivorsOf(bundle: Bundle, tests: readonly PolicyTest[]): readonly Survivor[] {
  return bundle.rules.flatMap((rule) => {
    const able = tests.filter(({ action }) =>
      bundle.candidates.get(action.action)?.some(({ id }) => id === rule.id),
    )
    return mutantsOf(bundle, rule)
      .filter((mutant) => able.every((test) => judgeTest(mutant.bundle, test).differences.length === 0))
      .map(({ rule: id, what, file, line }) => ({ rule: id, what, file, line }))
  })
}
