import type { PoolClient } from 'pg'
import { checkedPages } from '../../approvals/ledger/checkedPages.ts'
import { type CheckedPage, checkedPage } from '../../ledger/checkedPage.ts'
import { pageSize, quickPage } from './quickPage.ts'
import { slowPages } from './slowPages.ts'

/** Who reads whole pages of one moment, and verifies each entry of them by itself. */
export interface PageChecker {
  /** The page with this number. Null where it takes more than a quick look to say what is wrong. */
  page(nth: number): Promise<CheckedPage | null>
}

/** Those beside the first connection, for so many pages; none where there can be none. */
export type Beside = (pages: number) => Promise<readonly PageChecker[]>

export function checkerOn(client: PoolClient): PageChecker {
  return {
    async page(nth) {
      const entries = await quickPage(client, nth * pageSize)
      return entries && checkedPage(entries, nth * pageSize)
    },
  }
}

/** Whole pages, quickly, by several at once; from the first that is not as it should be on, row by row. */
export async function* ledgerPages(client: PoolClient, others: Beside): AsyncGenerator<CheckedPage, void> {
  const { rows } = await client.query<{ last: string | null }>('SELECT max(index) AS last FROM ledger_leaves')
  const whole = Math.floor((Number(rows[0]?.last ?? -1) + 1) / pageSize)
  const beside = whole > 1 ? await others(whole) : []
  const checkers = beside.length > 0 ? beside : [checkerOn(client)]
  const asked = (nth: number) => checked(checkers[nth % checkers.length], nth)
  const onTheirWay = checkers.slice(0, whole).map((_, nth) => asked(nth))
  for (let nth = 0; nth < whole; nth += 1) {
    const page = await onTheirWay[nth % checkers.length]
    if (!page || page.wrong) return yield* rowByRow(client, nth * pageSize)
    if (nth + checkers.length < whole) onTheirWay[nth % checkers.length] = asked(nth + checkers.length)
    yield page
  }
  yield* rowByRow(client, whole * pageSize)
}

/** Whoever fails has seen nothing, so it is looked at again: if the database itself is gone, the first connection says so. */
function checked(checker: PageChecker | undefined, nth: number): Promise<CheckedPage | null> {
  return checker?.page(nth).catch(() => null) ?? Promise.resolve(null)
}

function rowByRow(client: PoolClient, from: number): AsyncGenerator<CheckedPage, void> {
  return checkedPages(slowPages(client, from - 1), from)
}
