import { DatabaseError, type Pool, type QueryResultRow } from 'pg'

/** So many times as often, and a statement is planned anew. */
const timesAsOften = 16

/**
 * A statement that finds rows by a key, which each session keeps parsed and planned: both anew, each time, cost more than what is read.
 * A plan that was made when its tables were small reads all of them, and would go on doing so when they are large. So the name under which it
 * is kept changes whenever this process has used it sixteen times as often, which is about how much more there is to read by then; what
 * another process or a restored backup adds counts when the session ends (`PoolLimits.age`). Not for statements whose best plan depends on
 * what is asked. Only texts are taken: after a value that cannot be sent, the driver closes the statement and believes it to be kept.
 */
export function keptPlan<Row extends QueryResultRow>(
  pool: Pool,
  { name, text }: { readonly name: string; readonly text: string },
): (values: readonly (string | readonly string[])[]) => Promise<readonly Row[]> {
  let uses = 0
  return async (values) => {
    uses += 1
    const often = Math.floor(Math.log2(uses) / Math.log2(timesAsOften))
    const asked = { text, values: [...values] }
    const { rows } = await pool
      .query<Row>({ name: `${name}, ${often}`, ...asked })
      .catch((error: unknown) => (isLost(error) ? pool.query<Row>(asked) : Promise.reject(error)))
    return rows
  }
}

/** The session does not have it any more (26000), or a column has another type by now (0A000): nothing was read, and what is sent anew is. */
function isLost(error: unknown): boolean {
  return error instanceof DatabaseError && (error.code === '26000' || error.code === '0A000')
}
