import type { Reading } from '../policy/readers/reader.ts'

/**
 * Reads statements of PostgreSQL by PostgreSQL's own parser, beside whatever else this process does. `read` never rejects: what
 * the parser refuses, takes too long over, or ends at is not understood. The same text is mostly read alike; what was read
 * stands in the facts of the verdict, and is never read again for the same request.
 */
export interface StatementReader {
  read(text: string): Promise<Reading>
}
