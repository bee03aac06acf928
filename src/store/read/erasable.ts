import type { Pool } from 'pg'
import type { Store } from '../../approvals/ports.ts'
import type { Entry } from '../../ledger/entry.ts'
import type { ValueName } from '../../ledger/personValues.ts'

export function readErasable(
  pool: Pool,
): Pick<Store, 'keptValues' | 'entriesNaming' | 'agedRequests' | 'endedConfirmationsOf'> {
  return {
    async keptValues(entries) {
      const { rows } = await pool.query<ValueName>(keptValuesQuery, [entries])
      return rows
    },
    async endedConfirmationsOf(people) {
      const { rows } = await pool.query<{ id: string }>(confirmationsQuery, [people.map(naming)])
      return rows.map(({ id }) => id)
    },
    async agedRequests({ after, before, span }) {
      const { rows } = await pool.query<{ ids: readonly string[]; last: string | null; count: number }>(
        agedQuery,
        [after, span, before],
      )
      const { ids = [], last = null, count = 0 } = rows[0] ?? {}
      return { ids, next: count < span ? null : last }
    },
    async entriesNaming(words, { position, span }) {
      const like = words.map(naming)
      const { rows } = await pool.query<{ text: string | null; last: string }>(namingQuery, [
        position,
        position + span,
        like,
      ])
      const last = Number(rows[0]?.last ?? 0)
      return {
        // Written by `entryText`.
        entries: rows.flatMap(({ text }) => (text === null ? [] : [JSON.parse(text) as Entry])),
        next: position + span < last ? position + span : null,
      }
    },
  }
}

/** A pattern for `LIKE`: a word in JSON. */
function naming(word: string): string {
  return `%${JSON.stringify(word).replace(/[\\%_]/g, '\\$&')}%`
}

const confirmationsQuery = `
  SELECT id FROM confirmations
  WHERE state <> 'waiting' AND (asked::text LIKE ANY ($1) OR what::text LIKE ANY ($1)) ORDER BY id`

const keptValuesQuery = `
  SELECT entry_id AS entry, name FROM entry_blobs WHERE entry_id = ANY ($1) AND text IS NOT NULL ORDER BY 1, 2`

const agedQuery = `
  WITH page AS (SELECT id, created_at, erased FROM action_requests WHERE id > $1 ORDER BY id LIMIT $2)
  SELECT (SELECT max(id) FROM page) AS last, (SELECT count(*)::integer FROM page) AS count, ARRAY(
    SELECT id FROM page WHERE created_at < $3::timestamptz AND (erased::text = 'null' OR EXISTS (
      SELECT FROM entries e JOIN entry_blobs b ON b.entry_id = e.id
      WHERE e.request_id = page.id AND e.ts < $3::timestamptz AND b.text IS NOT NULL)) ORDER BY id) AS ids`

/** One row without a text where nothing is found, so that the last position is known all the same. */
const namingQuery = `
  SELECT e.text, l.last FROM (SELECT coalesce(max(position), 0) AS last FROM entries) l
  LEFT JOIN entries e ON e.position > $1 AND e.position <= $2 AND e.text LIKE ANY ($3)
  ORDER BY e.position`
