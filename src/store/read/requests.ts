import type { Pool } from 'pg'
import type { Store } from '../../approvals/ports.ts'
import type { RequestQuery } from '../../approvals/queries.ts'
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
    async revocable({ agent, limit, before }) {
      const { rows } = await pool.query<{ id: string }>(revocableIds, [agent ?? null, before ?? null, limit])
      return (await byId(rows.map(({ id }) => id))).map(requestOf).toReversed()
    },
    ...readListed(pool),
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
const revocableIds = `
  SELECT id FROM action_requests
  WHERE state = 'approved' AND (expires_at IS NOT NULL OR granted::text <> 'null')
    AND ($1::text IS NULL OR agent_id = $1) AND ($2::text IS NULL OR id < $2)
  ORDER BY id DESC LIMIT $3`

const begunSinceQuery = `
  SELECT request_id AS id FROM begun_executions
  WHERE resource = $2 AND changes AND request_id <> $1 AND rolls_back IS DISTINCT FROM $1
    AND position > coalesce((SELECT f.position FROM begun_executions f
      WHERE f.request_id = $1 ORDER BY f.kind = 'redemption' DESC LIMIT 1), 0)
  GROUP BY request_id ORDER BY min(position) LIMIT 10`
