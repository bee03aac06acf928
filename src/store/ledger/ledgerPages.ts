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

/** One page after the other, as they are asked for: a connection has one statement at a time. */
export function checkerOn(client: PoolClient): PageChecker {
  let last: Promise<unknown> = Promise.resolve()
  const check = async (nth: number) => {
    const entries = await quickPage(client, nth * pageSize)
    return entries && checkedPage(entries, nth * pageSize)
  }
  return {
    page(nth) {
      const page = last.then(() => check(nth))
      last = page.catch(() => null)
      return page
    },
  }
}

/** Pages that each of them is asked for at a time, so that it never waits for the next question. */
const askedEach = 3

/** Whole pages, quickly, by several at once; from the first that is not as it should be on, row by row. */
export async function* ledgerPages(client: PoolClient, others: Beside): AsyncGenerator<CheckedPage, void> {
  const { rows } = await client.query<{ last: string | null }>('SELECT max(index) AS last FROM ledger_leaves')
  const whole = Math.floor((Number(rows[0]?.last ?? -1) + 1) / pageSize)
  const beside = whole > 1 ? await others(whole) : []
  const checkers = beside.length > 0 ? beside : [checkerOn(client)]
  const asked = (nth: number) => checked(checkers[nth % checkers.length], nth)
  const ahead = checkers.length * askedEach
  const onTheirWay = Array.from({ length: Math.min(ahead, whole) }, (_, nth) => asked(nth))
  for (let nth = 0; nth < whole; nth += 1) {
    const page = await onTheirWay[nth % ahead]
    if (!page || page.wrong) {
      await Promise.all(onTheirWay) // they may be on the same connection
      return yield* rowByRow(client, nth * pageSize)
    }
    if (nth + ahead < whole) onTheirWay[nth % ahead] = asked(nth + ahead)
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
