import type { Recorded } from '../../evidence/recorded.ts'
import type { ReportPeriod } from '../../evidence/report/figures.ts'
import { beginFigures } from '../../evidence/report/fold.ts'
import { TreeFault } from '../ledger/ledgerStore.ts'
import type { PackAsk, PackSource } from './pack.ts'

/** The report while it is counted. */
export interface PackReport {
  /** Takes every page of the range, in order. */
  page(page: readonly Recorded[]): void
  /** `report.html`. @throws TreeFault when the entries do not make the tree that was signed */
  end(): Promise<string>
}

/** Begins the report of a pack: its figures count from entry 0, so what came before the range is read first. A part has none: null. */
export async function beginReport(source: PackSource, ask: PackAsk): Promise<PackReport | null> {
  const { report } = source
  if (ask.about !== null) return null
  if (report !== null) return { page: () => undefined, end: async () => report }
  const { range } = ask
  const fold = beginFigures({
    origin: source.key.name,
    period: await reportPeriod(source, ask),
    range,
    span: ask.period ?? { since: null, until: null },
  })
  for await (const page of source.records.pages({ from: 0, to: range.from })) fold.page(page)
  return {
    page: fold.page,
    async end() {
      const figures = fold.end()
      if (figures.ledger.root !== (await source.root(range.to)).toString('base64'))
        throw new TreeFault(`the first ${range.to} entries do not make the tree that was signed`)
      // The chart library takes half a second to load, which nobody else has to wait for.
      const { reportHtml } = await import('../../evidence/report/reportHtml.ts')
      return reportHtml(figures)
    },
  }
}

/**
 * From the record alone, so that it is the same whenever it is asked. While nothing is recorded from after the period, nobody can know that it
 * is over: then the report ends with the last entry, and of what has not happened yet nothing is overdue.
 */
async function reportPeriod({ records, head }: PackSource, ask: PackAsk): Promise<ReportPeriod> {
  const { period, range } = ask
  const [first, last] = [await timeOf(records, range.from), await timeOf(records, range.to - 1)]
  const end = new Date(last + 1).toISOString()
  const isAskedFrom = period !== null && Date.parse(period.since) > 0
  const isOver = period !== null && range.to < head.size
  return {
    since: isAskedFrom ? period.since : new Date(first).toISOString(),
    until: period !== null && (isOver || period.until < end) ? period.until : end,
  }
}

/** Milliseconds. */
async function timeOf(records: PackSource['records'], index: number): Promise<number> {
  for await (const [one] of records.pages({ from: index, to: index + 1 }))
    if (one) return Date.parse(one.entry.ts)
  throw new TreeFault(`the index ${index} is missing from the tree`)
}
