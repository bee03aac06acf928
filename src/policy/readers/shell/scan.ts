/** Bounds of a command line that is read: characters, words of all its commands, and commands. */
export const shellLimits = { characters: 4_000, words: 256, commands: 64 } as const

/** Why a text was not understood, and where: UTF-16 units from the start. */
export interface Trouble {
  readonly why: string
  readonly at?: number
}

/** Pieces between blanks, also in quotes, and signs between commands: what a parser could take long for. */
const mostPieces = 2 * shellLimits.words
const tooManyWords: Trouble = { why: `It has more than ${shellLimits.words} words.` }

type Quote = 'plain' | 'single' | 'double'

/**
 * Looks for what is never understood before anything parses the text, once from left to right and following quotes: so
 * that what the parser takes or recovers from differently than a shell never reaches it. Null: nothing was found.
 */
export function scan(text: string): Trouble | null {
  if (text.length > shellLimits.characters)
    return { why: `It has more than ${shellLimits.characters.toLocaleString('en')} characters.` }
  if (text.split(/[ \t\n;&|]+/).length > mostPieces) return tooManyWords
  let quote: Quote = 'plain'
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] ?? ''
    if (!isPlainAscii(letter)) return { why: 'It has a character that is not plain ASCII.', at }
    if (quote === 'single') {
      if (letter === "'") quote = 'plain'
      continue
    }
    const never = everywhere[letter]
    if (never !== undefined) return { why: never, at }
    if (letter === '\\') {
      const next = text[at + 1]
      if (next === undefined) return { why: 'It ends with a backslash.', at }
      // What a backslash protects is looked at all the same where shells or their settings differ about it.
      if (everywhere[next] === undefined && isPlainAscii(next)) at += 1
      continue
    }
    if (letter === '"') quote = quote === 'double' ? 'plain' : 'double'
    if (quote === 'double' || letter === '"') continue
    if (letter === "'") quote = 'single'
    const trouble = unquoted(text, at)
    if (trouble !== null) return { why: trouble, at }
  }
  return quote === 'plain' ? null : { why: 'A quote is not closed.' }
}

/** What a word can never have, whoever hands it to a program. */
export function scannedWord(word: string): Trouble | null {
  return [...word].every(isPlainAscii) ? null : { why: 'It has a character that is not plain ASCII.' }
}

function isPlainAscii(letter: string): boolean {
  return letter === '\t' || letter === '\n' || (letter >= ' ' && letter <= '~')
}

/** Outside single quotes, also behind a backslash. */
const everywhere: Readonly<Record<string, string>> = {
  '`': 'A command is put into another (`…`).',
  $: 'It has a variable or a substitution ($).',
  '!': 'An exclamation mark outside single quotes can mean an earlier command.',
}

const brackets: Readonly<Record<string, string>> = {
  '(': 'It has a subshell or another group: (.',
  ')': 'It has a subshell or another group: ).',
  '{': 'It has a brace, which shells expand: {.',
  '}': 'It has a brace, which shells expand: }.',
  '[': 'It has a bracket outside quotes, which shells expand: [.',
  ']': 'It has a bracket outside quotes, which shells expand: ].',
  '~': 'It has a tilde, which shells expand.',
}

/** What stands before a tilde that no shell expands: it would begin a word, or follow a colon or an equals sign. */
const insideAWord = /[A-Za-z0-9^~]/

function unquoted(text: string, at: number): string | null {
  const letter = text[at] ?? ''
  const [before, after] = [text[at - 1] ?? '', text[at + 1] ?? '']
  const bracket = letter === '~' && insideAWord.test(before) ? undefined : brackets[letter]
  if (bracket !== undefined) return bracket
  if (letter === '#' && (before === '' || ' \t\n;&|<>'.includes(before))) return 'It has a comment.'
  if (letter === '<' && after === '<') return 'It has a here-document.'
  if (letter === '&' && before !== '&' && after !== '&' && before !== '>')
    return 'A command runs in the background, or its output goes somewhere (&).'
  return null
}
