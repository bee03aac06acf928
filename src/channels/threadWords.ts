import { longestProse } from '../card/forms/fields.ts'
import { firstPoints } from '../card/text.ts'

/** What was said besides the word itself. */
export interface Words {
  readonly reason: string
  /** The id of the group or person that was mentioned, as the channel has it; null when none was, left out where none can be. */
  readonly to?: string | null
}

/** `approve`, `approve because …`. A reason that ends in a question asks for it. */
export function approvalIn(said: string): Words | null {
  return isQuestion(said) ? null : wordsIn(spoken.approve, said)
}

/** `deny`, `deny because …`. */
export function denialIn(said: string): Words | null {
  return wordsIn(spoken.deny, said)
}

/** `withdraw`, `withdraw because …`. */
export function withdrawalIn(said: string): Words | null {
  return wordsIn(spoken.withdraw, said)
}

/** `escalate`, `escalate to @security because …`: the two parts are both optional. */
export function escalationIn(said: string, mention: string): Words | null {
  const found = exactly(`escalate(?:\\s+to\\s+${mention})?`).exec(said)
  return found && { reason: reasonIn(found[2]), to: found[1]?.toUpperCase() ?? null }
}

/** `ask for changes: …`. */
export function changesIn(said: string): Words | null {
  return wordsIn(askChanges, said)
}

/** `ask: …`. */
export function questionIn(said: string): Words | null {
  return wordsIn(ask, said)
}

/**
 * What a verb is said by in a thread is exactly its word, alone or followed by `because …`: "approve?", "approve it if …",
 * "deny? no" and "deny, or not" decide nothing. Capitals do not matter, nor does one full stop or exclamation mark after
 * the word.
 */
function exactly(word: string): RegExp {
  return new RegExp(`^${word}(?:[.!]|\\s+because\\s+(\\S[\\s\\S]*))?$`, 'i')
}

const spoken = { approve: exactly('approve'), deny: exactly('deny'), withdraw: exactly('withdraw') }

/** The colon is part of it: "ask for changes" alone says nothing, and "ask Bob first" is said to somebody else. */
const askChanges = /^ask\s+for\s+changes:\s*(\S[\s\S]*)$/i
const ask = /^ask:\s*(\S[\s\S]*)$/i

function wordsIn(form: RegExp, said: string): Words | null {
  const found = form.exec(said)
  return found && { reason: reasonIn(found[1]) }
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
