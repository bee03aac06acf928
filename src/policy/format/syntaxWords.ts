/** An error of the YAML parser: its code, its words, and the offset it points at. */
interface YamlError {
  readonly code: string
  readonly message: string
  readonly at: number
}

/** What the parser found, in the words of whoever writes policies, with the fix. */
export function syntaxWords(text: string, error: YamlError): string {
  const line = lineAt(text, error.at)
  const says = table.find(([pattern]) => pattern.test(`${error.code} ${error.message}`))?.[1]
  return says ? says(line, error) : `${error.message}.`
}

/**
 * What to add where a condition stands on the line: nearly everything that goes wrong with its YAML cannot happen in block
 * text. Empty elsewhere.
 */
export function conditionFix(text: string, at: number): string {
  const { whole, above } = lineAt(text, at)
  const name =
    conditionLine.exec(whole)?.[1] ?? (isProperty(whole) ? undefined : conditionLine.exec(above)?.[1])
  if (name === undefined || isBlockText.test(whole) || isBlockText.test(above)) return ''
  return ` The surest is block text: \`${name}: |\`, and the condition on the next line, indented further.`
}

const isBlockText = /:\s+[|>]/
const conditionLine = /^\s*(?:- )?(when|unless)\s*:?/

/** The line of a place: what stands before the place in it, from the place on, all of it, and the line above. */
interface Line {
  readonly before: string
  readonly rest: string
  readonly whole: string
  readonly above: string
  readonly below: string
}

function lineAt(text: string, at: number): Line {
  const start = at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1
  const end = endOf(text, start)
  const above = start < 2 ? '' : text.slice(text.lastIndexOf('\n', start - 2) + 1, start - 1)
  return {
    before: text.slice(start, at),
    rest: text.slice(at, end),
    whole: text.slice(start, end),
    above,
    below: text.slice(end + 1, endOf(text, end + 1)),
  }
}

function endOf(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end === -1 ? text.length : end
}

const isProperty = (line: string): boolean => /^\s*(- )?[\w.-]+:(\s|$)/.test(line)
const indentOf = (line: string): number => line.search(/\S|$/)

const alike =
  'Properties that belong together begin in the same column; another item of a list begins with "- ".'

const table: readonly (readonly [pattern: RegExp, says: (line: Line, error: YamlError) => string])[] = [
  [
    /Unexpected scalar at node end/,
    ({ before }) =>
      before.trim() === ''
        ? `This line does not belong to anything above it. ${alike}`
        : 'The value ended before this, with its quote or bracket: put the whole value in quotes, \'like "this" one\'.',
  ],
  [
    /^BLOCK_AS_IMPLICIT_KEY/,
    ({ rest, below }) =>
      /: |:$|\? /.test(rest) || indentOf(below) === 0
        ? 'A value with a colon and a space in it has to be in quotes: "like: this".'
        : `The next line is indented further than this one. ${alike}`,
  ],
  [/^MULTILINE_IMPLICIT_KEY/, ({ whole, above }) => noProperty(whole, above)],
  [
    /^BAD_INDENT Flow (map|sequence)/,
    (_, { message }) => {
      const end = message.at(-1) === ']' ? '[ … ]' : '{ … }'
      return `A bracket was opened above and is not closed: close the ${end}. A # after a space begins a comment, which hides what follows: put text with it in quotes.`
    },
  ],
  [/^BAD_INDENT/, () => `This line is not indented like the others. ${alike}`],
  [/Sequence item without - indicator/, () => `This line is not indented as far as its item. ${alike}`],
  [/Missing closing/, () => 'A quote is opened and never closed: close it, with the same kind of quote.'],
  [/^MISSING_CHAR/, () => `A property is missing its value: write it as name: value. ${alike}`],
  [
    /Not a YAML token/,
    ({ before }) =>
      `After ${before.trim().at(-1) ?? '|'} the text begins on the next line: move it there, indented further.`,
  ],
  [
    /Unexpected block-seq-ind/,
    () => 'A list begins on a line of its own: move this to the next line, indented.',
  ],
  [/Unexpected ,/, () => 'There is one comma too many: remove it.'],
  [/^BAD_SCALAR_START/, ({ rest }) => `A value cannot begin with ${rest.charAt(0)}: put it in quotes.`],
  [
    /^BAD_DQ_ESCAPE/,
    () => String.raw`In double quotes \ has a meaning of its own: use single quotes, or write \\.`,
  ],
  [/in YAML stream|in block collection/, () => `This does not belong to anything above it. ${alike}`],
]

function noProperty(whole: string, above: string): string {
  if (/^\s*(- )?[\w.-]+:\S/.test(whole)) return 'The colon of a property needs a space after it: name: value.'
  if (/[|>]\s*$/.test(above))
    return 'Block text is indented further than the name it belongs to: indent this.'
  return 'This is not a property, because there is no colon: write name: value, or indent it if it belongs to the line above.'
}
