import type { Pool } from 'pg'
import { tables } from '../../src/store/suitable.ts'

/** The rows of our tables and the jobs that wait, as SQL for a database with the same tables and nothing in them. */
export async function dumpOf(pool: Pool): Promise<string> {
  const lines: string[] = []
  const add = async (sql: string) => {
    const { rows } = await pool.query<{ line: string }>(sql)
    lines.push(...rows.map(({ line }) => line))
  }
  // Which functions a database has is not among what it is filled with.
  for (const table of tables.filter((name) => name !== 'function_sets')) {
    const columns = await columnsOf(pool, table)
    const insert = `INSERT INTO ${table} (${columns.join(', ')}) OVERRIDING SYSTEM VALUE VALUES (${columns.map(() => '%L').join(', ')});`
    await add(`SELECT format('${insert}', ${columns.join(', ')}) AS line FROM ${table} ORDER BY 1`)
  }
  await add(`SELECT format('SELECT setval(pg_get_serial_sequence(%L, %L), %s);', table_name, column_name,
      nextval(pg_get_serial_sequence(table_name, column_name))) AS line
    FROM information_schema.columns WHERE is_identity = 'YES' AND table_schema = 'public' ORDER BY table_name`)
  await add(`SELECT format(
      'SELECT graphile_worker.add_job(%L, %L::json, queue_name := %L, run_at := %L, max_attempts := %L, job_key := %L);',
      t.identifier, j.payload, q.queue_name, j.run_at, j.max_attempts, j.key) AS line
    FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
      LEFT JOIN graphile_worker._private_job_queues q ON q.id = j.job_queue_id ORDER BY j.key`)
  return `${lines.join('\n')}\n`
}

async function columnsOf(pool: Pool, table: string): Promise<readonly string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT quote_ident(attname) AS name FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [table],
  )
  return rows.map(({ name }) => name)
}
