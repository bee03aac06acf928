import { isObject, type Json } from '../core/json.ts'
import type { EntryType } from '../ledger/entry.ts'
import type { Recorded } from './recorded.ts'

/** Which entries are meant: of these types, and of those the ones that fit. The pack has it as it stands here, so that a stranger recounts. */
export interface Query {
  readonly types: readonly EntryType[]
  readonly where?: readonly Fits[]
}

/** A path such as `data.kinds`; one of what stands there, or of the list that stands there, is one of these, or anything. */
interface Fits {
  readonly path: string
  readonly is?: readonly (string | number | boolean)[]
}

/** A leaf: what stands in the tree is all that a query asks. */
export type Line = Pick<Recorded, 'index' | 'entry'>

/** Whether it is one of them. */
export function matches(one: Line, { types, where = [] }: Query): boolean {
  return (
    types.includes(one.entry.type) &&
    where.every(({ path, is }) => valuesAt(one, path).some((value) => !is || is.some((one) => one === value)))
  )
}

/** What stands at a path, lists taken apart; a step `*` stands for every member of an object, by the order of their names. */
export function valuesAt({ entry, index }: Line, path: string): readonly Json[] {
  const { blobs: _, ...rest } = entry
  let found: readonly Json[] = [
    { ...rest, seq: index, actor: { ...entry.actor }, subject: { ...entry.subject } },
  ]
  for (const step of path.split('.')) found = found.flatMap((value) => stepInto(value, step))
  return found.filter((value) => value !== null)
}

function stepInto(value: Json, step: string): readonly Json[] {
  if (!isObject(value)) return []
  if (step === '*')
    return Object.keys(value)
      .sort()
      .flatMap((name) => listed(value[name]))
  return Object.hasOwn(value, step) ? listed(value[step]) : []
}

function listed(value: Json | undefined): readonly Json[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value]
}

/** Values as a cell: texts as they are, one after the other. */
export function cellOf(values: readonly Json[]): string {
  return values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(' ')
}
