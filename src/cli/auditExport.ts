import { type Command, Option } from 'commander'
import type { About } from '../approvals/evidence/records.ts'
import { writeEntries } from '../approvals/evidence/writeEntries.ts'
import { type EntryFormatName, entryFormats } from '../evidence/entryFormat.ts'
import { type OcsfVersion, ocsfVersions } from '../evidence/ocsf/words.ts'
import { readConfig } from '../server/config.ts'
import { StartFault } from '../server/startFault.ts'
import { type ReadableLedger, withRecords } from '../store/ledger/recordedEntries.ts'
import type { ExportAsked } from './evidence/exportAsked.ts'
import { writePack } from './evidence/writePack.ts'
import type { Guard } from './guard.ts'
import { lookedAt } from './lookedAt.ts'
import { noLedger, refuseBroken } from './noLedger.ts'
import { writeOut } from './outFile.ts'
import { type PeriodOptions, periodHelp, periodOf } from './period.ts'
import { progressOn } from './progress.ts'
import { tightHeap } from './tightHeap.ts'

interface ExportOptions extends PeriodOptions {
  readonly format: ExportFormat
  readonly request?: string
  readonly agent?: string
  readonly person?: string
  readonly values?: true
  readonly ocsf: OcsfVersion
  readonly out?: string
}

/** Each writes what was asked to where it was asked to. */
const formats = {
  pack: writePack,
  ndjson: entries('ndjson'),
  csv: entries('csv'),
  ocsf: entries('ocsf'),
} as const satisfies Record<string, (found: ReadableLedger, asked: ExportAsked) => Promise<void>>

type ExportFormat = keyof typeof formats

export function addExportCommand(audit: Command, guarded: Guard): void {
  audit
    .command('export')
    .description(
      'write what is recorded: the evidence of a period for an auditor, or entries for other tools',
    )
    .addOption(
      new Option(
        '--format <format>',
        'pack: one archive with entries, proofs, the story of each request, policies, tables and the mapping to controls; ndjson: the leaves, a line each; csv: for spreadsheets; ocsf: for SIEMs',
      )
        .choices(Object.keys(formats))
        .default('pack'),
    )
    .option('--from <time>', periodHelp.from)
    .option('--to <time>', periodHelp.to)
    .option('--request <id>', 'only what is about one request, req_…')
    .option('--agent <id>', 'only what names an agent, agt_…, and all about the requests that do')
    .option('--person <id>', 'only what names a person, per_…, and all about the requests that do')
    .option(
      '--values',
      'with ndjson, csv and ocsf: also the values that are kept beside the leaves: parameters, reasons, identities',
    )
    .addOption(
      new Option('--ocsf <version>', 'the version of OCSF').choices([...ocsfVersions]).default('1.8.0'),
    )
    .option('--out <file>', 'where to; a pack needs one, the others go to standard output without')
    .addHelpText(
      'after',
      `
  countersign audit export --from 2026-10-01 --to 2026-12-31 --out evidence-2026-q4.tar.gz
  countersign audit export --format csv --from 2026-11-01 --to 2026-11-30 --out november.csv

The database is that of DATABASE_URL, or of the server that runs on this data directory; the right to read is enough.
Only what is sealed is exported, in the order of the ledger, and as it is when the command begins. The same record gives
the same tar. Verify a pack with "countersign audit verify --pack", or with Python and openssl (verify.py in it).`,
    )
    .action(guarded(exportCommand))
}

async function exportCommand(options: ExportOptions): Promise<number> {
  tightHeap()
  const asked: ExportAsked = { period: periodOf(options), about: aboutOf(options), options }
  if (options.format === 'pack' && options.out === undefined)
    throw new StartFault({
      problem: 'A pack is a file, and --out does not name one.',
      fix: 'Add --out evidence-2026-q4.tar.gz.',
    })
  const config = readConfig()
  const found = await lookedAt(config, (databaseUrl, log) =>
    withRecords({ databaseUrl, log }, async (readable) => {
      if (readable) await formats[options.format](readable, asked)
      return readable !== null
    }),
  ).catch(refuseBroken('evidence'))
  if (found) return 0
  throw noLedger(config, 'is to be exported')
}

function entries(name: EntryFormatName) {
  return async (
    { ledger, records }: ReadableLedger,
    { period, about, options }: ExportAsked,
  ): Promise<void> => {
    const range = period ? await records.rangeOf(period) : { from: 0, to: ledger.head.size }
    const format = entryFormats[name]({ values: options.values === true, ocsf: options.ocsf })
    const progress = progressOn(process.stderr)
    const passed = (index: number) => progress.at(index - range.from, range.to - range.from)
    try {
      await writeOut(options.out ?? '-', writeEntries(records, { range, period, about }, { format, passed }))
    } finally {
      progress.end()
    }
  }
}

/** By what each is named. */
const prefixes = { request: 'req_', agent: 'agt_', person: 'per_' } as const satisfies Record<
  About['kind'],
  string
>

function aboutOf(options: Pick<ExportOptions, About['kind']>): About | null {
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
  if (about && !(about.id.startsWith(prefixes[about.kind]) && /^\w+$/.test(about.id)))
    throw new StartFault({
      problem: `--${about.kind} wants an id, ${prefixes[about.kind]}…`,
      fix: 'Ids stand in every entry; "countersign audit request" shows who acted in one.',
    })
  return about
}
