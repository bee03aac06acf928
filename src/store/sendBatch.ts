import type { Committed } from '../approvals/change.ts'
import type { Batch } from './batch.ts'
import type { PrismaClient } from './prisma/client.ts'
import { sqlStateOf } from './sqlState.ts'

/** Sends one batch and resolves to the outcome of each change, at the change's number. @throws RefusedWrite */
export async function sendBatch(prisma: PrismaClient, batch: Batch): Promise<readonly Committed[]> {
  const answers = await prisma.$queryRaw<{ n: number; outcome: Committed }[]>`
    SELECT n, outcome FROM countersign_commit(${batch.text}::jsonb)`.catch((error: unknown) => {
    const state = sqlStateOf(error)
    throw state !== null && ofValues.test(state) ? new RefusedWrite(state) : error
  })
  const outcomes: Committed[] = []
  for (const { n, outcome } of answers) outcomes[n] = outcome // by its number, whatever order they come in
  return outcomes
}

/**
 * The name under which each session keeps the statement above, parsed and planned; none for every other of Prisma's. They would keep
 * a plan that was made when a table was small (`read/keptPlan.ts`); this one has nothing to plan.
 */
export function statementName({ sql }: { readonly sql: string }): string {
  return sql.includes('FROM countersign_commit($1::jsonb)') ? 'countersign_commit' : ''
}

/** Values that the database does not take (22), constraints (23) and triggers that raise (P0). */
const ofValues = /^(22|23|P0)/

/**
 * The database is well and did not write. Its own error repeats what stood in the statement (`DETAIL: Failing row
 * contains …`), so only the SQLSTATE goes on, and from here into logs.
 */
export class RefusedWrite extends Error {
  override readonly name = 'RefusedWrite'
  readonly code: string

  constructor(code: string) {
    super(`the database did not take a change (${code})`)
    this.code = code
  }
}
