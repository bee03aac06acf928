import { pino } from 'pino'
import { reportFigures } from '../approvals/evidence/reportFigures.ts'
import { verifyLedger } from '../approvals/ledger/verifyLedger.ts'
import type { SandboxAudit } from '../sandbox/routes.ts'
import type { Embedded } from '../store/embedded.ts'
import { type ReadableLedger, withRecords } from '../store/ledger/recordedEntries.ts'
import type { Config } from './config.ts'

const log = pino({ level: 'silent' })

/** What an auditor of the sandbox gets: what the commands give, in the browser. Each look reads everything anew. */
export function sandboxAudit(
  { database }: { readonly database: Pick<Embedded, 'url'> | null },
  config: Pick<Config, 'databaseUrl'>,
): SandboxAudit {
  const databaseUrl = config.databaseUrl ?? database?.url ?? ''
  const look = <T>(work: (found: ReadableLedger) => Promise<T>): Promise<T> =>
    withRecords({ databaseUrl, log }, async (found) => {
      if (!found) throw new Error('a server that has started has a ledger')
      return work(found)
    })
  return {
    async report() {
      const period = { since: null, until: new Date().toISOString() }
      const figures = await look((found) => reportFigures(found, { period, progress: () => undefined }))
      const { reportHtml } = await import('../evidence/report/reportHtml.ts')
      return reportHtml(figures)
    },
    async verify() {
      const { size, wrong } = await look(({ ledger }) =>
        verifyLedger(ledger, { kept: [], key: null, progress: () => undefined }),
      )
      if (wrong) return `${wrong.what}\n  expected  ${wrong.expected}\n  stands    ${wrong.stands}\n`
      return `${size} entries: each is what was sealed, none is missing, and the tree over them is the one that was signed.

The same on a command line: countersign audit verify
A checkpoint that somebody else keeps shows any later change: countersign audit checkpoint
`
    },
  }
}
