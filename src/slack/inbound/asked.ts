import type { Verb } from '../../approvals/personCommand.ts'
import type { Words } from '../../channels/threadWords.ts'
import { channelVerbs, verbs } from '../../channels/verbs.ts'
import { unescapeText } from '../text/escape.ts'

/** What a mention asks for. */
export type Asked = { readonly word: 'why' | 'status' } | Unclear | Doing

/** Nothing is done. `meant` is the verb that was named without being said, if one was: then the help says how it is said. */
interface Unclear {
  readonly word: 'help'
  readonly meant: Verb | null
}

/** Whoever names a verb wants it done. */
export interface Doing extends Words {
  readonly word: Verb
}

/** Of a group or a person. */
const mention = '<(?:!subteam\\^|@)([A-Z0-9]+)(?:\\|[^>]*)?>'

/**
 * Reads what was said to us. What decides is exactly a verb's word, alone or with a reason after "because"
 * (threadWords.ts); an emoji after it, a question mark or a condition may mean the opposite, so then nothing is done.
 */
export function askedIn(text: string, botUserId: string): Asked {
  const said = unescapeText(text.replaceAll(new RegExp(`<@${botUserId}(?:\\|[^>]*)?>`, 'g'), ' ')).trim()
  const looking = /^(why|status)[.!?]*$/i.exec(said)
  if (looking) return { word: looking[1]?.toLowerCase() === 'why' ? 'why' : 'status' }
  for (const word of verbs) {
    const words = channelVerbs[word].thread?.read(said, mention)
    if (words) return { word, ...words }
  }
  return { word: 'help', meant: meantIn(said) }
}

/** The first verb that is named anywhere in it, also as "approved" or "please deny". */
function meantIn(said: string): Verb | null {
  const asked = /^ask\b(\s+for\s+changes?\b)?/i.exec(said)
  if (asked) return asked[1] ? 'ask_changes' : 'ask_question'
  const named = /\b(approve|deny|withdraw|escalate)/i.exec(said)?.[1]?.toLowerCase()
  return verbs.find((verb) => verb === named) ?? null
}
