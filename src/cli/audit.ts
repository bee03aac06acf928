import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { proveEntry } from '../approvals/ledger/proveEntry.ts'
import {
  type KeptLedger,
  type VerifiableLedger,
  type Verified,
  verifyLedger,
} from '../approvals/ledger/verifyLedger.ts'
import { seenAgain } from '../card/seen.ts'
import { Refusal } from '../core/refusal.ts'
import { readCheckpoint } from '../ledger/checkpoint.ts'
import type { Entry } from '../ledger/entry.ts'
import type { KeptCheckpoint } from '../ledger/keptHeads.ts'
import { type NoteKey, readVerifierKey, verifierKey } from '../ledger/note.ts'
import { placeIn, placeText } from '../ledger/place.ts'
import type { Wrong } from '../ledger/wrong.ts'
import { type Config, readConfig } from '../server/config.ts'
import { StartFault } from '../server/startFault.ts'
import { withKeptLedger } from '../store/ledger/keptLedger.ts'
import { anchoredCheckpoints } from './anchors.ts'
import { auditorCalls } from './auditorCalls.ts'
import { verifyPackCommand } from './evidence/verifyPackCommand.ts'
import { sayFirstWrong, wrongCode } from './firstWrong.ts'
import { gapIndex, judgeLost, sayGaps } from './gaps.ts'
import { lookedAt } from './lookedAt.ts'
import { noLedger } from './noLedger.ts'
import { progressOn } from './progress.ts'
import { paint, say } from './say.ts'
import { servedLedger } from './servedLedger.ts'

export interface VerifyOptions {
  readonly checkpoint?: readonly string[]
  readonly anchors?: true
  /** The indexes of gaps of which it is known that they are as they should be. */
  readonly acceptGap?: readonly string[]
  readonly key?: string
  readonly server?: string
  /** A file; then neither a server nor a database is looked at. */
  readonly pack?: string
}

/** Verifies the ledger, or a pack; says what was verified, or the first thing that is wrong. */
export async function verifyCommand(options: VerifyOptions): Promise<number> {
  const anchored = options.anchors ? await anchoredCheckpoints() : { kept: [], older: [], unsound: [] }
  const named = [...(options.checkpoint ?? []).map(keptCheckpoint), ...anchored.kept]
  const code = await verifiedWith({ named, older: anchored.older }, options)
  for (const why of anchored.unsound) say(`${paint('red', '✗')} ${why}`)
  return code === 0 && anchored.unsound.length > 0 ? wrongCode : code
}

interface Kept {
  /** Of these each is said. */
  readonly named: readonly KeptCheckpoint[]
  readonly older: readonly KeptCheckpoint[]
}

async function verifiedWith({ named, older }: Kept, options: VerifyOptions): Promise<number> {
  const kept = [...named, ...older]

  const key = options.key === undefined ? null : keyOf(options.key)
  const accepted = (options.acceptGap ?? []).map(gapIndex)
  const { pack, server } = options
  if (pack !== undefined && server !== undefined)
    throw new StartFault({
      problem: 'A pack and a server cannot be verified at once.',
      fix: 'Give --pack or --server, each in a call of its own.',
    })
  if (pack !== undefined) return verifyPackCommand(pack, { kept, key, accepted })
  const progress = progressOn(process.stderr)
  const verify = (ledger: VerifiableLedger) =>
    verifyLedger(ledger, { kept, key, progress: progress.at }).finally(progress.end)
  const verified = await (server === undefined
    ? withLedger(verify)
    : servedLedger(auditorCalls({ ...callsBy(readConfig(), server), waits: progress.waits })).then(verify))
  if (verified.wrong) return sayWrong(verified.wrong)
  const { lost = [] } = verified
  saySound(
    verified,
    named.filter((one) => !lost.includes(one)),
  )
  if (older.length > 0)
    say(`${paint('green', '✓')} ${older.length} older checkpoints of the anchors were compared, too.`)
  sayGaps(verified)
  return judgeLost(verified, accepted)
}

/** Prints the newest checkpoint, as a file to be kept elsewhere. */
export async function checkpointCommand(): Promise<number> {
  process.stdout.write(await withLedger(async ({ head }) => head.checkpoint))
  return 0
}

/** Prints what is recorded about a request, with the index of each entry; with `seen`, below each decision what it was made by. */
export async function requestCommand(id: string, options: { readonly seen?: true }): Promise<number> {
  const { entries, seen, origin } = await withLedger(async (ledger) => {
    const entries = await ledger.about(id)
    const ids = options.seen ? entries.map(({ entry }) => entry) : []
    return { entries, seen: await ledger.seen(ids), origin: ledger.head.origin }
  })
  if (entries.length === 0)
    throw new Refusal('unknown_request', 'nothing is recorded about a request of that id')
  for (const { index, entry, text } of entries) {
    const { ts, type, actor } = JSON.parse(text) as Entry // as it was written; verify says whether it still is
    say(
      `${String(index ?? 'waits').padStart(9)}  ${entry}  ${ts}  ${type.padEnd(20)}  ${actor.kind} ${actor.id}`,
    )
    const shown = seen.get(entry)
    if (shown !== undefined) for (const line of seenAgain(shown)) say(`           │ ${line}`)
  }
  const place = placeIn(
    origin,
    entries.map(({ index }) => index),
  )
  say(`It stands ${placeText(place)}.`)
  say('To verify: countersign audit verify, and countersign audit proof with the id of an entry.')
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
  throw noLedger(config, 'is to be verified')
}

/** @throws StartFault without a key */
function callsBy({ auditorKey }: Config, server: string) {
  if (auditorKey !== null) return { server, key: auditorKey }
  throw new StartFault({
    problem: 'There is no COUNTERSIGN_AUDITOR_KEY, and a server gives its ledger to auditors only.',
    fix: 'Set it to the key that "countersign auditors add" printed for you. It is never given on the command line, where others see it.',
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

function sayWrong(wrong: Wrong): number {
  return sayFirstWrong(
    wrong,
    'This is the first thing that is wrong; what follows was not looked at. Keep the database as it is:',
    'docs/operations.md, "sealing_stopped", says what to do.',
  )
}

function saySound({ size }: Verified, kept: readonly KeptCheckpoint[]): void {
  say(
    `${paint('green', '✓')} ${paint('bold', `${size} entries`)}: each is what was sealed, none is missing, and the tree over them is the one that was signed.`,
  )
  for (const { from, checkpoint } of kept)
    say(
      checkpoint.size > 0
        ? `${paint('green', '✓')} ${from}: the ledger still begins with the ${checkpoint.size} entries for which it was signed.`
        : `${paint('yellow', '!')} ${from}: it was signed before the first entry, so it shows nothing of any.`,
    )
  if (kept.some(({ checkpoint }) => checkpoint.size > 0)) return
  say(
    `${paint('yellow', '!')} No checkpoint that was kept elsewhere was given. Whoever owns the database and the key could have made all of`,
  )
  say(
    '  this anew: keep what "countersign audit checkpoint" prints where they cannot change it, and name it with --checkpoint.',
  )
}
