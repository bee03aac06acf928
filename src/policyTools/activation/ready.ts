import type { Bundle } from '../../policy/bundle.ts'
import type { ReadText } from '../../policy/readers/outside.ts'
import { type Finding, findingOf, inOrder } from '../lint/finding.ts'
import { lintFiles } from '../lint/lintBundle.ts'
import { sayDifference } from '../tests/difference.ts'
import { runTests, type TestReport } from '../tests/runTests.ts'
import { untested } from '../tests/untested.ts'
import { activationProblems } from './activation.ts'
import { lockedProblems } from './locked.ts'
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
 * What a bundle has to pass before it may judge (docs/policy-tools.md#activate): it loads, lint has no errors, no condition is
 * slow, it has tests and they pass, this version can do all of it, and it can be replaced again. The same files have the
 * same answer on every machine, however busy it is.
 */
export function readyToActivate(files: ReadonlyMap<string, string>, readText?: ReadText): Readiness {
  const { bundle, findings } = lintFiles(files, { errorsOnly: true })
  if (bundle === null) return { ok: false, errors: findings, tests: null }
  const problems = [
    ...unsupportedAtActivation(bundle),
    ...activationProblems(bundle),
    ...lockedProblems(bundle),
    ...untested(files),
  ]
  const errors = [...findings, ...problems.map((problem) => findingOf(problem))]
  const tests = runTests(bundle, files, { mutants: false, readText })
  if (errors.length === 0 && tests.ok) return { ok: true, bundle }
  return { ok: false, errors: inOrder(errors), tests }
}

/** One line for each thing that stops it, for logs. What is wrong with test files is among the errors of lint. */
export function sayUnready(readiness: Extract<Readiness, { ok: false }>): readonly string[] {
  const { errors, tests } = readiness
  const failed = (tests?.files ?? []).flatMap(({ file, results }) =>
    results
      .filter(({ passed }) => !passed)
      .map(({ name, line, differences }) => {
        return `${file}:${line} test “${name}” fails: ${differences.map(sayDifference).join('; ')}`
      }),
  )
  const found = errors.map(
    ({ file, line, column, code, rule, message }) =>
      `${file}:${line}:${column} ${code}${rule === null ? '' : ` in ${rule}`}: ${message}`,
  )
  return [...found, ...failed]
}
