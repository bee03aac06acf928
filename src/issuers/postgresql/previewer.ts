import { type Client, escapeIdentifier } from 'pg'
import { z } from 'zod'
import { TargetFault, type TargetFinding } from '../../approvals/leases/issuer.ts'
import type { Estimated, Previewer } from '../../approvals/previews/previewer.ts'
import type { Action } from '../../core/action.ts'
import { Refusal } from '../../core/refusal.ts'
import type { PostgresqlTarget } from './issuer.ts'
import { expectRecent, expectTable } from './makeRole.ts'
import { lookAtPreviewLogin } from './previewLogin.ts'
import { type ActionAtTarget, type Privileges, privilegesFor, ruleFor } from './privileges.ts'
import { type SessionLimits, withSession } from './session.ts'

/** Milliseconds. `statement` is told to the server, which ends what takes longer. */
const limits: SessionLimits = { connect: 2_000, statement: 500, lock: 500, query: 2_000 }

/** Sessions at once. What nobody waits for any more still has its seat until it has ended. */
const seats = 2

/**
 * What the planner of the target expects of a SELECT that we compose from names that its catalogue has: `EXPLAIN` without `ANALYZE`, which
 * plans and does not run, in a transaction that can only read, by a login that can only select. Null where the operator has given none.
 *
 * Planning itself can run functions: those of a view, of a policy for rows, and of a foreign server's estimate. So none of the three is planned.
 */
export function postgresqlPreviewer(config: PostgresqlTarget): Previewer | null {
  const { name, preview } = config
  if (!preview) return null
  let taken = 0
  const previewed = (action: Action): ActionAtTarget | null => {
    const rule = ruleFor(config, action)
    // What only adds rows touches none that there are.
    return rule?.privileges.some((one) => one !== 'INSERT') ? rule : null
  }
  return {
    target: name,
    previews: (action) => previewed(action) !== null,
    async preview(action) {
      const rule = previewed(action)
      if (!rule) throw refused('the target has no preview of this action')
      const what = privilegesFor(rule, action)
      if (taken >= seats) throw new TargetFault('PostgreSQL: two previews have not ended yet')
      taken += 1
      try {
        return await withSession(
          preview.url,
          (client) => readOnly(client, () => estimate(client, what)),
          limits,
        )
      } finally {
        taken -= 1
      }
    },
    check: () => checkLogin(preview.url),
  }
}

/** Never committed, because there is nothing to commit. */
async function readOnly<T>(client: Client, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN READ ONLY')
  try {
    return await work()
  } finally {
    await client.query('ROLLBACK').catch(() => undefined)
  }
}

async function estimate(client: Client, what: Privileges): Promise<Estimated> {
  await expectRecent(client)
  const [more] = (await lookAtPreviewLogin(client)).filter(({ ok }) => !ok)
  if (more) throw new Refusal('target_refused', `the preview login: ${more.detail}`)
  await expectTable(client, what)
  await expectPlainRows(client, what)
  const { schema, table, columns } = what
  const from = `${escapeIdentifier(schema)}.${escapeIdentifier(table)}`
  const { rows } = await client.query<Record<string, unknown>>(
    `EXPLAIN (FORMAT JSON) SELECT ${columns.map(escapeIdentifier).join(', ')} FROM ${from}`,
  )
  return { tables: [`${schema}.${table}`], rows: rowsIn(rows[0]?.['QUERY PLAN']) }
}

/**
 * Rows that its policies hide would be other rows than those of the credential, and a policy's functions are run to plan it; a
 * foreign table asks its server. What was never analysed has no estimate, only an assumption.
 */
async function expectPlainRows(client: Client, { schema, table }: Privileges): Promise<void> {
  const { rows } = await client.query<{ filtered: boolean; foreign: boolean; guessed: boolean }>(
    `WITH RECURSIVE tree AS (
       SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2
       UNION SELECT i.inhrelid FROM pg_inherits i JOIN tree ON tree.oid = i.inhparent
     ) SELECT bool_or(relrowsecurity) AS filtered, bool_or(relkind = 'f') AS foreign,
       coalesce(bool_and(reltuples < 0) FILTER (WHERE relkind = 'r'), true) AS guessed
     FROM pg_class JOIN tree USING (oid)`,
    [schema, table],
  )
  const [seen] = rows
  if (!seen || seen.filtered) throw refused('its rows are filtered by policies (row-level security)')
  if (seen.foreign) throw refused('a part of it is on another server')
  if (seen.guessed) throw refused('it was never analysed, so there is no estimate: ANALYZE it')
}

const planSchema = z.tuple([
  z.object({ Plan: z.object({ 'Plan Rows': z.number().min(0).max(Number.MAX_SAFE_INTEGER) }) }),
])

/** Of the top node: what comes out of it. @throws TargetFault when the answer is no plan */
function rowsIn(answer: unknown): number {
  const plan = planSchema.safeParse(answer)
  if (!plan.success) throw new TargetFault('PostgreSQL: an answer that is no plan')
  return Math.round(plan.data[0].Plan['Plan Rows'])
}

async function checkLogin(url: string): Promise<readonly TargetFinding[]> {
  try {
    return await withSession(
      url,
      async (client) => {
        await expectRecent(client)
        return lookAtPreviewLogin(client)
      },
      limits,
    )
  } catch (fault) {
    const said = fault instanceof TargetFault || fault instanceof Refusal ? fault.message : 'no answer'
    const fix = 'See "A preview" in docs/credentials.md for what its login needs.'
    return [{ ok: false, detail: said, fix, ...(fault instanceof TargetFault && { passes: true }) }]
  }
}

function refused(detail: string): Refusal {
  return new Refusal('target_refused', detail)
}
