import { join } from 'node:path'
import { runTests, type TestReport } from '../../policy/tests/runTests.ts'
import { sayTests } from '../../policy/tests/sayTests.ts'
import { readBundleDirectory } from '../../store/bundleDirectory.ts'
import { bundleOf } from './bundleIn.ts'
import { type Annotation, type Format, type Printed, printed } from './printed.ts'

/** Runs tests/*.yaml of the bundle in a directory. Exit code 1 when one fails or cannot be read. */
export function testCommand(directory: string, { format }: { readonly format: Format }): Printed {
  const began = performance.now()
  const files = readBundleDirectory(directory)
  const bundle = bundleOf(files, {
    what: `The bundle in ${directory}`,
    mend: `countersign policy lint ${directory}`,
  })
  const report = runTests(bundle, files)
  const forms = {
    text: () => sayTests(report, performance.now() - began),
    json: () => report,
    github: () => annotations(directory, report),
  }
  return printed(format, forms, report.ok ? 0 : 1)
}

function annotations(directory: string, { problems, files, survivors }: TestReport): readonly Annotation[] {
  const unreadable = problems.map(({ code, message, file, line, column }): Annotation => {
    return { level: 'error', title: code, message, at: { file: join(directory, file), line, column } }
  })
  const failed = files.flatMap(({ file, results }) =>
    results
      .filter(({ passed }) => !passed)
      .map(({ name, line, differences }): Annotation => {
        const wrong = differences.map(
          ({ field, expected, actual }) => `${field}: expected ${expected}, got ${actual}`,
        )
        return {
          level: 'error',
          title: name,
          message: wrong.join('\n'),
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
