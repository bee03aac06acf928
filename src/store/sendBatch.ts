import type { Committed } from '../approvals/ports.ts'
import { argumentOf, type Batch } from './batch.ts'
import type { PrismaClient } from './prisma/client.ts'
import { sqlStateOf } from './sqlState.ts'

/** Sends one batch and resolves to the outcome of each change, at the change's number. @throws RefusedWrite */
export async function sendBatch(prisma: PrismaClient, batch: Batch): Promise<readonly Committed[]> {
  const answers = await prisma.$queryRaw<{ n: number; outcome: Committed }[]>`
    SELECT n, outcome FROM countersign_commit(${argumentOf(batch)}::jsonb)`.catch((error: unknown) => {
    const state = sqlStateOf(error)
    throw state !== null && ofValues.test(state) ? new RefusedWrite(state) : error
  })
  const outcomes: Committed[] = []
  for (const { n, outcome } of answers) outcomes[n] = outcome // by its number, whatever order they come in
  return outcomes
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
