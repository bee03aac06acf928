import { NotUnderstood } from '../notUnderstood.ts'

/**
 * Bounds on manifests: UTF-16 units and lines of the text, and steps. A step is one character, and one more for every list or
 * mapping that it stands in; a line, and a character that parts a text, is 60: that is what the parser's work grows with.
 */
export const manifestLimits = {
  text: 16 * 1024,
  lines: 1_500,
  steps: 300_000,
  depth: 40,
  objects: 100,
} as const

/**
 * Passes over a text once, before a parser sees it: what readers of YAML do not read alike is not understood, and neither is what
 * costs more than the steps that there are. kubectl looks for `---` by itself, before it parses.
 *
 * @throws NotUnderstood
 */
export function checkText(text: string): void {
  const { text: longest, lines: most } = manifestLimits
  if (text.length > longest)
    throw new NotUnderstood(
      `It is longer than ${longest.toLocaleString('en')} characters: send it in several requests.`,
    )
  const odd = text.search(/[^\n\x20-\x7e]/)
  if (odd !== -1) throw new NotUnderstood(`It has ${sayOdd(text[odd] ?? '')}.`, odd)
  const lines = text.split('\n')
  if (lines.length > most)
    throw new NotUnderstood(
      `It has more than ${most.toLocaleString('en')} lines: send it in several requests.`,
    )
  let [at, steps, open] = [0, 0, 0]
  for (const line of lines) {
    const wrong = wrongWithLine(line)
    if (wrong !== null) throw new NotUnderstood(wrong, at)
    const walked = walk(line, { open, above: levelsBefore(line) })
    steps += walked.steps + weight
    open = walked.open
    if (steps > manifestLimits.steps)
      throw new NotUnderstood(
        `Reading it takes more than ${manifestLimits.steps.toLocaleString('en')} steps: nest it less, or send it in several requests.`,
        at,
      )
    at += line.length + 1
  }
}

/** Steps of a line, or of a character that YAML may take for more than itself. */
const weight = 60

function sayOdd(letter: string): string {
  if (letter === '\t') return 'a tab'
  if (letter === '\r') return 'a line that ends with CR LF'
  return 'a character beyond plain ASCII, which can look like another one'
}

function wrongWithLine(line: string): string | null {
  if (line.startsWith('---') && line !== '---') return 'It has something behind `---`, which kubectl drops.'
  if (line.startsWith('...')) return 'It has `...`, which ends a document for some only.'
  if (line.startsWith('%')) return 'It has a directive.'
  return null
}

/** Levels that a line opens before its first word: two blanks, `- ` and `? ` each are one. */
function levelsBefore(line: string): number {
  return (/^(?: |[-?:] )*/.exec(line)?.[0].length ?? 0) / 2
}

/** Brackets are counted wherever they stand, also in texts: that can only be too many. */
function walk(
  line: string,
  { open: before, above }: { readonly open: number; readonly above: number },
): { readonly steps: number; readonly open: number } {
  let [steps, open] = [0, before]
  for (const letter of line) {
    if (letter === '[' || letter === '{') open += 1
    else if ((letter === ']' || letter === '}') && open > 0) open -= 1
    steps += 1 + open + above + (/[[\]{},:?&*!|>"'%@`#-]/.test(letter) ? weight : 0)
  }
  return { steps, open }
}
