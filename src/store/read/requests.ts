import type { Pool } from 'pg'
import type { RequestQuery, Store } from '../../approvals/ports.ts'
import { Prisma, type PrismaClient } from '../prisma/client.ts'
import type { ActionRequestModel } from '../prisma/models.ts'
import { rowsById } from './byId.ts'
import { readListed } from './listed.ts'
import { requestOf } from './request.ts'

type Reads = Pick<Store, 'request' | 'requestByKey' | 'requests' | 'requestsOf'> &
  ReturnType<typeof readListed>

export function readRequests({ actionRequest }: PrismaClient, pool: Pool): Reads {
  const byId = rowsById<ActionRequestModel>(pool, {
    table: 'action_requests',
    fields: Prisma.ActionRequestScalarFieldEnum,
  })
  return {
    async request(id) {
      const [row] = await byId([id])
      return row ? requestOf(row) : null
    },
    async requestsOf(ids) {
      return (await byId(ids)).map(requestOf)
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
