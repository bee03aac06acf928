import type { Pool } from 'pg'
import { typesOfAlarms } from '../../approvals/ownAttempt.ts'
import type { Store } from '../../approvals/ports.ts'
import { placeIn } from '../../ledger/place.ts'
import { Prisma } from '../prisma/client.ts'
import type { ActionRequestModel } from '../prisma/models.ts'
import { columnsOf } from './byId.ts'
import { requestOf } from './request.ts'

interface Row extends ActionRequestModel {
  readonly origin: string | null
  readonly first: string | null
  readonly latest: string | null
}

/** Both ends are found at the ends of `entries_request_id_position_idx`, however long the story is. */
const placedQuery = `
  SELECT ${columnsOf(Prisma.ActionRequestScalarFieldEnum)},
    (SELECT origin FROM ledger_head) AS origin, ${indexAt('ASC')} AS first, ${indexAt('DESC')} AS latest
  FROM action_requests WHERE id = $1`

function indexAt(order: 'ASC' | 'DESC'): string {
  return `(SELECT leaf.index FROM (
      SELECT told.id FROM entries told WHERE told.request_id = $1 AND told.type <> ALL ($2) ORDER BY told.position ${order} LIMIT 1
    ) one JOIN ledger_leaves leaf ON leaf.entry_id = one.id)`
}

const placesQuery = `
  SELECT origin, ARRAY(
    SELECT leaf.index::text FROM unnest($1::text[]) WITH ORDINALITY AS wanted (id, nth)
    LEFT JOIN ledger_leaves leaf ON leaf.entry_id = wanted.id ORDER BY wanted.nth
  ) AS indexes FROM ledger_head`

interface PlacesRow {
  readonly origin: string
  readonly indexes: readonly (string | null)[]
}

/** Where requests and entries stand in the ledger. Indexes are below 2^53; the driver gives bigint as text. */
export function readPlaced(pool: Pool): Pick<Store, 'placedRequest' | 'placesOf'> {
  return {
    async placedRequest(id) {
      const { rows } = await pool.query<Row>(placedQuery, [id, typesOfAlarms])
      const [row] = rows
      if (!row) return null
      const { origin, first, latest } = row
      return {
        ...requestOf(row),
        place: origin === null ? null : placeIn(origin, [first, latest].map(numbered)),
      }
    },
    async placesOf(entries) {
      const { rows } = await pool.query<PlacesRow>(placesQuery, [entries])
      const [row] = rows
      if (!row) return null
      const found = entries.flatMap((id, nth): [string, number][] => {
        const index = numbered(row.indexes[nth] ?? null)
        return index === null ? [] : [[id, index]]
      })
      return { origin: row.origin, indexes: new Map(found) }
    },
  }
}

function numbered(index: string | null): number | null {
  return index === null ? null : Number(index)
}
