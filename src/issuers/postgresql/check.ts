import type { Client } from 'pg'
import { TargetFault, type TargetFinding } from '../../approvals/leases/issuer.ts'
import { Refusal } from '../../core/refusal.ts'
import { expectRecent } from './makeRole.ts'
import type { ActionAtTarget } from './privileges.ts'
import { withSession } from './session.ts'

/** Seconds by which a clock may differ: logins end by the target's. */
const clockTolerance = 30

/** Version, rights and clock; and what the credentials could be used for beside what is approved. */
export async function checkTarget(
  url: string,
  actions: readonly ActionAtTarget[],
): Promise<readonly TargetFinding[]> {
  try {
    return await withSession(url, async (client) => {
      await expectRecent(client)
      const found = await look(client)
      return [
        { ok: true, detail: `PostgreSQL ${found.version}, database ${found.database}`, fix: null },
        ...rightFindings(found),
        ...clockFinding(found.now),
        ...(await missingSchemas(client, actions)),
        ...publicFindings(found),
      ]
    })
  } catch (fault) {
    const said = fault instanceof TargetFault || fault instanceof Refusal ? fault.message : 'no answer'
    return [{ ok: false, detail: said, fix: 'See "PostgreSQL" in docs/credentials.md for what it needs.' }]
  }
}

interface Seen {
  readonly version: string
  readonly database: string
  readonly now: Date
  readonly creates: boolean
  readonly superuser: boolean
  readonly temporary: boolean
  readonly definers: number
}

async function look(client: Client): Promise<Seen> {
  const { rows } = await client.query<Seen>(
    `SELECT current_setting('server_version') AS version, current_database() AS database, clock_timestamp() AS now,
       r.rolcreaterole OR r.rolsuper AS creates, r.rolsuper AS superuser,
       EXISTS (SELECT FROM pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
         WHERE d.datname = current_database() AND a.grantee = 0 AND a.privilege_type = 'TEMPORARY') AS temporary,
       (SELECT count(*)::int FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
          WHERE p.prosecdef AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
          AND EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a WHERE a.grantee = 0)
       ) AS definers
     FROM pg_roles r WHERE r.rolname = current_user`,
  )
  const [seen] = rows
  if (!seen) throw new TargetFault('PostgreSQL: the role cannot see itself')
  return seen
}

function rightFindings({ creates, superuser }: Seen): readonly TargetFinding[] {
  if (!creates)
    return [
      { ok: false, detail: 'its role may not create roles', fix: 'ALTER ROLE … CREATEROLE, as a superuser' },
    ]
  if (!superuser) return []
  return [
    {
      ok: true,
      look: true,
      detail: 'its role is a superuser, so nothing bounds what could be given',
      fix: 'Use a role of its own that has LOGIN and CREATEROLE only: docs/credentials.md.',
    },
  ]
}

function clockFinding(now: Date): readonly TargetFinding[] {
  const seconds = Math.round(Math.abs(Date.now() - now.getTime()) / 1_000)
  if (seconds <= clockTolerance) return []
  const detail = `its clock differs from ours by ${seconds} s, and logins end by its clock`
  return [{ ok: false, detail, fix: 'Let both follow the same time servers.' }]
}

async function missingSchemas(
  client: Client,
  actions: readonly ActionAtTarget[],
): Promise<readonly TargetFinding[]> {
  const wanted = [...new Set(actions.map(({ schema }) => schema))]
  const { rows } = await client.query<{ name: string }>(
    `SELECT nspname::text AS name FROM pg_namespace WHERE nspname = ANY ($1)
       AND has_schema_privilege(oid, 'USAGE WITH GRANT OPTION')`,
    [wanted],
  )
  const grantable = rows.map(({ name }) => name)
  return wanted
    .filter((name) => !grantable.includes(name))
    .map((name) => ({
      ok: false,
      detail: `it may not give anybody the schema ${name}`,
      fix: `GRANT USAGE ON SCHEMA ${name} TO … WITH GRANT OPTION, as its owner`,
    }))
}

/** What every role of that database may do, ours included. */
function publicFindings({ temporary, definers }: Seen): readonly TargetFinding[] {
  return [
    ...(temporary
      ? [
          {
            ok: true,
            look: true as const,
            detail: 'everybody there may make temporary tables',
            fix: 'REVOKE TEMPORARY ON DATABASE … FROM PUBLIC',
          },
        ]
      : []),
    ...(definers > 0
      ? [
          {
            ok: true,
            look: true as const,
            detail: `everybody there may run ${definers} functions with the rights of their owners, whatever they read`,
            fix: 'REVOKE EXECUTE ON FUNCTION … FROM PUBLIC, where it is not meant so',
          },
        ]
      : []),
  ]
}
