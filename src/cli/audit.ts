import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { proveEntry } from '../approvals/ledger/proveEntry.ts'
import { type KeptLedger, type Verified, verifyLedger } from '../approvals/ledger/verifyLedger.ts'
import { Refusal } from '../core/refusal.ts'
import { readCheckpoint } from '../ledger/checkpoint.ts'
import type { Entry } from '../ledger/entry.ts'
import type { KeptCheckpoint } from '../ledger/keptHeads.ts'
import { type NoteKey, readVerifierKey, verifierKey } from '../ledger/note.ts'
import type { Wrong } from '../ledger/wrong.ts'
import { readConfig } from '../server/config.ts'
import { StartFault } from '../server/startFault.ts'
import { withKeptLedger } from '../store/ledger/keptLedger.ts'
import { anchoredCheckpoints } from './anchors.ts'
import { sayGaps } from './gaps.ts'
import { lookedAt } from './lookedAt.ts'
import { paint, say } from './say.ts'

/** Exit code of a ledger that does not verify. */
const wrongCode = 2

export interface VerifyOptions {
  readonly checkpoint: readonly string[]
  readonly anchors?: true
  readonly key?: string
}

/** Verifies the ledger; says what was verified, or the first thing that is wrong. */
export async function verifyCommand(options: VerifyOptions): Promise<number> {
  const anchored = options.anchors ? await anchoredCheckpoints() : []
  const kept = [...options.checkpoint.map(keptCheckpoint), ...anchored]
  const key = options.key === undefined ? null : keyOf(options.key)
  const progress = progressOn(process.stderr)
  const verified = await withLedger((ledger) =>
    verifyLedger(ledger, { kept, key, progress: progress.at }).finally(progress.end),
  )
  if (verified.wrong) return sayWrong(verified.wrong)
  const { lost = [] } = verified
  saySound(
    verified,
    kept.filter((one) => !lost.includes(one)),
  )
  sayGaps(verified)
  return 0
}

/** Prints the newest checkpoint, as a file to be kept elsewhere. */
export async function checkpointCommand(): Promise<number> {
  process.stdout.write(await withLedger(async ({ head }) => head.checkpoint))
  return 0
}

/** Prints what is recorded about a request, with the index of each entry. */
export async function requestCommand(id: string): Promise<number> {
  const entries = await withLedger((ledger) => ledger.about(id))
  if (entries.length === 0)
    throw new Refusal('unknown_request', 'nothing is recorded about a request of that id')
  for (const { index, entry, text } of entries) {
    const { ts, type, actor } = JSON.parse(text) as Entry // as it was written; verify says whether it still is
    say(
      `${String(index ?? 'waits').padStart(9)}  ${entry}  ${ts}  ${type.padEnd(20)}  ${actor.kind} ${actor.id}`,
    )
  }
  return 0
}

/** Writes an entry as it stands in the tree, and what shows that it does, as two files. */
export async function proofCommand(entry: string, options: { readonly to: string }): Promise<number> {
  const proved = await withLedger((ledger) => proveEntry(ledger, entry))
  if (!proved)
    throw new StartFault({
      problem: `No entry ${entry} stands in the tree.`,
      fix: 'An entry has its place a second after it was recorded; "countersign audit request" shows those of a request.',
    })
  for (const [name, text] of [
    [`${entry}.json`, proved.leaf],
    [`${entry}.tlog-proof`, proved.proof],
  ] as const) {
    writeFileSync(join(options.to, name), text)
    say(`${paint('green', '✓')} ${join(options.to, name)}`)
  }
  return 0
}

/** Prints the verifier key, by which checkpoints are verified anywhere. */
export async function keyCommand(): Promise<number> {
  say(await withLedger(async ({ key }) => verifierKey(key)))
  return 0
}

async function withLedger<T>(work: (ledger: KeptLedger) => Promise<T>): Promise<T> {
  const config = readConfig()
  const found = await lookedAt(config, (databaseUrl, log) =>
    withKeptLedger({ databaseUrl, log }, async (ledger) => (ledger ? { was: await work(ledger) } : null)),
  )
  if (found) return found.was
  throw new StartFault({
    problem: config.databaseUrl
      ? 'That database has no ledger: no server of this version was ever started on it.'
      : 'No server is running on this data directory, and DATABASE_URL names no other database.',
    fix: 'Start the server (countersign start), or set DATABASE_URL to the database that is to be verified.',
  })
}

/** @throws StartFault when the file cannot be read, or is no checkpoint */
function keptCheckpoint(file: string): KeptCheckpoint {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    throw new StartFault({
      problem: `The checkpoint ${file} cannot be read.`,
      fix: 'Name a file that "countersign audit checkpoint" printed.',
      cause,
    })
  }
  const checkpoint = readCheckpoint(text)
  if (checkpoint) return { from: file, checkpoint }
  throw new StartFault({
    problem: `${file} is not a checkpoint.`,
    fix: 'A checkpoint has the name of the ledger, a number, a root and a signature, as "countersign audit checkpoint" prints it.',
  })
}

function keyOf(text: string): NoteKey {
  const key = readVerifierKey(text)
  if (key) return key
  throw new StartFault({
    problem: 'What was given as --key is not a verifier key.',
    fix: 'It looks like name+1234abcd+AbCd…, as "countersign audit key" prints it.',
  })
}

function sayWrong({ index, entry, what, expected, stands }: Wrong): number {
  say(`${paint('red', '✗')} ${paint('bold', what)}`)
  if (index !== null) say(`  index     ${index}`)
  if (entry !== null) say(`  entry     ${entry}`)
  say(`  expected  ${expected}`)
  say(`  stands    ${stands}`)
  say()
  say('This is the first thing that is wrong; what follows was not looked at. Keep the database as it is:')
  say('docs/operations.md, "sealing_stopped", says what to do.')
  return wrongCode
}

function saySound({ size }: Verified, kept: readonly KeptCheckpoint[]): void {
  say(
    `${paint('green', '✓')} ${paint('bold', `${size} entries`)}: each is what was sealed, none is missing, and the tree over them is the one that was signed.`,
  )
  for (const { from, checkpoint } of kept)
    say(
      `${paint('green', '✓')} ${from}: the ledger still begins with the ${checkpoint.size} entries for which it was signed.`,
    )
  if (kept.length > 0) return
  say(
    `${paint('yellow', '!')} No checkpoint that was kept elsewhere was given. Whoever owns the database and the key could have made all of`,
  )
  say(
    '  this anew: keep what "countersign audit checkpoint" prints where they cannot change it, and name it with --checkpoint.',
  )
}

/** Counts on a terminal, and nowhere else. */
function progressOn(stream: NodeJS.WriteStream) {
  if (!stream.isTTY) return { at: () => undefined, end: () => undefined }
  return {
    at: (done: number, of: number) =>
      void stream.write(`\r  ${done} of ${of} entries (${Math.floor((done * 100) / Math.max(of, 1))} %)`),
    end: () => void stream.write('\r\u001b[K'),
  }
}
