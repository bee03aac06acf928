import type { Action } from '../../core/action.ts'
import type { Digest } from '../../core/digest.ts'
import type { Json, JsonObject } from '../../core/json.ts'
import { hasHidden, lengthOf, revealLine, revealRuns } from '../text/text.ts'

/** How much of an action a card shows; beyond any of these the full view comes first (threats: too-long). */
const cardLimits = {
  name: 130,
  resource: 300,
  environment: 100,
  parameters: 2_500,
  lines: 50,
} as const

/** An action as people see it. The card, the full view and the recorded `seen` are all made from this. */
export interface Facts {
  readonly name: string
  /** Type and id: `table warehouse.users`. */
  readonly resource: string
  readonly environment: string
  /** One parameter per line, values as JSON; a long value takes several lines. */
  readonly parameters: readonly string[]
  /** All of the above and the digest: what the approver saw, to be kept with the decision (threats: what-you-see). */
  readonly text: string
  readonly hidden: boolean
  /** True when a card can show all of it. */
  readonly fits: boolean
}

/** Renders an action, complete. Keys are sorted as in the canonical form; hidden characters are revealed. */
export function factsOf(request: { readonly action: Action; readonly digest: Digest }): Facts {
  const { action, digest } = request
  const raw = parameterLines(action.params)
  const shown = {
    name: revealLine(action.action),
    resource: revealLine(`${word(action.resource.type)} ${word(action.resource.id)}`),
    environment: revealLine(action.environment),
    parameters: raw.map(revealLine),
  }
  const { type, id } = action.resource
  const text = [
    `action: ${shown.name}`,
    `resource: ${shown.resource}`,
    `environment: ${shown.environment}`,
    shown.parameters.length > 0 ? 'parameters:' : 'parameters: none',
    ...shown.parameters.map((line) => `  ${line}`),
    `digest: ${digest}`,
  ].join('\n')
  const hidden = [action.action, word(type), word(id), action.environment, ...raw].some(hidesSomething)
  return { ...shown, text, hidden, fits: fits(shown) }
}

/** The action in one sentence, for confirmations and notifications. Not escaped, not cut. */
export function summaryOf(facts: Facts): string {
  return `${facts.name} on ${facts.resource} in ${facts.environment}`
}

function fits(shown: Pick<Facts, 'name' | 'resource' | 'environment' | 'parameters'>): boolean {
  return (
    lengthOf(shown.name) <= cardLimits.name &&
    lengthOf(shown.resource) <= cardLimits.resource &&
    lengthOf(shown.environment) <= cardLimits.environment &&
    shown.parameters.length <= cardLimits.lines &&
    lengthOf(shown.parameters.join('\n')) <= cardLimits.parameters
  )
}

function hidesSomething(text: string): boolean {
  return hasHidden(text) || /[\n\t]|\[U\+0020 ×/.test(text)
}

/**
 * A name from outside as one word: bare when it cannot be taken for anything else, in quotes otherwise, so that it
 * cannot pretend to be two words or one of our own beside it.
 */
export function word(text: string): string {
  return /^[\w./:@#+*%=,~-]+$/.test(text) ? text : revealRuns(JSON.stringify(text), 2)
}

/** As many spaces in a row as an honest value may have, in an indented text for instance. */
const farApart = 12

/** A value that is longer than this in one line is laid out over several. */
const comfortable = 100

function parameterLines(params: JsonObject): string[] {
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
