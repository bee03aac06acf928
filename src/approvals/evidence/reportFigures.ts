import type { Figures } from '../../evidence/report/figures.ts'
import { beginFigures } from '../../evidence/report/fold.ts'
import { TreeFault } from '../ledger/ledgerStore.ts'
import type { KeptLedger } from '../ledger/verifyLedger.ts'
import type { LedgerRecords, Period } from './records.ts'

/** What a report is made of: a ledger and its records, as of one moment. */
export interface Reportable {
  readonly ledger: Pick<KeptLedger, 'head'>
  readonly records: LedgerRecords
}

export interface ReportOptions {
  /** `since` null: from the first entry. */
  readonly period: { readonly since: string | null; readonly until: string }
  /** How many entries were counted, of how many. */
  readonly progress: (done: number, of: number) => void
}

/**
 * The figures of a period, from one reading of the ledger up to its end.
 *
 * @throws TreeFault when an entry is gone, or when they do not give the root that was signed
 */
export async function reportFigures(
  { ledger: { head }, records }: Reportable,
  { period, progress }: ReportOptions,
): Promise<Figures> {
  const since = period.since ?? (await firstMoment(records)) ?? period.until
  const whole: Period = { since, until: period.until }
  const range = await records.rangeOf(whole)
  const fold = beginFigures({ origin: head.origin, period: whole, range, span: period })
  let done = 0
  for await (const page of records.pages({ from: 0, to: range.to })) {
    fold.page(page)
    done += page.length
    progress(done, range.to)
  }
  const figures = fold.end()
  if (range.to === head.size && figures.ledger.root !== head.root.toString('base64'))
    throw new TreeFault('the entries do not give the root that was signed')
  return figures
}

async function firstMoment(records: LedgerRecords): Promise<string | null> {
  for await (const [first] of records.pages({ from: 0, to: 1 })) return first?.entry.ts ?? null
  return null
}
