import type { Pool } from 'pg'
import type { AskedOf, Called, MentionReader } from '../../approvals/cards/mentionReader.ts'
import type { ActionRequestModel } from '../prisma/models.ts'
import { decisionsOf, requirementOf } from './request.ts'

export function readMentions(pool: Pool): MentionReader {
  return {
    async called({ accounts, agent, name, since }) {
      const { rows } = await pool.query<Called>(calledQuery, [accounts, agent, name, since])
      return rows
    },
    async askedOf(since, limit) {
      const { rows } = await pool.query<AskedRow>(askedQuery, [since, limit])
      return rows.map(({ requirement, escalations, decisions, createdAt }) => ({
        requirement: requirementOf(requirement as unknown as AskedOf['requirement']), // as `requestRow` wrote it
        escalations: escalations as unknown as AskedOf['escalations'],
        decisions: decisionsOf(decisions),
        createdAt: createdAt.toISOString(),
      }))
    },
    async mostCalled(since, limit) {
      const { rows } = await pool.query<{ account: string; times: number }>(mostQuery, [since, limit])
      return rows
    },
  }
}

type AskedRow = Pick<ActionRequestModel, 'requirement' | 'escalations' | 'decisions' | 'createdAt'>

const askedQuery = `
  SELECT requirement, escalations, decisions, created_at AS "createdAt"
  FROM (SELECT * FROM action_requests ORDER BY id DESC LIMIT $2) newest
  WHERE expires_at IS NOT NULL AND created_at > $1::timestamptz ORDER BY id DESC`

const calledQuery = `
  SELECT asked.account,
    (SELECT count(*)::integer FROM mentions m WHERE m.account = asked.account AND m.at > $4::timestamptz) AS "byAll",
    (SELECT count(*)::integer FROM mentions m WHERE m.account = asked.account AND m.at > $4::timestamptz AND m.agent_id = $2)
      AS "byAgent",
    (SELECT m.at FROM mentions m WHERE m.account = asked.account AND m.name = $3) IS NOT NULL AS already
  FROM unnest($1::text[]) WITH ORDINALITY AS asked (account, nth) ORDER BY asked.nth`

const mostQuery = `
  SELECT account, count(*)::integer AS times FROM mentions WHERE at > $1::timestamptz
  GROUP BY account ORDER BY times DESC, account LIMIT $2`
