/** Characters of a statement: the parser's work can grow with the square of some of them (decided by what was measured). */
export const longestStatement = 4_096
const deepest = 64
const longestOperator = 8

/**
 * What is wrong with a text before the parser sees it, in one sentence; null where nothing is. The text is passed over once.
 * What costs the parser more than its length, what depends on a setting of the server (`standard_conforming_strings`, the
 * encoding), and what only hides something (comments) does not get that far.
 */
export function wrongWith(text: string): { readonly why: string; readonly at?: number } | null {
  if (text.length > longestStatement) return { why: `It is longer than ${longestStatement} characters.` }
  if (!text.isWellFormed()) return { why: 'It is not well-formed text.' }
  let [depth, operator] = [0, 0]
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] ?? ''
    if (letter === "'" || letter === '"') {
      const end = endOfQuoted(text, at)
      if (typeof end === 'string') return { why: end, at }
      at = end
      operator = 0
      continue
    }
    operator = /[-+*/<>=~!@#%^&|`?]/.test(letter) ? operator + 1 : 0
    depth += /[([]/.test(letter) ? 1 : /[)\]]/.test(letter) ? -1 : 0
    const why = wrongAt(text, at, { letter, operator, depth })
    if (why !== null) return { why, at }
  }
  return null
}

interface Seen {
  readonly letter: string
  readonly operator: number
  readonly depth: number
}

function wrongAt(text: string, at: number, { letter, operator, depth }: Seen): string | null {
  const two = text.slice(at, at + 2)
  if (two === '--' || two === '/*') return 'It has a comment.'
  if (operator > longestOperator) return 'It has a long run of operators.'
  if (depth > deepest || depth < 0) return 'Its brackets are nested too deeply, or do not match.'
  if (letter === '$' && !/^\$\d/.test(two)) return 'It has a string in dollars.'
  if (letter === ':' && two !== '::' && text[at - 1] !== ':')
    return 'It has a colon, which some clients replace.'
  if (letter === ';' && text.slice(at + 1).trim() !== '') return 'It has more than one statement.'
  return /[\t\n\r\x20-\x7e]/.test(letter) && letter !== '\\'
    ? null
    : 'It has a character that only strings may have.'
}

/** Where a string or a quoted name ends, or what is wrong with it. */
function endOfQuoted(text: string, start: number): number | string {
  const quote = text[start] ?? ''
  if (/[A-Za-z0-9_&$]/.test(text[start - 1] ?? ''))
    return 'It has a string with a letter before it (E, U&, B, X, N).'
  for (let at = start + 1; at < text.length; at += 1) {
    const letter = text[at] ?? ''
    if (letter === '\\') return 'It has a backslash in a string, which servers read by a setting.'
    if (letter < ' ' && letter !== '\n' && letter !== '\t') return 'It has a control character.'
    if (quote === '"' && letter > '~') return 'It has a name with characters beyond ASCII.'
    if (letter !== quote) continue
    if (text[at + 1] !== quote) return at
    at += 1
  }
  return 'A quote does not end.'
}
