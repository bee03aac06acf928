import type { ReadText } from '../policy/readers/outside.ts'
import { type Parsed, readSql } from '../policy/readers/sql/sql.ts'
import { type Readiness, readyToActivate } from '../policyTools/activation/ready.ts'

/**
 * Reads statements of PostgreSQL in this thread, for commands and for a bundle's own tests: their texts are the operator's. What
 * agents send is read in a thread of its own (`thread.ts`).
 */
export async function sqlHere(): Promise<ReadText> {
  const { loadModule, parseSync } = await import('libpg-query')
  await loadModule()
  const parse = (text: string): Parsed => {
    try {
      return { tree: JSON.parse(JSON.stringify(parseSync(text))) }
    } catch {
      return { refused: 'PostgreSQL does not take it for a statement.' }
    }
  }
  return (text) => readSql(text, parse)
}

/** The same for the files of a bundle; undefined where nothing is read so, and nothing has to be loaded. */
export async function sqlFor(files: ReadonlyMap<string, string>): Promise<ReadText | undefined> {
  const isRead = /\breads:\s*["']?sql\b/.test(files.get('actions.yaml') ?? '')
  return isRead ? sqlHere() : undefined
}

/** Whether a bundle may become active, with its statements read where it has any. */
export async function readyHere(files: ReadonlyMap<string, string>): Promise<Readiness> {
  return readyToActivate(files, await sqlFor(files))
}
