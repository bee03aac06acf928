import type { Json, JsonObject } from '../core/json.ts'
import { revealLine, revealRuns } from './text.ts'

/** As many spaces in a row as an honest value may have, in an indented text for instance. */
const farApart = 12

/** A value that is longer than this in one line is laid out over several. */
const comfortable = 80

/** Characters of a text in one line, as it is recorded. What is drawn is narrower (`narrow.ts`). */
const readable = 38

/** The margin of a line of a text, and of a line that goes on with the one above it: no line break stands there. */
const margin = { line: '│ ', goesOn: '┆ ' } as const

/**
 * The parameters as lines, hidden characters revealed: values as JSON, keys sorted as in the canonical form but for those that
 * stand first or last. A long value takes several lines, and a long text is shown as it reads: each of its lines behind `│`, broken
 * between words, with `┆` before what was broken off. No two values have the same lines: what begins a line otherwise is a
 * name, or one of JSON's own characters, and a text never begins one.
 */
export function parameterLines(params: JsonObject, order: ParameterOrder = {}): string[] {
  const { first = [], last = [] } = order
  const rank = (key: string): number => {
    if (last.includes(key)) return first.length + 1 + last.indexOf(key)
    return first.includes(key) ? first.indexOf(key) : first.length
  }
  const ordered = sortedKeys(params).sort((a, b) => rank(a) - rank(b))
  return ordered.flatMap((key) => {
    const name = /^[\w.-]+$/.test(key) ? key : revealLine(JSON.stringify(key))
    return laidOut(`${name}: `, params[key] ?? null, '')
  })
}

/** Parameters that stand before all others, and behind them. */
export interface ParameterOrder {
  readonly first?: readonly string[]
  readonly last?: readonly string[]
}

/** A value behind what stands before it in its line, in one line or in several. */
function laidOut(before: string, value: Json, indent: string): string[] {
  if (typeof value === 'string' && isLong(value)) return textLines(before, value, indent)
  const line = `${before}${print(value)}`
  if (line.length <= comfortable || typeof value !== 'object' || value === null) return [line]
  const deeper = `${indent}  `
  if (isList(value)) {
    const items = value.map((item) => laidOut(deeper, item, deeper))
    return [`${before}[`, ...separated(items), `${indent}]`]
  }
  const items = sortedKeys(value).map((key) =>
    laidOut(`${deeper}${revealLine(JSON.stringify(key))}: `, value[key] ?? null, deeper),
  )
  return [`${before}{`, ...separated(items), `${indent}}`]
}

/** With commas between, but for a text, whose lines are its own to the end. */
function separated(items: readonly (readonly string[])[]): string[] {
  return items.flatMap((lines, nth) => {
    const end = lines.at(-1) ?? ''
    const isText = lines.length > 1 && /^ *[│┆]/.test(end)
    return nth === items.length - 1 || isText ? lines : [...lines.slice(0, -1), `${end},`]
  })
}

function isLong(text: string): boolean {
  return text.includes('\n') || print(text).length > comfortable
}

/** `sql: text, 3 lines`, and below it the lines. */
function textLines(before: string, text: string, indent: string): string[] {
  const lines = text.split('\n')
  const count = lines.length === 1 ? '1 line' : `${lines.length} lines`
  return [
    `${before}text, ${count}`,
    ...lines.flatMap((line) =>
      broken(shownLine(line)).map(
        (part, nth) => `${indent}${nth === 0 ? margin.line : margin.goesOn}${part}`,
      ),
    ),
  ]
}

/** Spaces at the end would not be seen, and those far apart hide what follows them. */
function shownLine(line: string): string {
  const shown = revealRuns(revealLine(line), farApart)
  return shown.replace(/ +$/, (spaces) => (spaces.length === 1 ? '[U+0020]' : `[U+0020 ×${spaces.length}]`))
}

/** In parts that are short enough, after a space where there is one; joined again they are the line. */
function broken(line: string): string[] {
  const parts: string[] = []
  const letters = [...line]
  let from = 0
  while (letters.length - from > readable) {
    const end = from + breakAt(letters.slice(from, from + readable + 1))
    parts.push(letters.slice(from, end).join(''))
    from = end
  }
  return [...parts, letters.slice(from).join('')]
}

/** After the last space that fits, and never within a mark such as `[U+202E]`. */
function breakAt(rest: readonly string[]): number {
  const space = rest.lastIndexOf(' ', readable - 1)
  const end = space > 0 ? space + 1 : readable
  const mark = rest.slice(0, end).lastIndexOf('[')
  const isInMark = mark > 0 && /^\[U\+[0-9A-F]*( ×\d*)?$/.test(rest.slice(mark, end).join(''))
  return isInMark ? mark : end
}

function print(value: Json): string {
  if (isList(value)) return `[${value.map(print).join(', ')}]`
  if (typeof value === 'string') return revealRuns(revealLine(JSON.stringify(value)), farApart)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return `{${sortedKeys(value)
    .map((key) => `${revealLine(JSON.stringify(key))}: ${print(value[key] ?? null)}`)
    .join(', ')}}`
}

function sortedKeys(value: JsonObject): string[] {
  return Object.keys(value).sort()
}

/** `Array.isArray` does not narrow a readonly array. */
function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
