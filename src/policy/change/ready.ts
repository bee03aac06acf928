import type { Bundle } from '../bundle.ts'
import { type Finding, findingOf, inOrder } from '../lint/finding.ts'
import { lintFiles } from '../lint/lintBundle.ts'
import { runTests, type TestReport } from '../tests/runTests.ts'
import { untested } from '../tests/untested.ts'
import { activationProblems } from './activation.ts'
import { unsupportedAtActivation } from './unsupportedAtActivation.ts'

/** Whether a bundle may become active, and why not. */
export type Readiness =
  | { readonly ok: true; readonly bundle: Bundle }
  | {
      readonly ok: false
      /** What stops it; empty when only tests do. */
      readonly errors: readonly Finding[]
      /** Null when the bundle did not even load. */
      readonly tests: TestReport | null
    }

/**
 * What a bundle has to pass before it may judge (policy.md section 4.6): it loads, lint has no errors, no condition is
 * slow, it has tests and they pass, this version can do all of it, and it can be replaced again. `now` tells the
 * milliseconds this process has worked.
 */
export function readyToActivate(files: ReadonlyMap<string, string>, now: () => number): Readiness {
  const { bundle, findings } = lintFiles(files, { now })
  if (bundle === null) return { ok: false, errors: findings, tests: null }
  const problems = [...unsupportedAtActivation(bundle), ...activationProblems(bundle), ...untested(files)]
  const errors = [
    ...findings.filter(({ level }) => level === 'error'),
    ...problems.map((problem) => findingOf(problem)),
  ]
  const tests = runTests(bundle, files, { mutants: false })
  if (errors.length === 0 && tests.ok) return { ok: true, bundle }
  return { ok: false, errors: inOrder(errors), tests }
}

/** One line for each thing that stops it, for logs. */
export function sayUnready(readiness: Extract<Readiness, { ok: false }>): readonly string[] {
  const { errors, tests } = readiness
  const unreadable = (tests?.problems ?? []).map(({ file, line, message }) => `${file}:${line} ${message}`)
  const failed = (tests?.files ?? []).flatMap(({ file, results }) =>
    results
      .filter(({ passed }) => !passed)
      .map(({ name, line, differences }) => {
        const wrong = differences.map(
          ({ field, expected, actual }) => `${field}: expected ${expected}, got ${actual}`,
        )
        return `${file}:${line} test “${name}” fails: ${wrong.join('; ')}`
      }),
  )
  const found = errors.map(
    ({ file, line, rule, message }) => `${file}:${line}${rule === null ? '' : ` ${rule}`} ${message}`,
  )
  return [...found, ...unreadable, ...failed]
}
