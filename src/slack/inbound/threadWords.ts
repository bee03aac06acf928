import { firstPoints } from '../../card/text.ts'
import { longestProse } from '../windows/fields.ts'

/** What was said besides the word itself. */
export interface Words {
  readonly reason: string
  /** The Slack id of the group or person that was named; null when none was, left out where none can be. */
  readonly to?: string | null
}

/** `approve`, or a reason after "because"; nothing else beside it: "approve it if …" is no approval, nor is a question. */
export function approvalIn(said: string): Words | null {
  if (/^approve[.!]*$/i.test(said)) return { reason: '' }
  const approval = /^approve[\s:,]+because\b[\s:,]*([\s\S]*)$/i.exec(said)
  return approval && !isQuestion(said) ? { reason: reasonIn(approval[1]) } : null
}

/** `deny`, and a reason after "because" or without it; then a question is no reason. */
export function denialIn(said: string): Words | null {
  const denial = /^deny(?:[\s:,.!]+(because\b)?[\s:,.!]*([\s\S]*))?$/i.exec(said)
  if (!denial) return null
  const [, because, reason] = denial
  return !because && isQuestion(said) ? null : { reason: reasonIn(reason) }
}

/** `withdraw`, or a reason after "because"; nothing else beside it. */
export function withdrawalIn(said: string): Words | null {
  const withdrawal = /^withdraw(?:[\s:,]+because\b[\s:,]*([\s\S]*)|[.!]*)$/i.exec(said)
  return withdrawal && { reason: reasonIn(withdrawal[1]) }
}

/** `escalate`, `escalate to @security because …`: the two parts are both optional. */
export function escalationIn(said: string): Words | null {
  const escalation =
    /^escalate(?:\s+to\s+<(?:!subteam\^|@)([A-Z0-9]+)(?:\|[^>]*)?>)?(?:[\s:,]+because\b[\s:,]*([\s\S]*)|[.!]*)$/i.exec(
      said,
    )
  return escalation && { reason: reasonIn(escalation[2]), to: escalation[1]?.toUpperCase() ?? null }
}

/** Ends like a question in any of the scripts that have a mark for it. Only the end is read, however long it is. */
function isQuestion(said: string): boolean {
  return /[?\u00bf\u037e\u061f\u203d\u2047-\u2049\u2e2e\ufe56\uff1f][\s\p{P}\p{S}\p{M}]*$/u.test(
    said.slice(-100),
  )
}

function reasonIn(rest = ''): string {
  return firstPoints(rest.trim(), longestProse)
}
