import type { Bundle } from '../../policy/bundle.ts'
import { type Finding, type LintCode, lintCodes } from '../lint/finding.ts'
import { someOf, type TestDifference } from '../tests/testDifference.ts'
import { actionEdits } from './actionEdits.ts'
import { budgetEdits } from './budgetEdits.ts'
import { bundleEdits } from './bundleEdits.ts'
import { commandEdits } from './commandEdits.ts'
import { comparisonOf } from './comparison.ts'
import { resourceEdits, windowEdits } from './factEdits.ts'
import { ruleEdits } from './ruleEdits.ts'
import { toolEdits } from './toolEdits.ts'

/**
 * Every edit between two bundles that can weaken the policy, for whoever reviews the change
 * (docs/policy-tools.md#how-an-approver-reviews-a-change). What cannot be shown to be at least as strict is told. Silent means: whatever the
 * request, `head` judges it no more loosely than `base`, as `policy simulate` counts it.
 */
export function loosened(base: Bundle, head: Bundle): readonly Finding[] {
  const comparison = comparisonOf(base, head)
  const outsideRules: readonly (readonly [string, readonly string[]])[] = [
    ['bundle.yaml', [...bundleEdits(comparison), ...windowEdits(comparison), ...budgetEdits(comparison)]],
    ['actions.yaml', actionEdits(comparison)],
    ['commands.yaml', commandEdits(comparison)],
    ['mcp', toolEdits(comparison)],
    ['resources.yaml', resourceEdits(comparison)],
  ]
  return [
    ...ruleEdits(comparison),
    ...outsideRules.flatMap(([file, messages]) =>
      messages.map((message) => ofFile(file, ['loosen/bundle', message])),
    ),
  ]
}

/**
 * Tests that were taken away or changed between the files of two bundles: whoever weakens a rule can quieten in the same
 * change what would have noticed.
 */
export function loosenedTests({
  removed,
  changed,
}: Pick<TestDifference, 'removed' | 'changed'>): readonly Finding[] {
  const said = [
    ...sayTests('was taken away', 'were taken away', removed),
    ...sayTests(
      'expects something else, or of another request',
      'expect something else, or of other requests',
      changed,
    ),
  ]
  return said.map((message) => ofFile('bundle.yaml', ['loosen/tests', message]))
}

function sayTests(one: string, many: string, names: readonly string[]): readonly string[] {
  if (names.length === 0) return []
  return [`${names.length === 1 ? `A test ${one}` : `${names.length} tests ${many}`}: ${someOf(names)}.`]
}

/** A note about a file as a whole. */
function ofFile(file: string, [code, message]: readonly [LintCode, string]): Finding {
  const { level } = lintCodes[code]
  return { level, code, file, line: 1, column: 1, rule: null, message, excerpt: null }
}
