import { sayDifference } from './difference.ts'
import type { TestReport, TestResult } from './runTests.ts'

/**
 * A report as text (docs/policy-tools.md#test): every test by file, what differed, the sum, rule coverage, and mistakes that no
 * test would notice. `milliseconds`: how long it took, left out when null.
 */
export function sayTests(report: TestReport, milliseconds: number | null): string {
  const { files, problems, passed, failed } = report
  const took = milliseconds === null ? '' : ` · ${Math.round(milliseconds)} ms`
  const lines = [
    ...problems.map(
      ({ file, line, column, code, message }) => `${file}:${line}:${column}  ${code}  ${message}`,
    ),
    ...files.flatMap(({ file, results }) => [file, ...results.flatMap((result) => sayResult(file, result))]),
    ...(files.length === 0 && problems.length === 0
      ? ['There are no tests: put some into tests/*.yaml of the bundle.']
      : []),
    '',
    `${passed} passed, ${failed} failed${took}`,
    sayCoverage(report),
    ...saySurvivors(report),
  ]
  return `${lines.join('\n')}\n`
}

function sayResult(file: string, { name, line, passed, differences }: TestResult): readonly string[] {
  if (passed) return [`  ✓ ${visible(name)}`]
  const details = differences.map((difference) => `      ${visible(sayDifference(difference))}`)
  return [`  ✗ ${visible(name)}  ${file}:${line}`, ...details]
}

/** Names and messages come from whoever proposed the change: nothing in them may steer a terminal. */
function visible(name: string): string {
  return name.replace(/\p{C}/gu, '�')
}

function sayCoverage({ coverage }: TestReport): string {
  const { rules, reached, neverMatched, neverDecisive } = coverage
  const parts = [
    `rule coverage ${reached}/${rules}`,
    ...(neverMatched.length > 0 ? [`never matched: ${neverMatched.join(', ')}`] : []),
    ...(neverDecisive.length > 0 ? [`matched but never decisive: ${neverDecisive.join(', ')}`] : []),
  ]
  return parts.join(' · ')
}

function saySurvivors({ survivors, ok }: TestReport): readonly string[] {
  if (!ok) return ['mistakes that no test notices are looked for only when every test passes']
  if (survivors.length === 0) return ['every mistake that was tried makes a test fail']
  return [
    `${survivors.length} ${survivors.length === 1 ? 'mistake' : 'mistakes'} that no test notices:`,
    ...survivors.map(({ rule, what, file, line }) => `  ${file}:${line}  ${rule}  ${what}`),
  ]
}
