import type { Pool } from 'pg'
import type { AskingIn, CrowdCard, CrowdStore } from '../approvals/crowds/records.ts'
import { type ActionRequest, effectiveLegs } from '../core/request.ts'

/** The `CrowdStore` port on PostgreSQL. */
export function crowdsOn(pool: Pool): CrowdStore {
  const changed = async (text: string, values: readonly unknown[]) =>
    (await pool.query(text, [...values])).rowCount === 1
  return {
    async crowdCard(conversation) {
      const { rows } = await pool.query<CardRow>(
        'SELECT id, version, message, shown, next, reminded FROM crowd_cards WHERE id = $1',
        [conversation],
      )
      return rows[0] ? { ...rows[0], next: rows[0].next.toISOString() } : null
    },
    async askingIn(conversation) {
      const { rows } = await pool.query<AskingRow>(asking, [conversation, JSON.stringify(conversation)])
      const here = rows.filter(({ requirement }) => requirement?.notify.channels.includes(conversation))
      return byCard(here)
    },
    keepCrowdCard: ({ expected, next: { id, version, message, shown, next, reminded } }) =>
      expected === null
        ? changed(
            `INSERT INTO crowd_cards (id, version, message, shown, next, reminded) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (id) DO NOTHING`,
            [id, version, message, shown, next, reminded],
          )
        : changed(
            `UPDATE crowd_cards SET version = $2, message = $3, shown = $4, next = $5, reminded = $6
             WHERE id = $1 AND version = $7`,
            [id, version, message, shown, next, reminded, expected],
          ),
    dropCrowdCard: ({ id, version }) =>
      changed('DELETE FROM crowd_cards WHERE id = $1 AND version = $2', [id, version]),
  }
}

interface CardRow extends Omit<CrowdCard, 'next'> {
  readonly next: Date
}

interface AskingRow extends Pick<ActionRequest, 'requirement' | 'escalations'> {
  readonly carrier: string
  readonly agent: { readonly name: string }
  readonly createdAt: Date
  readonly expiresAt: Date
  readonly postedAt: Date | null
  readonly isPosted: boolean
  readonly listed: boolean
}

/** What is JSON is looked through as text, because PostgreSQL reads none that holds U+0000; the rest is for whoever parses it. */
const asking = `
  SELECT a.carrier, a.agent, a.requirement, a.escalations, a.created_at AS "createdAt", a.expires_at AS "expiresAt",
    (SELECT c.id FROM cards c WHERE c.request_id = a.carrier AND c.conversation = $1 AND c.status = 'posted' LIMIT 1)
      IS NOT NULL AS "isPosted",
    (SELECT max(e.ts) FROM entries e WHERE e.request_id = a.carrier AND e.type = 'card.posted' AND strpos(e.text, $2) > 0)
      AS "postedAt",
    (SELECT e.id FROM entries e WHERE e.request_id = a.carrier AND e.type = 'card.listed' AND strpos(e.text, $2) > 0 LIMIT 1)
      IS NOT NULL AS listed
  FROM (
    SELECT coalesce(set_card, id) AS carrier, agent, requirement, escalations, created_at, expires_at
    FROM action_requests
    WHERE state = 'pending' AND strpos(requirement::text, $2) > 0 AND expires_at IS NOT NULL ORDER BY id LIMIT 2000
  ) a`

/** What shares a card is one: it waits as long as the first that ends, and was escalated when one of it was. */
function byCard(rows: readonly AskingRow[]): readonly AskingIn[] {
  const found = new Map<string, AskingIn>()
  for (const row of rows) {
    const one = askingOf(row)
    const other = found.get(row.carrier)
    found.set(row.carrier, other ? together(other, one) : one)
  }
  return [...found.values()]
}

function askingOf({ carrier, agent, isPosted, listed, ...row }: AskingRow): AskingIn {
  const { requirement, escalations } = row
  const [remind] = requirement?.notify.remindAfterSeconds ?? []
  const createdAt = row.createdAt.toISOString()
  return {
    ...{ id: carrier, agent: agent.name, createdAt, expiresAt: row.expiresAt.toISOString(), listed },
    escalated: escalations.length > 0,
    from: effectiveLegs({ requirement, escalations }).flatMap(({ from }) => from),
    remindAt: remind === undefined ? null : new Date(Date.parse(createdAt) + remind * 1_000).toISOString(),
    postedAt: isPosted ? (row.postedAt?.toISOString() ?? createdAt) : null,
  }
}

function together(one: AskingIn, other: AskingIn): AskingIn {
  return {
    ...one,
    expiresAt: one.expiresAt < other.expiresAt ? one.expiresAt : other.expiresAt,
    escalated: one.escalated || other.escalated,
    from: [...one.from, ...other.from],
    remindAt: [one.remindAt, other.remindAt].filter((at) => at !== null).sort()[0] ?? null,
  }
}
