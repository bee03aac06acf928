import type { Json, JsonObject } from '../core/json.ts'
import { revealRuns } from './text.ts'

/** As many spaces in a row as an honest value may have, in an indented text for instance. */
const farApart = 12

/** A value that is longer than this in one line is laid out over several. */
const comfortable = 100

/** One parameter per line, values as JSON, keys sorted as in the canonical form; a long value takes several lines. */
export function parameterLines(params: JsonObject): string[] {
  return sortedKeys(params).flatMap((key) => {
    const value = params[key] ?? null
    const name = /^[\w.-]+$/.test(key) ? key : JSON.stringify(key)
    const line = `${name}: ${print(value)}`
    if (line.length <= comfortable || typeof value !== 'object') return [line]
    return `${name}: ${printWide(value, '')}`.split('\n')
  })
}

function print(value: Json): string {
  if (isList(value)) return `[${value.map(print).join(', ')}]`
  if (typeof value === 'string') return revealRuns(JSON.stringify(value), farApart)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return `{${sortedKeys(value)
    .map((key) => `${JSON.stringify(key)}: ${print(value[key] ?? null)}`)
    .join(', ')}}`
}

/** Like `print`, but every item of what does not fit in a line has its own. */
function printWide(value: Json, indent: string): string {
  const line = print(value)
  if (line.length + indent.length <= comfortable || typeof value !== 'object' || value === null) return line
  const deeper = `${indent}  `
  if (isList(value))
    return block(
      '[',
      value.map((item) => deeper + printWide(item, deeper)),
      `${indent}]`,
    )
  const items = sortedKeys(value).map(
    (key) => `${deeper}${JSON.stringify(key)}: ${printWide(value[key] ?? null, deeper)}`,
  )
  return block('{', items, `${indent}}`)
}

function block(open: string, items: readonly string[], close: string): string {
  return `${open}\n${items.join(',\n')}\n${close}`
}

function sortedKeys(value: JsonObject): string[] {
  return Object.keys(value).sort()
}

/** `Array.isArray` does not narrow a readonly array. */
function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
