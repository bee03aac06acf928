import { cellOf, type Line, matches, valuesAt } from './query.ts'
import { type IndexRange, isIn, type Span } from './recorded.ts'
import type { Column, Table } from './tableShape.ts'

/** What rows are made of: all entries of one request (or subject), and what whoever acted did in the period. */
export interface Group {
  readonly all: readonly Line[]
  readonly range: IndexRange
  readonly span: Span
  /** How many entries of the period that are meant have this actor; only asked of tables by subject. */
  readonly acts?: (actor: string, column: string) => number
}

/** The rows of a table that this group makes. */
export function rowsOf(table: Table, group: Group): readonly (readonly string[])[] {
  const { all, range, span } = group
  const isStanding = table.by === 'subject'
  const [from, since] = isStanding ? [0, null] : [range.from, span.since]
  return all
    .filter(
      (line) =>
        matches(line, table.rows) &&
        line.index >= from &&
        line.index < range.to &&
        isIn({ since, until: span.until }, line.entry),
    )
    .map((line) => table.columns.map((column) => cell(line, column, group)))
}

function cell(line: Line, column: Column, { all, acts }: Group): string {
  if ('isBehind' in column) return isBehind(line, all)
  if ('count' in column) return String(all.filter((one) => matches(one, column.count)).length)
  if ('distinct' in column) return String(new Set(valuesAt(line, column.distinct)).size)
  if ('acts' in column) return String(acts?.(line.entry.subject.id, column.name) ?? 0)
  if ('blob' in column) return blobHash(line, column.blob) ?? cellOf(valuesAt(line, column.path))
  if (!('of' in column)) return cellOf(valuesAt(line, column.path))
  const others = all.filter(({ entry }) => column.types.includes(entry.type))
  const other = column.of === 'first' ? others.at(0) : others.at(-1)
  return other ? cellOf(valuesAt(other, column.path)) : ''
}

function blobHash({ entry }: Line, name: string): string | undefined {
  return entry.blobs.find((one) => one.name === name)?.sha256_salted
}

/** By the ids of the record: whoever turned out to be another later is not recognised here. */
function isBehind({ entry }: Line, all: readonly Line[]): 'yes' | 'no' | 'unknown' {
  const asked = all.find((one) => one.entry.type === 'request.submitted')
  if (!asked) return 'unknown'
  return valuesAt(asked, 'data.behind.person').includes(entry.actor.id) ? 'yes' : 'no'
}

/** By what entries of a subject belong together. A key of an operator or an auditor is named in the facts, below its person. */
export function subjectOf({ entry }: Line): string {
  const key = /^(?:operator|auditor)\./.test(entry.type) ? entry.data.key : null
  return typeof key === 'string' ? key : entry.subject.id
}
