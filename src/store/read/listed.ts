import type { Pool } from 'pg'
import type { Asking, AskingQuery, Store } from '../../approvals/ports.ts'
import { Prisma } from '../prisma/client.ts'
import type { ActionRequestModel } from '../prisma/models.ts'
import { columnsOf } from './byId.ts'
import { requestOf, requirementOf } from './request.ts'

/** What lists of a person read. Each is one statement that an index answers in its order, however many requests there are. */
export function readListed(pool: Pool): Pick<Store, 'requestsBehind' | 'asking'> {
  return {
    async requestsBehind(people, { limit, before }) {
      const { rows } = await pool.query<ActionRequestModel>(behindQuery, [people, before ?? null, limit])
      return rows.map(requestOf)
    },
    async asking(query) {
      const { text, values } = askingQuery(query)
      const { rows } = await pool.query<AskingRow>(text, values)
      return rows.map(askingOf)
    },
  }
}

/** For each of them the newest, and the newest of those: nobody's are all read. */
export const behindQuery = `
  SELECT ${columnsOf(Prisma.ActionRequestScalarFieldEnum)} FROM action_requests
  WHERE id = ANY (ARRAY(
    SELECT DISTINCT newest.request_id FROM unnest($1::text[]) AS asked (person) CROSS JOIN LATERAL (
      SELECT p.request_id FROM request_people p
      WHERE p.person = asked.person AND ($2::text IS NULL OR p.request_id < $2) ORDER BY p.request_id DESC LIMIT $3
    ) newest ORDER BY newest.request_id DESC LIMIT $3
  )) ORDER BY id DESC`

type AskingRow = Pick<ActionRequestModel, 'id' | 'requirement' | 'escalations' | 'behindPeople'>

const waiting = { decision: "state = 'pending'", review: 'under_review' } as const

/** A cursor that is none is left out, so that the index is read from its end. */
export function askingQuery({ waits, limit, before }: AskingQuery): {
  readonly text: string
  readonly values: unknown[]
} {
  const earlier = before === undefined ? '' : 'AND id < $2'
  return {
    text: `SELECT id, requirement, escalations, behind_people AS "behindPeople" FROM action_requests
      WHERE ${waiting[waits]} ${earlier} ORDER BY id DESC LIMIT $1`,
    values: before === undefined ? [limit] : [limit, before],
  }
}

/** As `requestRow` wrote it. */
function askingOf({ id, requirement, escalations, behindPeople }: AskingRow): Asking {
  return {
    id,
    requirement: requirementOf(requirement as unknown as Asking['requirement']),
    escalations: escalations as unknown as Asking['escalations'],
    behind: behindPeople,
  }
}
