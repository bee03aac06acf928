import type { Action } from '../../core/action.ts'
import type { Json } from '../../core/json.ts'
import type { Ask } from '../../policy/ask.ts'
import type { Bundle } from '../../policy/bundle.ts'
import type { Param } from '../../policy/catalogue.ts'
import { isHint } from '../lint/callerHints.ts'
import { distinct, extremes } from './dimension.ts'
import type { Flow, Past } from './flows.ts'

/** A request that a test asks about: one of the record, or one that nobody asked. */
export interface Sample {
  readonly says: string
  readonly ask: Ask
}

/** From the record: the first, and for every number the one with the least and the one with the most of it. */
export function insideOf(asked: readonly Past[], most: number): readonly Sample[] {
  const asks = asked.map(({ recorded }) => recorded.ask)
  const [first] = asks
  if (!first) return []
  const numbers = Object.keys(first.action.params).filter(
    (name) => typeof first.action.params[name] === 'number',
  )
  const edges = numbers.flatMap((name) => {
    const [least, greatest] = extremes(asks.flatMap(({ action }) => numberIn(action.params[name])))
    return [least, greatest].flatMap((edge) => asks.find(({ action }) => action.params[name] === edge) ?? [])
  })
  const different = [first, ...edges].filter((ask, index, all) => all.indexOf(ask) === index)
  return different.slice(0, most).map((ask, index) => ({ says: `as it was asked (${index + 1})`, ask }))
}

/** Each differs in one thing from what was asked: an agent, a place, a value outside of what was seen. */
export function outsideOf(bundle: Bundle, flow: Flow, asked: readonly Past[]): readonly Sample[] {
  const asks = asked.map(({ recorded }) => recorded.ask)
  const [first] = asks
  if (!first) return []
  const { action } = first
  const ids = asks.map((ask) => ask.action.resource.id)
  const elsewhere = bundle.environments?.find((name) => name !== action.environment)
  const changed = (says: string, change: Partial<Action>): Sample => ({
    says,
    ask: { ...first, action: { ...action, ...change } },
  })
  const params = flow.known.params === 'open' ? [] : [...flow.known.params]
  return [
    {
      says: 'by another agent',
      ask: { ...first, agent: { ...first.agent, name: otherName(first.agent.name) } },
    },
    changed('about another resource', { resource: { ...action.resource, id: otherText(ids) } }),
    ...(elsewhere === undefined ? [] : [changed('in another environment', { environment: elsewhere })]),
    ...params.flatMap(([name, param]) =>
      isHint(`params.${name}`)
        ? []
        : othersOf(
            param,
            asks.map((ask) => ask.action.params[name] ?? null),
          ).map(([says, value]) =>
            changed(`with ${says} ${name}`, { params: { ...action.params, [name]: value } }),
          ),
    ),
  ]
}

/** Values that were not seen. */
function othersOf(
  { type, reads }: Param,
  values: readonly Json[],
): readonly (readonly [says: string, value: Json])[] {
  const there = values.filter((value) => value !== null)
  if (there.length === 0) return []
  if (type === 'int' || type === 'number') {
    const [least, most] = extremes(there.flatMap(numberIn))
    return [
      ['a smaller', least - 1],
      ['a larger', most + 1],
    ]
  }
  const seen = distinct(there)
  if (type === 'bool') return seen.length === 1 ? [['the other', !seen[0]]] : []
  if (type === 'string') {
    // What is read can be bound by its facts, which a longer path has as well: so it is none any more. An address ends in its domain.
    const isRead = reads !== undefined && reads !== 'email'
    return [['another', isRead ? `x${there[0]}` : otherText(there.map(String))]]
  }
  const lists = there.filter((value) => Array.isArray(value)) as readonly (readonly Json[])[]
  const texts = lists.flat().filter((item) => typeof item === 'string')
  return texts.length === 0 ? [] : [['another item in', [...(lists[0] ?? []).slice(1), otherText(texts)]]]
}

function numberIn(value: Json | undefined): readonly number[] {
  return typeof value === 'number' ? [value] : []
}

/** A text like the first that is none of them. */
function otherText(texts: readonly string[]): string {
  const seen = new Set(texts)
  let other = `${texts[0] ?? ''}x`
  while (seen.has(other)) other += 'x'
  return other
}

function otherName(name: string): string {
  return name.endsWith('-2') ? `${name.slice(0, -2)}-3` : `${name.slice(0, 60)}-2`
}
