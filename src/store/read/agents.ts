import type { Store } from '../../approvals/ports.ts'
import type { Agent, AgentKey } from '../../approvals/records.ts'
import type { PrismaClient } from '../prisma/client.ts'
import type { AgentKeyModel, AgentModel } from '../prisma/models.ts'

export function readAgents({
  agent,
  agentKey,
}: PrismaClient): Pick<Store, 'agent' | 'agents' | 'agentsOf' | 'key' | 'keysOf'> {
  return {
    async agent(idOrName) {
      const rows = await agent.findMany({ where: { OR: [{ id: idOrName }, { name: idOrName }] } })
      // An id is never somebody's name by accident; if it is on purpose, the id wins.
      const row = rows.find((one) => one.id === idOrName) ?? rows[0]
      return row ? agentOf(row) : null
    },
    async agents() {
      const rows = await agent.findMany({ orderBy: { name: 'asc' } })
      return rows.map(agentOf)
    },
    async agentsOf(owners) {
      const rows = await agent.findMany({ where: { owner: { in: [...owners] } }, orderBy: { name: 'asc' } })
      return rows.map(agentOf)
    },
    async key(id) {
      const key = await agentKey.findUnique({ where: { id } })
      const owner = key && (await agent.findUnique({ where: { id: key.agentId } }))
      return owner && { key: keyOf(key), agent: agentOf(owner) }
    },
    async keysOf(agentId) {
      const rows = await agentKey.findMany({ where: { agentId }, orderBy: { id: 'asc' } })
      return rows.map(keyOf)
    },
  }
}

export function agentOf({ status, limits, createdAt, ...row }: AgentModel): Agent {
  return {
    ...row,
    status: status as Agent['status'], // the table's CHECK allows only these
    limits: limits as unknown as Agent['limits'], // as agentRow wrote it
    createdAt: createdAt.toISOString(),
  }
}

function keyOf({ agentId, status, createdAt, expiresAt, ...row }: AgentKeyModel): AgentKey {
  return {
    ...row,
    agent: agentId,
    status: status as AgentKey['status'], // the table's CHECK allows only these
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
  }
}
