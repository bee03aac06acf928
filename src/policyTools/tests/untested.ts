import { isTestFile } from '../../policy/format/files.ts'
import { parseYaml } from '../../policy/format/yaml.ts'
import { type BundleProblem, fileProblem } from '../../policy/problem.ts'

/**
 * Why a bundle cannot be made active when it has no tests: a check that checks nothing would be green for every mistake,
 * and whoever weakens a rule could take its tests away with it. One test is enough. Empty when a test file says anything;
 * that it can be read is for `readTests`, and that each holds a test that passes for `runTests`.
 */
export function untested(files: ReadonlyMap<string, string>): readonly BundleProblem[] {
  if ([...files].some(([path, text]) => isTestFile(path) && !isEmpty(path, text))) return []
  const message =
    'The bundle has no tests, so nothing shows that it does what it should, and it cannot be made active: put one into tests/first.yaml. "countersign policy test" prints one to begin with.'
  return [fileProblem('bundle.yaml', 'activation/untested', message)]
}

/** Nothing but comments, or `tests: []`. */
function isEmpty(path: string, text: string): boolean {
  const parsed = parseYaml(path, text)
  if ('problems' in parsed) return false
  const { value } = parsed.source
  if (value === null) return true
  return typeof value === 'object' && 'tests' in value && JSON.stringify(value.tests) === '[]'
}
