import { isTestFile } from '../format/files.ts'
import { type BundleProblem, fileProblem } from '../problem.ts'

/**
 * Why a bundle cannot be made active when it has no tests: a check that checks nothing would be green for every mistake,
 * and whoever weakens a rule could take its tests away with it. One test is enough. Empty when there is a test file; that
 * each holds a test that passes is for `runTests`.
 */
export function untested(files: ReadonlyMap<string, string>): readonly BundleProblem[] {
  if ([...files.keys()].some(isTestFile)) return []
  const message =
    'The bundle has no tests, so nothing shows that it does what it should, and it cannot be made active: put one into tests/first.yaml. "countersign policy test" writes one to begin with.'
  return [fileProblem('bundle.yaml', 'activation/untested', message)]
}
