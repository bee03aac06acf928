import type { Condition, Rule } from '../../policy/bundle.ts'
import { type Finding, type Level, type LintCode, lintCodes } from './finding.ts'

/** What to add to a code and a message: a level other than the code's own, or the condition that is meant. */
export interface Emphasis {
  readonly level?: Level
  readonly condition?: Condition | null
}

/** A finding about a rule, at the rule or at one of its conditions. */
export function about(
  rule: Rule,
  [code, message]: readonly [LintCode, string],
  emphasis: Emphasis = {},
): Finding {
  const { level = lintCodes[code].level, condition = null } = emphasis
  const { file, line, column } = condition?.at ?? rule.at
  return {
    level,
    code,
    file,
    line,
    column,
    rule: rule.id,
    message,
    excerpt: condition && excerptOf(condition),
  }
}

function excerptOf({ text }: Condition): string {
  const [first = ''] = text.split('\n', 1)
  return `${first}\n^`
}
