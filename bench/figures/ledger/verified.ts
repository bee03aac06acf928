import { Client } from 'pg'
import { proveEntry } from '../../../src/approvals/ledger/proveEntry.ts'
import { verifyLedger } from '../../../src/approvals/ledger/verifyLedger.ts'
import { withKeptLedger } from '../../../src/store/ledger/keptLedger.ts'
import { sha256Time } from '../../ceilings/sha256.ts'
import type { Bench } from '../../figure.ts'
import type { Line } from '../../line.ts'
import { meter, processorOf, type Spent, shareText } from '../../machine/meter.ts'
import { percentiles } from '../../samples.ts'
import type { World } from '../../world/world.ts'

/** What is to be verified in so many seconds. */
const million = { entries: 1_000_000, seconds: 15 }

/** Proofs that are made, one after the other. */
const proofs = 500

const quiet = { debug() {}, info() {}, warn() {}, error() {} }

interface Found {
  readonly lines: readonly Line[]
  readonly notes: readonly string[]
}

/** The whole ledger of the database is verified, as `countersign audit verify` does, and some entries of it are proved. */
export async function verified(
  { say }: Bench,
  { world, bytes }: { readonly world: World; readonly entries: number; readonly bytes: number },
): Promise<Found> {
  say('verifying all of it')
  const on = { databaseUrl: world.database.url, log: quiet }
  const spent = meter({ database: world.parts.database })
  const found = await withKeptLedger(on, async (ledger) => {
    if (!ledger) throw new Error('there is no ledger')
    return verifyLedger(ledger, { kept: [], key: null, progress: () => undefined })
  })
  const took = spent()
  if (found.wrong) throw new Error(`the ledger does not verify: ${JSON.stringify(found.wrong)}`)
  const hashing = sha256Time(bytes)
  say('proofs')
  const proved = await provedEntries(world.database.url)
  return {
    lines: [verifyLine(found.size, { wall: took.wall, hashing }), proofLine(proved)],
    notes: verifyNotes(found.size, took),
  }
}

function verifyLine(size: number, { wall, hashing }: { readonly wall: number; readonly hashing: number }) {
  return {
    what: `${size} entries verified on the database`,
    unit: 's',
    measured: wall / 1_000,
    ceiling: { is: 'SHA-256 of the same bytes', value: hashing / 1_000 },
    // As much for each as for a million.
    target: { bound: 'at most', value: (size / million.entries) * million.seconds, of: 'measured' },
  } satisfies Line
}

function verifyNotes(size: number, took: Spent): readonly string[] {
  const database = processorOf(took, 'database')
  const each = (time: number) => `${((time / size) * 1_000).toFixed(1)} µs`
  return [
    shareText('verifying', took),
    `verifying: processor time of each entry: the verifier's ${each(took.ours - database)}, the database's ${each(database)}`,
  ]
}

function proofLine({ proof, row }: Proved): Line {
  return {
    what: 'a proof, p50',
    unit: 'ms',
    measured: percentiles(proof).p50,
    ceiling: { is: 'one row by its key', value: percentiles(row).p50 },
  }
}

/** Milliseconds of each. */
interface Proved {
  readonly proof: readonly number[]
  readonly row: readonly number[]
}

/** In turn: a proof, and reading one row of the same entry. */
async function provedEntries(databaseUrl: string): Promise<Proved> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ id: string }>(
      `SELECT entry_id AS id FROM ledger_leaves
       WHERE index IN (SELECT (random() * (SELECT size - 1 FROM ledger_head))::bigint FROM generate_series(1, $1))`,
      [proofs],
    )
    const proof: number[] = []
    const row: number[] = []
    await withKeptLedger({ databaseUrl, log: quiet }, async (ledger) => {
      for (const { id } of rows) {
        if (!ledger) throw new Error('there is no ledger')
        const ofProof = await timed(() => proveEntry(ledger, id))
        if (ofProof.result === null) throw new Error(`there is no proof of ${id}`)
        proof.push(ofProof.ms)
        row.push((await timed(() => client.query('SELECT text FROM entries WHERE id = $1', [id]))).ms)
      }
    })
    return { proof, row }
  } finally {
    await client.end()
  }
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly ms: number }> {
  const began = performance.now()
  const result = await work()
  return { result, ms: performance.now() - began }
}
