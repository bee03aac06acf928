import type { StatementReader } from '../approvals/statementReader.ts'
import type { Closers } from '../lifetime/closers.ts'
import { sqlThread } from '../parsing/thread.ts'

/** Milliseconds in which it has to end. */
const limit = 2_000

/** The thread that reads statements, which ends with everything else. */
export function statementsOf(closers: Closers): StatementReader {
  const statements = sqlThread()
  closers.add('the thread that reads statements', () => statements.end(), limit)
  return statements
}
