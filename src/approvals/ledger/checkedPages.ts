import { type CheckedPage, checkedPage } from '../../ledger/checkedPage.ts'
import type { KeptEntry } from '../../ledger/keptEntry.ts'

/** Verifies each entry by itself, of pages that follow each other from an index on. */
export async function* checkedPages(
  pages: AsyncIterable<readonly KeptEntry[]>,
  from = 0,
): AsyncGenerator<CheckedPage, void> {
  let at = from
  for await (const page of pages) {
    yield checkedPage(page, at)
    at += page.length
  }
}
