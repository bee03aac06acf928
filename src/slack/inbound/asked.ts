import { firstPoints } from '../../card/text.ts'
import { unescapeText } from '../text/escape.ts'
import { longestProse } from '../windows/fields.ts'

/** What a mention asks for. */
export type Asked = { readonly word: 'why' | 'status' | 'help' } | Doing

export type Doing =
  | { readonly word: 'approve' | 'deny'; readonly reason: string }
  /** `to` is the Slack id of the group or person that was named, if one was. */
  | { readonly word: 'escalate'; readonly reason: string; readonly to: string | null }

/**
 * Reads what was said to us. Deciding words count only when nothing else is said, or a reason after "because":
 * "approve it if …" is not an approval. A question decides nothing: "approve?" asks, and so does "deny? no". An emoji
 * after the word may mean the opposite of it, so an approval has none.
 */
export function askedIn(text: string, botUserId: string): Asked {
  const said = unescapeText(text.replaceAll(new RegExp(`<@${botUserId}(?:\\|[^>]*)?>`, 'g'), ' ')).trim()
  const looking = /^(why|status)[.!?]*$/i.exec(said)
  if (looking) return { word: looking[1]?.toLowerCase() === 'why' ? 'why' : 'status' }
  if (/^approve[.!]*$/i.test(said)) return { word: 'approve', reason: '' }
  const approval = /^approve[\s:,]+because\b[\s:,]*([\s\S]*)$/i.exec(said)
  if (approval)
    return isQuestion(said) ? { word: 'help' } : { word: 'approve', reason: reasonIn(approval[1]) }
  const escalation = escalating.exec(said)
  if (escalation)
    return { word: 'escalate', reason: reasonIn(escalation[2]), to: escalation[1]?.toUpperCase() ?? null }
  return denialIn(said) ?? { word: 'help' }
}

/** `escalate`, `escalate to @security because …`: the two parts are both optional. */
const escalating =
  /^escalate(?:\s+to\s+<(?:!subteam\^|@)([A-Z0-9]+)(?:\|[^>]*)?>)?(?:[\s:,]+because\b[\s:,]*([\s\S]*)|[.!]*)$/i

/** `deny`, and a reason after "because" or without it; then a question is no reason. */
function denialIn(said: string): Asked | null {
  const denial = /^deny(?:[\s:,.!]+(because\b)?[\s:,.!]*([\s\S]*))?$/i.exec(said)
  if (!denial) return null
  const [, because, reason] = denial
  return !because && isQuestion(said) ? null : { word: 'deny', reason: reasonIn(reason) }
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
