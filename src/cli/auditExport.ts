import { type Command, Option } from 'commander'
import type { About, Period } from '../approvals/evidence/records.ts'
import { writeEntries } from '../approvals/evidence/writeEntries.ts'
import { type EntryFormatName, entryFormats } from '../evidence/entryFormat.ts'
import { type OcsfVersion, ocsfVersions } from '../evidence/ocsf/words.ts'
import { readConfig } from '../server/config.ts'
import { StartFault } from '../server/startFault.ts'
import { type ReadableLedger, withRecords } from '../store/ledger/recordedEntries.ts'
import { lookedAt } from './lookedAt.ts'
import { writeOut } from './outFile.ts'
import { progressOn } from './progress.ts'

export interface ExportOptions {
  readonly format: ExportFormat
  readonly from?: string
  readonly to?: string
  readonly request?: string
  readonly agent?: string
  readonly person?: string
  readonly values?: true
  readonly ocsf: OcsfVersion
  readonly out: string
}

/** What is to be exported, read. */
interface Asked {
  /** Null: everything. */
  readonly period: Period | null
  readonly about: About | null
  readonly options: ExportOptions
}

/** Each writes what was asked to where it was asked to. */
const formats = {
  ndjson: entries('ndjson'),
  csv: entries('csv'),
  ocsf: entries('ocsf'),
} as const satisfies Record<string, (found: ReadableLedger, asked: Asked) => Promise<void>>

type ExportFormat = keyof typeof formats

type Guard = <A extends unknown[]>(run: (...args: A) => Promise<number>) => (...args: A) => Promise<void>

export function addExportCommand(audit: Command, guarded: Guard): void {
  audit
    .command('export')
    .description('write what is recorded, for whoever looks at it with other tools')
    .addOption(
      new Option(
        '--format <format>',
        'ndjson: the leaves, a line each; csv: for spreadsheets; ocsf: for SIEMs',
      )
        .choices(Object.keys(formats))
        .makeOptionMandatory(),
    )
    .option('--from <moment>', 'what happened since, such as 2026-11-01 or 2026-11-01T09:30:00Z (the first)')
    .option('--to <moment>', 'what happened before (now)')
    .option('--request <id>', 'only what is about one request, req_…')
    .option('--agent <id>', 'only what names an agent, agt_…, and all about the requests that do')
    .option('--person <id>', 'only what names a person, per_…, and all about the requests that do')
    .option('--values', 'also the values that are kept beside the leaves: parameters, reasons, identities')
    .addOption(
      new Option('--ocsf <version>', 'the version of OCSF').choices([...ocsfVersions]).default('1.8.0'),
    )
    .option('--out <file>', 'where to; - is standard output', '-')
    .addHelpText(
      'after',
      `
The database is that of DATABASE_URL, or of the server that runs on this data directory. Only what is sealed is exported, in the order
of the ledger, and as it is at the moment when the command begins.`,
    )
    .action(guarded(exportCommand))
}

/** Writes what is recorded, in a format that other tools read. */
async function exportCommand(options: ExportOptions): Promise<number> {
  const asked: Asked = { period: periodOf(options), about: aboutOf(options), options }
  const config = readConfig()
  const found = await lookedAt(config, (databaseUrl, log) =>
    withRecords({ databaseUrl, log }, async (readable) => {
      if (readable) await formats[options.format](readable, asked)
      return readable !== null
    }),
  )
  if (found) return 0
  throw new StartFault({
    problem: config.databaseUrl
      ? 'That database has no ledger: no server of this version was ever started on it.'
      : 'No server is running on this data directory, and DATABASE_URL names no other database.',
    fix: 'Start the server (countersign start), or set DATABASE_URL to the database that is to be exported.',
  })
}

function entries(name: EntryFormatName) {
  return async ({ ledger, records }: ReadableLedger, { period, about, options }: Asked): Promise<void> => {
    const range = period ? await records.rangeOf(period) : { from: 0, to: ledger.head.size }
    const format = entryFormats[name]({ values: options.values === true, ocsf: options.ocsf })
    const progress = progressOn(process.stderr)
    const passed = (index: number) => progress.at(index - range.from, range.to - range.from)
    try {
      await writeOut(options.out, writeEntries(records, { range, period, about }, { format, passed }))
    } finally {
      progress.end()
    }
  }
}

function periodOf({ from, to }: ExportOptions): Period | null {
  if (from === undefined && to === undefined) return null
  const since = from === undefined ? new Date(0).toISOString() : momentOf('--from', from)
  const until = to === undefined ? '9999-12-31T23:59:59.999Z' : momentOf('--to', to)
  if (since < until) return { since, until }
  throw new StartFault({
    problem: '--from is not before --to, so nothing lies between them.',
    fix: '--to is the first moment that does not belong to it: all of November is --from 2026-11-01 --to 2026-12-01.',
  })
}

/** A day is its first moment, in UTC. */
function momentOf(option: string, text: string): string {
  const isWritten = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text)
  const at = isWritten ? new Date(text) : null
  // 2026-02-30 is read as a day of March.
  const isThere = at !== null && !Number.isNaN(at.getTime()) && isDay(text.slice(0, 10))
  if (at !== null && isThere) return at.toISOString()
  throw new StartFault({
    problem: `${option} is not a moment: ${text.slice(0, 60)}`,
    fix: 'Write a day, 2026-11-01 (its first moment in UTC), or a moment with its zone, 2026-11-01T09:30:00Z.',
  })
}

function isDay(day: string): boolean {
  const at = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day)
}

const ids = { request: 'req_', agent: 'agt_', person: 'per_' } as const

function aboutOf(options: ExportOptions): About | null {
  const given = (['request', 'agent', 'person'] as const).flatMap((kind) => {
    const id = options[kind]
    return id === undefined ? [] : [{ kind, id }]
  })
  const [about = null] = given
  if (given.length > 1)
    throw new StartFault({
      problem: 'Only one of --request, --agent and --person can be given.',
      fix: 'Export each into a file of its own.',
    })
  if (about && !about.id.startsWith(ids[about.kind]))
    throw new StartFault({
      problem: `--${about.kind} wants an id, ${ids[about.kind]}…`,
      fix: 'Ids stand in every entry; "countersign audit request" shows who acted in one.',
    })
  return about
}
