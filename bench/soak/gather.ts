import { setTimeout as delay } from 'node:timers/promises'
import type { CardRow, EntryRow, JobRow, RequestRow } from './evidence.ts'
import { isUnfinished } from './laws/machine.ts'
import type { Database } from './world/database.ts'

/** What the database holds, for the laws. */
export async function recordIn(database: Database) {
  const requests = await database.rows<RequestRow & { readonly at: never }>(`
    SELECT id, version, state, agent_id AS agent, idempotency_key AS key, action ->> 'action' AS action, behind,
      decisions, json_array_length(escalations) AS escalations, revises,
      requirement -> 'legs' AS legs,
      coalesce((SELECT json_agg(replace(channel, 'slack:', '')) FROM
        json_array_elements_text(CASE WHEN json_typeof(requirement) = 'object'
          THEN requirement -> 'notify' -> 'channels' ELSE '[]' END) AS channel), '[]') AS conversations,
      verdict ->> 'kind' AS verdict, ${ms('created_at')} AS "createdAt", ${ms('expires_at')} AS "expiresAt",
      ${ms('settled_at')} AS "settledAt"
    FROM action_requests ORDER BY id`)
  return {
    requests: requests.map((request) => ({
      ...request,
      decisions: request.decisions.map((one) => ({ ...one, at: Date.parse(String(one.at)) })),
    })),
    entries: await database.rows<EntryRow>(`
      SELECT id, type, request_id AS request, e.text::json -> 'actor' ->> 'id' AS actor, ${ms('ts')} AS at,
        e.text::json -> 'data' ->> 'delivery' AS delivery, e.text::json -> 'data' ->> 'kind' AS kind,
        e.text::json -> 'data' ->> 'card' AS card
      FROM entries e ORDER BY position`),
    cards: (
      await database.rows<CardRow>(`
      SELECT id, request_id AS request, replace(conversation, 'slack:', '') AS conversation, status, message
      FROM cards ORDER BY id`)
    ).map(inItsPlace),
    deliveries: (await database.rows<{ id: string }>('SELECT id FROM deliveries')).map(({ id }) => id),
    jobs: await database.rows<JobRow>(jobsSql),
    links: await database.rows<{ account: string; person: string }>(
      'SELECT id AS account, person FROM linked_accounts',
    ),
  }
}

const jobsSql = `
  SELECT job.id::text AS id, job.key, task.identifier AS task, job.attempts::int AS attempts,
    job.max_attempts::int AS "maxAttempts", job.locked_by AS "lockedBy", job.run_at <= now() AS due,
    EXISTS (SELECT FROM action_requests r WHERE r.id = job.payload ->> 'request' AND r.state <> 'pending') AS settled,
    left(job.last_error, 200) AS error
  FROM graphile_worker._private_jobs job JOIN graphile_worker._private_tasks task ON task.id = job.task_id
  ORDER BY job.id`

/** Jobs that have to be done before the record can be judged, in words; empty when all is quiet. */
export async function unfinished(database: Database): Promise<readonly string[]> {
  const jobs = await database.rows<JobRow & { readonly wait: number }>(`
    SELECT j.*, EXTRACT(epoch FROM job.run_at - now())::int AS wait FROM (${jobsSql}) j
    JOIN graphile_worker._private_jobs job ON job.id::text = j.id`)
  return jobs
    .filter(isUnfinished)
    .map(
      ({ key, task, attempts, wait, lockedBy, error }) =>
        `${key ?? task}, attempt ${attempts}, ${lockedBy ? 'in hand' : `in ${wait} s`}: ${error ?? 'no error yet'}`,
    )
}

/** A card that was sent to one person names the direct conversation with its message. */
function inItsPlace(card: CardRow): CardRow {
  const [conversation, message] = card.message?.split('/') ?? []
  return conversation && message ? { ...card, conversation, message } : card
}

/** Until every entry has its place in the tree, or for ten times as long as that is promised to take: then it is judged as it is. */
export async function sealed(database: Database): Promise<void> {
  for (const until = Date.now() + 10_000; Date.now() < until; await delay(200)) {
    if ((await waitingIn(database)) === 0) return
  }
}

/** How many entries wait for their place in the tree. */
export async function waitingIn(database: Database): Promise<number> {
  const [row] = await database.rows<{ waiting: number }>(
    'SELECT count(*)::int AS waiting FROM unsealed_entries',
  )
  return row?.waiting ?? Number.NaN
}

/** Puts forward what would only be tried again in minutes: for a short run, which has no time to wait for it. */
export async function hurry(database: Database): Promise<void> {
  await database.rows(`UPDATE graphile_worker._private_jobs job SET run_at = now()
    FROM graphile_worker._private_tasks task WHERE task.id = job.task_id AND job.locked_by IS NULL
      AND task.identifier IN ('announce', 'refresh', 'alarm', 'correct', 'answer') AND run_at > now() + interval '35 seconds'`)
}

function ms(column: string): string {
  return `(EXTRACT(epoch FROM ${column}) * 1000)::float8`
}
