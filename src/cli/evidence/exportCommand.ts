import type { About, Period } from '../../approvals/evidence/records.ts'
import { TreeFault } from '../../approvals/ledger/ledgerStore.ts'
import { readConfig } from '../../server/config.ts'
import { StartFault } from '../../server/startFault.ts'
import { untilToldToStop } from '../../server/toldToStop.ts'
import { withRecords } from '../../store/ledger/recordedEntries.ts'
import { lookedAt } from '../lookedAt.ts'
import { progressOn } from '../progress.ts'
import { paint, say } from '../say.ts'
import { exportPack } from './export.ts'

export interface ExportOptions {
  readonly from?: string
  readonly to?: string
  readonly request?: string
  readonly agent?: string
  readonly person?: string
  readonly out: string
}

/** Writes the evidence pack of a period, or of one request, agent or person in it. */
export async function exportCommand(options: ExportOptions): Promise<number> {
  const period = periodOf(options)
  const about = aboutOf(options)
  const { out } = options
  const config = readConfig()
  const stop = untilToldToStop()
  const progress = progressOn(process.stderr)
  try {
    const packed = await lookedAt(config, (databaseUrl, log) =>
      withRecords({ databaseUrl, log }, async (found) =>
        found ? exportPack(found, { out, period, about, signal: stop.signal, progress: progress.at }) : null,
      ),
    )
    progress.end()
    if (!packed) throw noLedger()
    const { entries, requests, files, range } = packed
    say(
      `${paint('green', '✓')} ${paint('bold', out)}: ${entries} entries (${range.from} to ${range.to - 1}), ${requests} requests, ${files} files.`,
    )
    say(
      '  Verify it anywhere: "countersign audit verify --pack", or verify.py in it with Python and openssl.',
    )
    return 0
  } catch (fault) {
    progress.end()
    throw fault instanceof TreeFault ? notSound(fault) : fault
  } finally {
    stop.release()
  }
}

function noLedger(): StartFault {
  return new StartFault({
    problem: 'There is no ledger: no server of this version was ever started on that database.',
    fix: 'Start the server (countersign start), or set DATABASE_URL to the database whose record is to be exported.',
  })
}

function notSound(cause: TreeFault): StartFault {
  return new StartFault({
    problem: `The record is not what was sealed, so no evidence was made of it: ${cause.message}.`,
    fix: 'Run "countersign audit verify", which says the first thing that is wrong; keep the database as it is.',
    cause,
  })
}

/** By what each is named. */
const prefixes = { request: 'req_', agent: 'agt_', person: 'per_' } as const satisfies Record<
  About['kind'],
  string
>
const kinds = Object.keys(prefixes) as readonly About['kind'][] // keys of a const table

/** @throws StartFault */
function aboutOf(options: ExportOptions): About | null {
  const given = kinds.flatMap((kind) => {
    const id = options[kind]
    return id === undefined ? [] : [{ kind, id }]
  })
  const [only] = given
  if (!only) return null
  if (given.length > 1)
    throw new StartFault({
      problem: 'A pack is about one request, one agent or one person.',
      fix: 'Give one of --request, --agent and --person, or none for everything.',
    })
  if (only.id.startsWith(prefixes[only.kind]) && /^\w+$/.test(only.id)) return only
  throw new StartFault({
    problem: `${only.id} is not the id of ${only.kind === 'agent' ? 'an' : 'a'} ${only.kind}.`,
    fix: `An id of that kind begins with ${prefixes[only.kind]}; "countersign audit request" and entries show them.`,
  })
}

/** Null: everything. A day stands for its beginning, and with --to for its end. @throws StartFault */
function periodOf({ from, to }: ExportOptions): Period | null {
  if (from === undefined && to === undefined) return null
  const since = from === undefined ? new Date(0) : momentOf(from, '--from', 0)
  const until = to === undefined ? new Date(8.64e15) : momentOf(to, '--to', 1)
  if (since < until) return { since: since.toISOString(), until: until.toISOString() }
  throw new StartFault({ problem: 'The period ends before it begins.', fix: 'Give --from before --to.' })
}

const aDay = /^\d{4}-\d{2}-\d{2}$/
const aMoment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/

function momentOf(text: string, option: string, daysLater: 0 | 1): Date {
  const isDay = aDay.test(text)
  const found = new Date(isDay ? `${text}T00:00:00Z` : text)
  const isReal = isDay
    ? !Number.isNaN(found.getTime()) && found.toISOString().startsWith(text)
    : aMoment.test(text)
  if (!isReal || Number.isNaN(found.getTime()))
    throw new StartFault({
      problem: `${text} is no time that ${option} understands.`,
      fix: 'Give a day, as in 2026-10-01 (in UTC), or a moment with its zone, as in 2026-10-01T08:00:00Z.',
    })
  return isDay && daysLater > 0 ? new Date(found.getTime() + daysLater * 86_400_000) : found
}
