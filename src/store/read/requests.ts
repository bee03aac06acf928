import type { Pool } from 'pg'
import type { Store } from '../../approvals/ports.ts'
import type { ConcernedQuery, RequestQuery } from '../../approvals/queries.ts'
import { resourceKey } from '../../core/rollback.ts'
import { Prisma, type PrismaClient } from '../prisma/client.ts'
import type { ActionRequestModel } from '../prisma/models.ts'
import { rowsById } from './byId.ts'
import { readListed } from './listed.ts'
import { requestOf } from './request.ts'

type Reads = Pick<
  Store,
  | 'request'
  | 'requestByKey'
  | 'requests'
  | 'revocable'
  | 'waiting'
  | 'requestsOf'
  | 'rollbacksOf'
  | 'setOf'
  | 'alikeOn'
  | 'begunSince'
> &
  ReturnType<typeof readListed>

export function readRequests({ actionRequest }: PrismaClient, pool: Pool): Reads {
  const of = { table: 'action_requests', fields: Prisma.ActionRequestScalarFieldEnum }
  const byId = rowsById<ActionRequestModel>(pool, of)
  const byFirst = rowsById<ActionRequestModel>(pool, { ...of, by: 'rolls_back' })
  const bySet = rowsById<ActionRequestModel>(pool, { ...of, by: 'set_id' })
  const byAlike = rowsById<ActionRequestModel>(pool, { ...of, by: 'alike_card', order: 'alike_line' })
  const concerned = readConcerned(pool, byId)
  return {
    async request(id) {
      const [row] = await byId([id])
      return row ? requestOf(row) : null
    },
    async requestsOf(ids) {
      return (await byId(ids)).map(requestOf)
    },
    async rollbacksOf(ids) {
      return (await byFirst(ids)).map(requestOf)
    },
    async setOf(id) {
      return (await bySet([id])).map(requestOf)
    },
    async alikeOn(id) {
      return (await byAlike([id])).map(requestOf)
    },
    async begunSince({ first, resource }) {
      const values = [first, resourceKey(resource)]
      const { rows } = await pool.query<{ id: string }>(begunSinceQuery, values)
      return rows.map(({ id }) => id)
    },
    async requestByKey(agentId, idempotencyKey) {
      const row = await actionRequest.findUnique({
        where: { idempotencyKey_agentId: { idempotencyKey, agentId } },
      })
      return row && requestOf(row)
    },
    async requests(query) {
      const rows = await actionRequest.findMany({
        where: whereOf(query),
        orderBy: { id: 'desc' },
        take: query.limit,
      })
      return rows.map(requestOf)
    },
    revocable: (query) => concerned(revocableIds, query),
    waiting: (query) => concerned(waitingIds, query),
    ...readListed(pool),
  }
}

function readConcerned(pool: Pool, byId: ReturnType<typeof rowsById<ActionRequestModel>>) {
  return async (ids: string, { about, limit, before }: ConcernedQuery) => {
    const { rows } = await pool.query<{ id: string }>(ids, [about ?? null, before ?? null, limit])
    return (await byId(rows.map(({ id }) => id))).map(requestOf).toReversed()
  }
}

function whereOf({ states, agent, underReview, before }: RequestQuery) {
  return {
    ...(states && { state: { in: [...states] } }),
    ...(agent !== undefined && { agentId: agent }),
    ...(underReview && { underReview }),
    ...(before !== undefined && { id: { lt: before } }),
  }
}

/** Only what people are asked about has a time at which the asking ends. */
const revocableIds = concernedIds(
  `state = 'approved' AND (expires_at IS NOT NULL OR granted::text <> 'null')`,
)
const waitingIds = concernedIds(`state = 'pending'`)

/**
 * A page of ids, of one agent's ($1) or of all. What others were asked through it is looked for in the text of the run: a name can hold no
 * quotation mark that is not escaped, so that nothing in it passes for an id, and characters that PostgreSQL reads no field of do no harm.
 */
function concernedIds(which: string): string {
  const page = `${which} AND ($2::text IS NULL OR id < $2)`
  return `
    (SELECT id FROM action_requests WHERE ${page} AND ($1::text IS NULL OR agent_id = $1) ORDER BY id DESC LIMIT $3)
    UNION
    (SELECT id FROM action_requests WHERE ${page} AND $1::text IS NOT NULL AND run::text LIKE '%"through":[%'
      AND position('"agent":"' || $1 || '"' in run::text) > 0 ORDER BY id DESC LIMIT $3)
    ORDER BY id DESC LIMIT $3`
}

const begunSinceQuery = `
  SELECT request_id AS id FROM begun_executions
  WHERE resource = $2 AND changes AND request_id <> $1 AND rolls_back IS DISTINCT FROM $1
    AND position > coalesce((SELECT f.position FROM begun_executions f
      WHERE f.request_id = $1 ORDER BY f.kind = 'redemption' DESC LIMIT 1), 0)
  GROUP BY request_id ORDER BY min(position) LIMIT 10`
