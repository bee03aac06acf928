import type { EntryFormat } from '../../evidence/entryFormat.ts'
import type { IndexRange } from '../../evidence/recorded.ts'
import type { About, LedgerRecords, Period } from './records.ts'

export interface Wanted {
  readonly range: IndexRange
  /** Only what is from this time; null: whatever its time. */
  readonly period: Period | null
  readonly about: About | null
}

/**
 * What is wanted of the record as text, a page at a time, in the order of the indexes. Nothing but a page is held. The same record gives
 * the same text.
 *
 * @param by.passed hears up to which index everything was looked at
 * @throws TreeFault when something that the tree names is gone
 */
export async function* writeEntries(
  records: Pick<LedgerRecords, 'pages'>,
  { range, period, about }: Wanted,
  by: { readonly format: EntryFormat; readonly passed: (index: number) => void },
): AsyncGenerator<string, void> {
  if (by.format.head !== '') yield by.format.head
  for await (const page of records.pages(range, about ?? undefined)) {
    // A neighbour can have a time from outside the period.
    const found = period
      ? page.filter(({ entry }) => entry.ts >= period.since && entry.ts < period.until)
      : page
    const text = found.map(by.format.line).join('')
    if (text !== '') yield text
    by.passed((page.at(-1)?.index ?? range.from) + 1)
  }
}
