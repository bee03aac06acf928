import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { CredentialIssuer, LeaseAtTarget } from '../../approvals/leases/issuer.ts'
import { Refusal } from '../../core/refusal.ts'
import { duration, properties } from '../../policy/format/shape.ts'
import { ofEveryTarget } from '../ofEveryTarget.ts'
import { checkTarget } from './check.ts'
import { dropRole } from './dropRole.ts'
import { makeRole } from './makeRole.ts'
import { actionsSchema, plannedIn, privilegesFor, roleIn, ruleFor } from './privileges.ts'
import { scramVerifier } from './scram.ts'
import { withSession } from './session.ts'

/** One target in the operator's file. */
export const postgresqlSchema = properties({
  ...ofEveryTarget,
  issuer: z.literal('postgresql'),
  url: targetUrl(),
  /** Off without it. */
  preview: properties({ url: targetUrl() }).optional(),
  life: duration
    .refine((seconds) => seconds >= 30 && seconds <= 3_600, 'must be between 30s and 1h')
    .optional(),
  connections: z.int().min(1).max(20).optional(),
  statement_timeout: duration.refine((seconds) => seconds <= 3_600, 'must be at most 1h').optional(),
  actions: actionsSchema,
})

export type PostgresqlTarget = z.infer<typeof postgresqlSchema>

const usual = { lifeSeconds: 600, connections: 2, statementSeconds: 30 } as const

/**
 * A login role for each lease, on PostgreSQL 16 or later. Its name is derived from the lease, its comment names the installation:
 * so whatever exists is found, and two installations never end each other's.
 */
export function postgresqlIssuer(config: PostgresqlTarget, installation: string): CredentialIssuer {
  const { name, url, audience, actions } = config
  const seconds = config.life ?? usual.lifeSeconds
  return {
    target: name,
    issuer: 'postgresql',
    audience,
    ends: 'at once',
    seconds,
    longestSeconds: seconds,
    doesNotBind: 'which rows it touches, or where they go',
    serves: (action) => ruleFor(config, action) !== null,
    plan(lease, action) {
      const rule = ruleFor(config, action)
      if (!rule) throw new Refusal('target_refused', 'the target does not serve this action')
      const { schema, table, columns, privileges } = privilegesFor(rule, action)
      return { role: roleOf(lease), schema, table, columns: [...columns], privileges: [...privileges] }
    },
    async issue(lease, until) {
      const password = randomBytes(24).toString('base64url')
      const verifier = await scramVerifier(password)
      const planned = plannedIn(lease.about)
      await withSession(url, (client) =>
        makeRole(client, {
          ...planned,
          verifier,
          until,
          connections: config.connections ?? usual.connections,
          statementSeconds: config.statement_timeout ?? usual.statementSeconds,
          comment: commentOf(installation, lease.id),
        }),
      )
      return {
        credential: { ...addressIn(url), user: planned.role, password },
        toEnd: null,
        expiresAt: until,
      }
    },
    end: ({ about }) => withSession(url, (client) => dropRole(client, roleIn(about))),
    list: () => listRoles(url, installation),
    check: () => checkTarget(url, [...actions.values()]),
  }
}

/** A role's name is at most 63 bytes; 64 random bits of the lease's own are enough to tell them apart. */
function roleOf(lease: string): string {
  return `cs_${createHash('sha256').update(lease).digest('hex').slice(0, 16)}`
}

const commentPattern = /^countersign (wsp_\w+) (lse_\w+)$/

function commentOf(installation: string, lease: string): string {
  return `countersign ${installation} ${lease}`
}

function listRoles(url: string, installation: string): Promise<readonly LeaseAtTarget[]> {
  return withSession(url, async (client) => {
    const { rows } = await client.query<{ role: string; comment: string | null }>(
      `SELECT rolname AS role, shobj_description(oid, 'pg_authid') AS comment FROM pg_roles WHERE rolname ~ '^cs_[0-9a-f]{16}$'`,
    )
    return rows.flatMap(({ role, comment }) => {
      const [, whose, id] = commentPattern.exec(comment ?? '') ?? []
      return id !== undefined && whose === installation ? [{ id, about: { role } }] : []
    })
  })
}

function targetUrl() {
  return z.string().refine(isTargetUrl, {
    error:
      'must be postgresql://role:password@host:port/database, with nothing after it but host and sslmode=disable, require, verify-ca, verify-full or no-verify',
  })
}

const sslModes = ['disable', 'require', 'verify-ca', 'verify-full', 'no-verify']

function isTargetUrl(written: string): boolean {
  if (!URL.canParse(written)) return false
  const { protocol, username, pathname, searchParams } = new URL(written)
  return (
    /^postgres(ql)?:$/.test(protocol) &&
    username !== '' &&
    pathname.length > 1 &&
    [...searchParams].every(
      ([key, value]) => key === 'host' || (key === 'sslmode' && sslModes.includes(value)),
    )
  )
}

/** Where the holder of a credential connects to: where we did. */
function addressIn(written: string): Readonly<Record<string, string | number>> {
  const { hostname, port, pathname, searchParams } = new URL(written)
  const sslmode = searchParams.get('sslmode')
  return {
    host: searchParams.get('host') ?? hostname,
    port: Number(port || 5_432),
    database: decodeURIComponent(pathname.slice(1)),
    ...(sslmode !== null && { sslmode }),
  }
}
