import type { Pool } from 'pg'
import type { OwnRequestQuery, OwnRequests } from '../../approvals/ownRequests.ts'
import type { Store } from '../../approvals/ports.ts'
import type { Asking, AskingQuery, HistoryQuery } from '../../approvals/queries.ts'
import { Prisma } from '../prisma/client.ts'
import type { ActionRequestModel } from '../prisma/models.ts'
import { columnsOf } from './byId.ts'
import { requestOf, requirementOf } from './request.ts'

/** What lists of a person read. Each is one statement that an index answers in its order, however many requests there are. */
export function readListed(
  pool: Pool,
): Pick<Store, 'requestsOfAgent' | 'history' | 'requestsBehind' | 'asking'> {
  return {
    async requestsOfAgent(query) {
      const { text, values, looks } = ownQuery(query)
      const { rows } = await pool.query<OwnRow>(text, values)
      return foundIn(rows, { limit: query.limit, looks })
    },
    async history(query) {
      const { text, values } = historyQuery(query)
      const { rows } = await pool.query<OwnRow>(text, values)
      return foundIn(rows, { limit: query.limit, looks: historyLooks })
    },
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

/** A page that is full goes on after its last; one that is not, after what was looked through, where that was not all. */
function foundIn(
  rows: readonly OwnRow[],
  { limit, looks }: { readonly limit: number; readonly looks: number },
): OwnRequests {
  const requests = rows.flatMap((row) => (row.id === null ? [] : [requestOf(row)]))
  const [first] = rows
  const looked = first?.looked === looks ? first.lookedTo : null
  return { requests, next: requests.length === limit ? (requests.at(-1)?.id ?? null) : looked }
}

/** Also where nothing was found: then only how much was looked through. */
type OwnRow = { readonly looked: number; readonly lookedTo: string | null } & (
  | ActionRequestModel
  | { readonly id: null }
)

/** How many are looked through for one page: a filter that hardly anything passes costs no more than that. Actions are JSON, and may be long. */
const looksFor = { states: 1_000, actions: 200 } as const

/**
 * The order names the agent, and the comparison is no equality, so that only the index on both can give it: the planner would
 * else walk down the newest requests of everybody, past a million of others when this agent has not asked for long. What is
 * pending has an index of its own, which is never long. An action is compared by how its text begins, as `digestAction` and every
 * submission write it: PostgreSQL reads no JSON that holds U+0000, and would read all of a long one.
 */
export function ownQuery({ agent, states, action, limit, before }: OwnRequestQuery): {
  readonly text: string
  readonly values: unknown[]
  readonly looks: number
} {
  const looks = action === undefined ? looksFor.states : looksFor.actions
  const onlyPending = states?.length === 1 && states[0] === 'pending'
  const text = `
  WITH looked AS MATERIALIZED (
    SELECT id, state FROM action_requests
    WHERE ${onlyPending ? "agent_id = $1 AND state = 'pending'" : 'agent_id >= $1 AND agent_id <= $1'}
      ${before === undefined ? '' : 'AND id < $5'}
    ORDER BY agent_id DESC, id DESC LIMIT ${looks}
  )
  SELECT every.looked, every."lookedTo", found.* FROM (
    SELECT count(*)::integer AS looked, min(id) AS "lookedTo" FROM looked
  ) every LEFT JOIN LATERAL (
    SELECT ${columnsOf(Prisma.ActionRequestScalarFieldEnum)} FROM action_requests
    WHERE id = ANY (ARRAY(SELECT id FROM looked WHERE $2::text[] IS NULL OR state = ANY ($2)))
      AND ($3::text IS NULL OR left(action::text, length($3)) = $3)
    ORDER BY id DESC LIMIT $4
  ) found ON true ORDER BY found.id DESC`
  const values = [agent, states ?? null, beginsWith(action), limit, ...(before === undefined ? [] : [before])]
  return { text, values, looks }
}

/** How many of all requests are looked through for one page of a history, at most: most are what policy allowed, and nobody's to read. */
const historyLooks = 5_000

/**
 * What was asked before `since` ends the look: ids grow with time. Only what people were asked about has a time at which the asking ends,
 * and of anything else nobody may read but whoever is behind it.
 */
export function historyQuery({ behind, agent, states, action, since, limit, before }: HistoryQuery): {
  readonly text: string
  readonly values: unknown[]
} {
  const of = agent === undefined ? '$1::text IS NULL' : 'agent_id >= $1 AND agent_id <= $1'
  const order = agent === undefined ? 'id DESC' : 'agent_id DESC, id DESC'
  const text = `
  WITH looked AS MATERIALIZED (
    SELECT id, state, created_at, expires_at, behind_people FROM action_requests
    WHERE ${of} ${before === undefined ? '' : 'AND id < $7'}
    ORDER BY ${order} LIMIT ${historyLooks}
  )
  SELECT every.looked, every."lookedTo", found.* FROM (
    SELECT count(*)::integer AS looked,
      CASE WHEN $2::timestamptz IS NULL OR min(created_at) >= $2 THEN min(id) END AS "lookedTo" FROM looked
  ) every LEFT JOIN LATERAL (
    SELECT ${columnsOf(Prisma.ActionRequestScalarFieldEnum)} FROM action_requests
    WHERE id = ANY (ARRAY(
        SELECT id FROM looked
        WHERE ($2::timestamptz IS NULL OR created_at >= $2) AND ($3::text[] IS NULL OR state = ANY ($3))
          AND (expires_at IS NOT NULL OR behind_people && $4::text[])))
      AND ($5::text IS NULL OR left(action::text, length($5)) = $5)
    ORDER BY id DESC LIMIT $6
  ) found ON true ORDER BY found.id DESC`
  const values = [agent ?? null, since ?? null, states ?? null, behind, beginsWith(action), limit]
  return { text, values: before === undefined ? values : [...values, before] }
}

function beginsWith(action: string | undefined): string | null {
  return action === undefined ? null : `{"action":${JSON.stringify(action)},`
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
