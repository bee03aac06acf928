import { createHash } from 'node:crypto'
import type { JsonObject } from '../core/json.ts'
import { controls } from './controls/all.ts'
import type { Control, Exceptions } from './controls/control.ts'
import { type MeasureId, measures } from './measures.ts'
import { type Line, matches } from './query.ts'
import { type IndexRange, isIn, type Span } from './recorded.ts'
import type { Column, Table } from './tableShape.ts'
import { tables } from './tables.ts'

/** How many entries are drawn for a sample, and how many are named by index. */
export const sampled = 25
export const named = 50

export const algorithm = `the ${sampled} entries of the population whose SHA-256 over the seed, a line feed and the id of the entry (UTF-8) is lowest, as hexadecimal`

/** What is counted while the entries of a period go by, each once, in order. */
export interface Tally {
  entry(line: Line): void
  rows(table: Table, rows: readonly (readonly string[])[]): void
  /** How often an actor did what a column of a table by subject asks. */
  acts(actor: string, column: string): number
  /** The controls with their numbers. */
  matrix(): JsonObject
}

interface Drawn {
  readonly order: string
  readonly index: number
  readonly entry: string
  readonly request: string | null
}

interface Count {
  entries: number
  readonly indexes: number[]
  sample: Drawn[]
}

/** What a sample is drawn by: whoever knows the pack knows it, and nobody chose it. */
function seedOf(origin: string, { from, to }: IndexRange): string {
  return `${origin} ${from} ${to}`
}

/** Counts of nothing yet. */
export function newTally(origin: string, range: IndexRange, span: Span): Tally {
  const seed = seedOf(origin, range)
  const counts = new Map<MeasureId, Count>(
    measures.map(({ id }) => [id, { entries: 0, indexes: [], sample: [] }]),
  )
  const populations = new Set<MeasureId>(controls.map(({ population }) => population))
  const acts = newActs()
  const exceptions = newExceptions()
  return {
    entry(line) {
      if (!isIn(span, line.entry)) return
      for (const { id, count } of measures) {
        if (!matches(line, count)) continue
        const of = counted(counts, id)
        of.entries += 1
        if (of.indexes.length < named) of.indexes.push(line.index)
        if (populations.has(id)) draw(of, seed, line)
      }
      acts.add(line)
    },
    rows: exceptions.add,
    acts: acts.of,
    matrix: () => ({
      sampling: { seed, algorithm },
      measures: measures.map(({ id, says }) => ({ id, says, ...numbersOf(counted(counts, id)) })),
      controls: controls.map((control) => ({
        ...textOf(control),
        population: { measure: control.population, entries: counted(counts, control.population).entries },
        sample: counted(counts, control.population).sample.map(({ index, entry, request }) => ({
          index,
          entry,
          request,
        })),
        numbers: Object.fromEntries(control.measures.map((id) => [id, counted(counts, id).entries])),
        exceptions: control.exceptions.map((one) => ({ ...one, ...exceptions.of(one) })),
      })),
    }),
  }
}

function textOf({ id, framework, title, asks, shows, not, measures: shown, tables: files }: Control) {
  return { id, framework, title, asks, shows, does_not_show: not, measures: shown, tables: files }
}

/** What a control asks of every pack, whatever its entries. */
export function controlFacts(control: Control): JsonObject {
  const { population, exceptions } = control
  return { ...textOf(control), population, exceptions: exceptions.map((one) => ({ ...one })) }
}

function numbersOf({ entries, indexes }: Count) {
  return { entries, indexes: [...indexes] }
}

function counted(counts: ReadonlyMap<MeasureId, Count>, id: MeasureId): Count {
  const found = counts.get(id)
  if (!found) throw new RangeError(`${id} is not counted`)
  return found
}

/** The lowest so many by their hash, whatever the order in which they go by. */
function draw(of: Count, seed: string, { index, entry }: Line): void {
  const order = createHash('sha256').update(`${seed}\n${entry.id}`).digest('hex')
  const last = of.sample.at(-1)
  if (of.sample.length === sampled && last && order > last.order) return
  const drawn = [...of.sample, { order, index, entry: entry.id, request: entry.request }]
  of.sample = drawn.sort((one, other) => (one.order < other.order ? -1 : 1)).slice(0, sampled)
}

function newActs() {
  const columns = tables
    .flatMap((table) => [...table.columns])
    .filter((column): column is Extract<Column, { acts: unknown }> => 'acts' in column)
  const counts = new Map<string, number>()
  const at = (actor: string, column: string) => `${column} ${actor}`
  return {
    add(line: Line): void {
      for (const { name, acts } of columns) {
        if (!matches(line, acts)) continue
        const key = at(line.entry.actor.id, name)
        counts.set(key, (counts.get(key) ?? 0) + 1)
      }
    },
    of: (actor: string, column: string) => counts.get(at(actor, column)) ?? 0,
  }
}

function newExceptions() {
  const all = controls.flatMap((control) => [...control.exceptions])
  const found = new Map<Exceptions, { rows: number; readonly indexes: number[] }>()
  for (const one of all) if (!found.has(one)) found.set(one, { rows: 0, indexes: [] })
  return {
    add(table: Table, rows: readonly (readonly string[])[]): void {
      for (const [exception, count] of found) {
        if (exception.table !== table.file) continue
        const column = table.columns.findIndex(({ name }) => name === exception.where?.column)
        for (const row of rows) {
          if (exception.where && row[column] !== exception.where.is) continue
          count.rows += 1
          if (count.indexes.length < named) count.indexes.push(Number(row[0]))
        }
      }
    },
    of(exception: Exceptions) {
      const { rows = 0, indexes = [] } = found.get(exception) ?? {}
      return { rows, indexes: [...indexes] }
    },
  }
}
