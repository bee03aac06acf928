import type { Pool } from 'pg'
import type { Store } from '../../approvals/ports.ts'
import type { Entry } from '../../ledger/entry.ts'
import { Prisma } from '../prisma/client.ts'
import type { ActionRequestModel, CardModel } from '../prisma/models.ts'
import { columnsOf } from './byId.ts'
import { cardOf } from './cards.ts'
import { requestOf } from './request.ts'

interface Row extends ActionRequestModel {
  readonly cards: readonly CardModel[]
  readonly entries: readonly string[]
}

/** What every job about cards begins with, in one statement instead of three. */
const toldQuery = `
  SELECT ${columnsOf(Prisma.ActionRequestScalarFieldEnum)},
    (SELECT coalesce(json_agg(card ORDER BY card.id), '[]') FROM (
      SELECT ${columnsOf(Prisma.CardScalarFieldEnum)} FROM cards WHERE request_id = $1
    ) card) AS cards,
    ARRAY(SELECT text FROM entries 
      WHERE request_id = ANY (ARRAY[$1] || ARRAY(SELECT id FROM action_requests WHERE rolls_back = $1))
      ORDER BY position) AS entries
  FROM action_requests WHERE id = $1`

export function readTold(pool: Pool): Pick<Store, 'toldRequest'> {
  return {
    async toldRequest(id) {
      const { rows } = await pool.query<Row>(toldQuery, [id])
      const [row] = rows
      return row
        ? {
            request: requestOf(row),
            cards: row.cards.map(cardOf),
            entries: row.entries.map((text) => JSON.parse(text) as Entry), // written by `entryText`
          }
        : null
    },
  }
}
