import type { Pool } from 'pg'
import type { Store } from '../../approvals/ports.ts'
import type { Entry } from '../../ledger/entry.ts'
import { Prisma } from '../prisma/client.ts'
import type { ActionRequestModel, AgentModel, CardModel } from '../prisma/models.ts'
import { agentOf } from './agents.ts'
import { columnsOf } from './byId.ts'
import { cardOf } from './cards.ts'
import { keptPlan } from './keptPlan.ts'
import { requestOf } from './request.ts'

interface Row extends ActionRequestModel {
  readonly cards: readonly CardModel[]
  readonly entries: readonly string[]
  readonly is_shared: boolean
  readonly agents: readonly (Omit<AgentModel, 'createdAt'> & { readonly createdAt: string })[]
}

/** What every click, and every job about cards, begins with: one statement instead of four. */
const toldQuery = `
  SELECT ${columnsOf(Prisma.ActionRequestScalarFieldEnum)},
    ${listOf('cards', Prisma.CardScalarFieldEnum, 'request_id = $1')} AS cards,
    ARRAY(SELECT text FROM entries
      WHERE request_id = ANY (ARRAY[$1] || ARRAY(SELECT id FROM action_requests WHERE rolls_back = $1)
          || ARRAY(SELECT m.id FROM action_requests m WHERE m.set_id = action_requests.set_id AND m.set_card = $1)
          || ARRAY(SELECT m.id FROM action_requests m WHERE m.alike_card = $1))
        OR id = action_requests.erased ->> 'entry'
      ORDER BY position) AS entries,
    EXISTS(SELECT FROM action_requests m WHERE m.alike_card = $1) AS is_shared,
    ${listOf('agents', Prisma.AgentScalarFieldEnum, 'id = agent_id')} AS agents
  FROM action_requests WHERE id = $1`

/** All rows of a table for which that holds, as JSON, in the order of their ids. */
function listOf(table: string, fields: Readonly<Record<string, string>>, where: string): string {
  return `(SELECT coalesce(json_agg(one ORDER BY one.id), '[]')
    FROM (SELECT ${columnsOf(fields)} FROM ${table} WHERE ${where}) one)`
}

export function readTold(pool: Pool): Pick<Store, 'toldRequest'> {
  const read = keptPlan<Row>(pool, { name: 'told request', text: toldQuery })
  return {
    async toldRequest(id) {
      const [row] = await read([id])
      if (!row) return null
      const [agent] = row.agents
      return {
        request: requestOf(row),
        agent: agent ? agentOf({ ...agent, createdAt: new Date(agent.createdAt) }) : null,
        cards: row.cards.map(cardOf),
        entries: row.entries.map((text) => JSON.parse(text) as Entry), // written by `entryText`
        isShared: row.is_shared,
      }
    },
  }
}
