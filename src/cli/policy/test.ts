import { join } from 'node:path'
import type { Bundle } from '../../policy/bundle.ts'
import type { ReadText } from '../../policy/readers/outside.ts'
import { sayDifference } from '../../policyTools/tests/difference.ts'
import { firstTest } from '../../policyTools/tests/firstTest.ts'
import { runTests, type TestReport } from '../../policyTools/tests/runTests.ts'
import { sayTests } from '../../policyTools/tests/sayTests.ts'
import { untested } from '../../policyTools/tests/untested.ts'
import { readBundleDirectory } from '../../store/bundleDirectory.ts'
import { bundleOf } from './bundleIn.ts'
import { type Annotation, type Format, type Printed, printed } from './printed.ts'

/** Runs tests/*.yaml of the bundle in a directory. Exit code 1 when one fails or cannot be read, or there is none. */
export function testCommand(
  directory: string,
  { format, readText }: { readonly format: Format; readonly readText?: ReadText | undefined },
): Printed {
  const began = performance.now()
  const files = readBundleDirectory(directory)
  const bundle = bundleOf(files, {
    what: `The bundle in ${directory}`,
    fix: `countersign policy lint ${directory}`,
  })
  const report = runTests(bundle, files, { readText })
  const missing = untested(files)
  const forms = {
    text: () =>
      missing.length > 0 ? sayUntested(directory, bundle) : sayTests(report, performance.now() - began),
    json: () => ({ ...report, problems: [...missing, ...report.problems] }),
    github: () => annotations(directory, { ...report, problems: [...missing, ...report.problems] }),
  }
  return printed(format, forms, report.ok ? 0 : 1)
}

function sayUntested(directory: string, bundle: Bundle): string {
  const file = join(directory, 'tests/first.yaml')
  return `There are no tests, so nothing was checked, and a bundle without tests cannot be made active.\nTo begin with, put this into ${file}, and change it to say what it should:\n\n${firstTest(bundle)}`
}

function annotations(directory: string, { problems, files, survivors }: TestReport): readonly Annotation[] {
  const unreadable = problems.map(({ code, message, file, line, column }): Annotation => {
    return { level: 'error', title: code, message, at: { file: join(directory, file), line, column } }
  })
  const failed = files.flatMap(({ file, results }) =>
    results
      .filter(({ passed }) => !passed)
      .map(({ name, line, differences }): Annotation => {
        return {
          level: 'error',
          title: name,
          message: differences.map(sayDifference).join('\n'),
          at: { file: join(directory, file), line, column: 1 },
        }
      }),
  )
  const missed = survivors.map(({ rule, what, file, line }): Annotation => {
    const message = `No test notices this mistake in ${rule}: ${what}`
    return {
      level: 'notice',
      title: 'mistake that no test notices',
      message,
      at: { file: join(directory, file), line, column: 1 },
    }
  })
  return [...unreadable, ...failed, ...missed]
}
