import type { Pool, QueryResultRow } from 'pg'
import { keptPlan } from './keptPlan.ts'

/** `fields` are Prisma's names for the columns, so that its row types hold. */
interface From {
  readonly table: string
  readonly fields: Readonly<Record<string, string>>
  /** The column that is compared, which has an index. */
  readonly by?: string
  /** The column by which they are ordered. */
  readonly order?: string
}

/**
 * Reads rows by id, or by another column, in the order of their ids or of another. For what somebody waits for: a click, an agent whose
 * answer has come. The same read through Prisma took ten times as long (0.5 ms against 0.05 ms), and a click makes half a
 * dozen of them.
 */
export function rowsById<Row extends QueryResultRow>(
  pool: Pool,
  { table, fields, by = 'id', order = 'id' }: From,
): (ids: readonly string[]) => Promise<readonly Row[]> {
  const text = `SELECT ${columnsOf(fields)} FROM ${table} WHERE ${by} = ANY($1::text[]) ORDER BY ${order}`
  const read = keptPlan<Row>(pool, { name: `${table} by ${by}`, text })
  return (ids) => read([ids])
}

/** Columns under Prisma's names for them, for a SELECT. */
export function columnsOf(fields: Readonly<Record<string, string>>): string {
  return Object.values(fields)
    .map((field) => `${snakeCase(field)} AS "${field}"`)
    .join(', ')
}

function snakeCase(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
