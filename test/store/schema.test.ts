import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { opened } from './opened.ts'

test('the schema file and the migrations describe the same tables', async () => {
  const { pool } = await opened()
  const schema = await readFile(new URL('../../prisma/schema.prisma', import.meta.url), 'utf8')

  const { rows } = await pool.query<{ column: string }>(
    `SELECT format('%s.%s %s%s', table_name, column_name, udt_name, CASE is_nullable WHEN 'YES' THEN '?' ELSE '' END) AS column
     FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT IN ('_prisma_migrations', 'function_sets')`,
  )
  // Prisma has no word for a unique index over some rows.
  const { rows: uniques } = await pool.query<{ columns: string }>(
    `SELECT format('%s(%s)', indrelid::regclass, (SELECT string_agg(attname, ',' ORDER BY nth) FROM unnest(indkey::int[])
       WITH ORDINALITY AS key (attnum, nth) JOIN pg_attribute a ON a.attnum = key.attnum AND attrelid = indrelid)) AS columns
     FROM pg_index WHERE indisunique AND indpred IS NULL AND indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
       AND indrelid NOT IN ('_prisma_migrations'::regclass, 'function_sets'::regclass)`,
  )

  const described = describedBy(schema)
  expect(rows.map((row) => row.column).toSorted()).toEqual(described.columns.toSorted())
  expect(uniques.map((row) => row.columns).toSorted()).toEqual(described.uniques.toSorted())
})

/** PostgreSQL's word for what schema.prisma says. A field that is not in the table throws: teach the table, then. */
const types: Readonly<Record<string, string>> = {
  String: 'text',
  'String[]': '_text',
  Int: 'int4',
  BigInt: 'int8',
  'Decimal @db.Decimal': 'numeric',
  Boolean: 'bool',
  Bytes: 'bytea',
  'Json @db.Json': 'json',
  'DateTime @db.Timestamptz(3)': 'timestamptz',
}

function describedBy(schema: string): {
  readonly columns: readonly string[]
  readonly uniques: readonly string[]
} {
  const columns: string[] = []
  const uniques: string[] = []
  for (const [, body = ''] of schema.matchAll(/^model \w+ \{\n(.*?)^\}/gms)) {
    const table = /@@map\("(\w+)"\)/.exec(body)?.[1] ?? ''
    const columnOf = new Map<string, string>()
    for (const line of body.split('\n')) {
      const [, field = '', type = '', list = '', optional = '', rest = ''] =
        /^ {2}(\w+)\s+(\w+)(\[\])?(\?)?(.*)$/.exec(line) ?? []
      if (field === '') continue
      const column = /@map\("(\w+)"\)/.exec(rest)?.[1] ?? field
      const native = /@db\.\S+/.exec(rest)?.[0]
      const known = types[[type + list, native].filter(Boolean).join(' ')]
      if (known === undefined) throw new Error(`unknown type in schema.prisma: ${line}`)
      columnOf.set(field, column)
      columns.push(`${table}.${column} ${known}${optional}`)
      if (/@(id|unique)\b/.test(rest)) uniques.push(`${table}(${column})`)
    }
    for (const [, fields = ''] of body.matchAll(/@@(?:id|unique)\(\[(.*?)\]\)/g))
      uniques.push(
        `${table}(${fields
          .split(', ')
          .map((field) => columnOf.get(field))
          .join(',')})`,
      )
  }
  return { columns, uniques }
}
