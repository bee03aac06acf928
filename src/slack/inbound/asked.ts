import type { Verb } from '../../approvals/personCommand.ts'
import { unescapeText } from '../text/escape.ts'
import type { Words } from './threadWords.ts'
import { slackVerbs, verbs } from './verbs.ts'

/** What a mention asks for. */
export type Asked = { readonly word: 'why' | 'status' | 'help' } | Doing

/** Whoever names a verb wants it done. */
export interface Doing extends Words {
  readonly word: Verb
}

/**
 * Reads what was said to us. Deciding words count only when nothing else is said, or a reason after "because":
 * "approve it if …" is not an approval. A question decides nothing: "approve?" asks, and so does "deny? no". An emoji
 * after the word may mean the opposite of it, so an approval has none.
 */
export function askedIn(text: string, botUserId: string): Asked {
  const said = unescapeText(text.replaceAll(new RegExp(`<@${botUserId}(?:\\|[^>]*)?>`, 'g'), ' ')).trim()
  const looking = /^(why|status)[.!?]*$/i.exec(said)
  if (looking) return { word: looking[1]?.toLowerCase() === 'why' ? 'why' : 'status' }
  for (const word of verbs) {
    const words = slackVerbs[word].thread?.read(said)
    if (words) return { word, ...words }
  }
  return { word: 'help' }
}
