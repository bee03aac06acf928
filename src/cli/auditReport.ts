import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { reportFigures } from '../approvals/evidence/reportFigures.ts'
import type { Figures } from '../evidence/report/figures.ts'
import { readConfig } from '../server/config.ts'
import { StartFault } from '../server/startFault.ts'
import { withRecords } from '../store/ledger/recordedEntries.ts'
import type { Guard } from './guard.ts'
import { lookedAt } from './lookedAt.ts'
import { noLedger, refuseBroken } from './noLedger.ts'
import { type PeriodOptions, periodHelp, periodOf } from './period.ts'
import { progressOn } from './progress.ts'
import { paint, say } from './say.ts'

interface ReportCommandOptions extends PeriodOptions {
  readonly out: string
}

export function addReportCommand(audit: Command, guarded: Guard): void {
  audit
    .command('report')
    .description(
      'write the report of a period as one HTML file: figures, charts, who decided what, what needs a look',
    )
    .option('--from <time>', periodHelp.from)
    .option('--to <time>', periodHelp.to)
    .option('--out <file>', 'the file that is written', 'report.html')
    .addHelpText(
      'after',
      `
  countersign audit report --from 2026-11-01 --to 2026-11-30 --out november.html

The database is that of DATABASE_URL, or of the server that runs on this data directory. The file needs nothing else: it
has no script, loads nothing, and prints well. Once a period is over, the same entries give the same file.`,
    )
    .action(guarded(reportCommand))
}

/** Counts what is recorded of a period, and writes it as a page. */
async function reportCommand({ from, to, out }: ReportCommandOptions): Promise<number> {
  const asked = periodOf({ from, to })
  const now = new Date().toISOString()
  const period = {
    since: from === undefined ? null : (asked?.since ?? null),
    // Of what has not happened yet nothing is overdue.
    until: asked && asked.until < now ? asked.until : now,
  }
  const figures = await figuresOf(period)
  // The chart library takes half a second to load, which no other command has to wait for.
  const { reportHtml } = await import('../evidence/report/reportHtml.ts')
  write(out, reportHtml(figures))
  const { from: first, to: end } = figures.ledger.range
  say(
    `${paint('green', '✓')} ${paint('bold', out)}: ${end - first} entries, ${figures.requests.asked.count} requests`,
  )
  say(`  The tree had ${end} entries then, and the root ${figures.ledger.root}.`)
  return 0
}

async function figuresOf(period: Parameters<typeof reportFigures>[1]['period']): Promise<Figures> {
  const config = readConfig()
  const progress = progressOn(process.stderr)
  const found = await lookedAt(config, (databaseUrl, log) =>
    withRecords({ databaseUrl, log }, async (readable) =>
      readable ? reportFigures(readable, { period, progress: progress.at }).finally(progress.end) : null,
    ),
  ).catch(refuseBroken('report'))
  if (found) return found
  throw noLedger(config, 'the report is about')
}

function write(out: string, text: string): void {
  try {
    writeFileSync(out, text)
  } catch (cause) {
    throw new StartFault({
      problem: `${out} cannot be written.`,
      fix: 'Name a file in a directory that you may write to, and that has room.',
      cause,
    })
  }
}
