import type { Json } from '../core/json.ts'
import type { Compared } from './recorded.ts'
import { nothing, ours, say, shown, type Text } from './span.ts'
import { cut, revealLine } from './text.ts'

/**
 * `rows 250,000 ≥ 100,000`: facts and what a rule compared them with. What was compared alike stands together: `columns
 * "email", "phone" (the rule looks for it)`. Names and values are not ours.
 */
export function sayCompared(compared: readonly Compared[]): readonly Text[] {
  const alike = new Map<string, Compared[]>()
  for (const one of compared) {
    const key = JSON.stringify([one.path, one.operator, one.limit])
    alike.set(key, [...(alike.get(key) ?? []), one])
  }
  return [...alike.values()].flatMap(([first, ...others]) => (first ? [sayOne(first, others)] : []))
}

function sayOne({ path, operator, value, limit }: Compared, others: readonly Compared[]): Text {
  const values = [value, ...others.map((one) => one.value)].filter((one) => one !== null)
  const listed = values.flatMap((one, nth) => [ours(nth > 0 ? ', ' : ' '), ...said(one)])
  const written = Object.hasOwn(forms, operator) ? forms[operator] : undefined
  return say`${shown(revealLine(calledShort(path)), 80)}${listed}${written ? written(limit) : nothing}`
}

/** As people call it: a parameter by its own name, `size(params.columns)` as a number of columns, `read.command.tier` as the tier of a command. */
function calledShort(path: string): string {
  const counted = /^size\((.*)\)$/.exec(path)?.[1]
  if (counted !== undefined) return `number of ${calledShort(counted)}`
  if (path === 'run.sensitivities') return 'what the run has read'
  if (path === 'run.labels') return 'labels of what the run has read'
  const [, read, fact] = /^read\.(\w+)\.(\w+)$/.exec(path) ?? []
  if (read !== undefined && fact !== undefined) return `${fact.replaceAll('_', ' ')} of ${read}`
  return path.replace(/^params\./, '').replace(/^resource\.sensitivity$/, 'sensitivity')
}

/** What stands behind the value, by operator. A pattern is not for people: only that it fits is said. */
const forms: Readonly<Record<string, (limit: Json) => Text>> = {
  '>': (limit) => say` > ${said(limit)}`,
  '>=': (limit) => say` ≥ ${said(limit)}`,
  '<': (limit) => say` < ${said(limit)}`,
  '<=': (limit) => say` ≤ ${said(limit)}`,
  '==': () => nothing,
  in: () => nothing,
  '!=': (limit) => say`, not ${said(limit)}`,
  'not in': (limit) => say`, none of ${said(limit)}`,
  has: (limit) => say` has ${said(limit)}`,
  'does not have': (limit) => say` does not have ${said(limit)}`,
  'starts with': (limit) => say` starts with ${said(limit)}`,
  'does not start with': (limit) => say` does not start with ${said(limit)}`,
  'ends with': (limit) => say` ends with ${said(limit)}`,
  'does not end with': (limit) => say` does not end with ${said(limit)}`,
  contains: (limit) => say` contains ${said(limit)}`,
  'does not contain': (limit) => say` does not contain ${said(limit)}`,
  matches: () => say` (matches the rule's pattern)`,
  'does not match': () => say` (does not match the rule's pattern)`,
  given: () => say` is given`,
  missing: () => say` is not given`,
}

/** Numbers in groups of three, texts in quotes, lists without brackets. */
function said(value: Json): Text {
  if (typeof value === 'number') return [ours(value.toLocaleString('en', { maximumFractionDigits: 6 }))]
  if (typeof value === 'string') return [shown(cut(revealLine(JSON.stringify(value)), 60), 60)]
  if (Array.isArray(value))
    return value.flatMap((item: Json, nth) => [...(nth > 0 ? [ours(', ')] : []), ...said(item)])
  return [shown(revealLine(JSON.stringify(value)), 60)]
}
