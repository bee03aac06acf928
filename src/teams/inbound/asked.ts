/** What can be written to us: all of it only reads (threats: posted-by-app). */
export const readingWords = ['list', 'show', 'why', 'who', 'history', 'status', 'help'] as const
type Word = (typeof readingWords)[number]

/** `acting`: something was to be done, which takes a button; `elsewhere`: something for which there is none in Teams. */
export interface Asked {
  readonly word: Word | 'acting' | 'elsewhere'
  /** The request that it is about, where one is named. */
  readonly request: string | null
}

const acting = /^(approve|deny|withdraw|escalate|ask|break|narrow|confirm|revoke)/
const elsewhere = /^(stop|resume|delegate|link|agent|token|policy|stats)/

/**
 * Reads what somebody wrote: without the mention of us, and without `/approvals` before it. What is none of our words is answered with how
 * they are written.
 */
export function askedIn(text: string): Asked {
  const said = text
    .replace(/<at>[^<]*<\/at>/gi, ' ')
    .replace(/<[^<>]*>/g, ' ')
    .replace(/&nbsp;/g, ' ')
    .trim()
    .replace(/^\/?approvals\b/i, '')
    .trim()
    .toLowerCase()
  const request = /\breq_[0-9a-z]{1,60}\b/.exec(said)?.[0] ?? null
  const [first = ''] = said.split(/\s+/)
  const word = readingWords.find((one) => one === first.replace(/[.!?:]+$/, ''))
  if (word) return { word, request }
  if (said === '') return { word: 'list', request: null }
  return { word: wordOf(said), request }
}

function wordOf(said: string): Asked['word'] {
  if (acting.test(said)) return 'acting'
  return elsewhere.test(said) ? 'elsewhere' : 'help'
}
