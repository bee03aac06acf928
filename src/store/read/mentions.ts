import type { Pool } from 'pg'
import type { Called, MentionReader } from '../../approvals/cards/mentionReader.ts'

export function readMentions(pool: Pool): MentionReader {
  return {
    async called({ accounts, agent, name, since }) {
      const { rows } = await pool.query<Called>(calledQuery, [accounts, agent, name, since])
      return rows
    },
    async mostCalled(since, limit) {
      const { rows } = await pool.query<{ account: string; times: number }>(mostQuery, [since, limit])
      return rows
    },
  }
}

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
