import { z } from 'zod'
import type { Action } from '../../core/action.ts'
import type { JsonObject } from '../../core/json.ts'
import { Refusal } from '../../core/refusal.ts'
import { mapping, pattern, properties } from '../../policy/format/shape.ts'
import { approvedPlace, approvedValue } from '../approvedValue.ts'

/**
 * Permissions that hold for one repository. What GitHub has besides belongs to a whole organization, and no token that has it is
 * narrowed to a repository (https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps).
 */
const permissionNames = [
  'actions',
  'administration',
  'attestations',
  'checks',
  'codespaces',
  'contents',
  'dependabot_secrets',
  'deployments',
  'discussions',
  'environments',
  'issues',
  'merge_queues',
  'packages',
  'pages',
  'pull_requests',
  'repository_custom_properties',
  'repository_hooks',
  'secret_scanning_alerts',
  'secrets',
  'security_events',
  'statuses',
  'vulnerability_alerts',
  'workflows',
]

const levels = ['read', 'write'] as const
type Level = (typeof levels)[number]

/** By name: what a token may do in its repository. */
type Permissions = ReadonlyMap<string, Level>

const from = z
  .string()
  .regex(new RegExp(`^${approvedPlace}$`), 'must be resource.id, resource.rest or params.NAME')

const repositoryPattern = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/
const repositoryName = z
  .string()
  .regex(repositoryPattern, 'must be the name of a repository, without its owner')

const permissions = mapping(
  {
    pattern: new RegExp(`^(?:${permissionNames.join('|')})$`),
    says: `must be a permission of one repository: ${permissionNames.join(', ')}`,
  },
  z.enum(levels),
).refine((given) => given.size > 0, 'must name a permission')

/** What an action gets at GitHub: the operator's word; from the request come only values that were approved, and none beyond `at_most`. */
export const permissionsSchema = mapping(
  { pattern: /^[a-z0-9][a-z0-9._:-]{0,127}$/, says: 'must be the name of an action' },
  properties({
    /** The resource that has been approved has to fit. */
    resource: pattern,
    repository: z.union([repositoryName, properties({ from })]),
    at_most: permissions,
    /** Where the approved action lists which of them it needs; without it, all of them. */
    permissions: properties({ from }).optional(),
  }),
)

export type ActionAtGitHub =
  z.infer<typeof permissionsSchema> extends ReadonlyMap<string, infer R> ? R : never

/** The one repository, and what the token may do there. */
export interface Narrowed {
  readonly repository: string
  readonly permissions: Permissions
}

/** @throws Refusal `target_refused` when the action does not name a repository of this owner, or names more than the operator allows */
export function narrowedFor(rule: ActionAtGitHub, owner: string, action: Action): Narrowed {
  const named =
    typeof rule.repository === 'string'
      ? rule.repository
      : approvedValue(rule.repository.from, rule.resource, action)
  const name =
    typeof named === 'string' && named.startsWith(`${owner}/`) ? named.slice(owner.length + 1) : named
  if (typeof name !== 'string' || !repositoryPattern.test(name))
    throw refused('the action does not name a repository of this owner')
  const { at_most: most } = rule
  if (!rule.permissions) return { repository: name, permissions: most }
  const asked = askedIn(approvedValue(rule.permissions.from, rule.resource, action))
  for (const [permission, level] of asked) {
    const allowed = most.get(permission)
    if (allowed === undefined || levels.indexOf(level) > levels.indexOf(allowed))
      throw refused('the action names a permission beyond what the operator allows')
  }
  return { repository: name, permissions: asked }
}

/** A list such as `["contents:write", "issues:read"]`: each name once. */
function askedIn(value: unknown): Permissions {
  const listed: readonly unknown[] = Array.isArray(value) ? value : []
  const asked = new Map<string, Level>()
  for (const one of listed) {
    const [, name, written] = (typeof one === 'string' && /^([a-z_]+):([a-z]+)$/.exec(one)) || []
    const level = levels.find((known) => known === written)
    if (name === undefined || !level || asked.has(name))
      throw refused('the action does not list permissions such as contents:read, each once')
    asked.set(name, level)
  }
  if (asked.size === 0) throw refused('the action does not name a permission')
  return asked
}

const grantedSchema = z.object({
  token: z.string().min(1),
  expires_at: z.string(),
  permissions: z.record(z.string(), z.string()),
  repository_selection: z.literal('selected'),
  repositories: z.tuple([z.object({ full_name: z.string() })]),
})

/** What GitHub says that it has given. */
export type GrantedToken = z.infer<typeof grantedSchema>

/**
 * GitHub's answer, when it is exactly what was asked; null when it is anything else. `metadata: read` comes with every token
 * (https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps#repository-permissions-for-metadata).
 */
export function exactly(
  asked: Narrowed & { readonly owner: string; readonly until: string },
  answered: unknown,
): GrantedToken | null {
  const { success, data: granted } = grantedSchema.safeParse(answered)
  if (!success) return null
  const { metadata, ...others } = granted.permissions
  const names = Object.keys(others)
  const isSame =
    (metadata === undefined || metadata === 'read') &&
    names.length === asked.permissions.size &&
    names.every((name) => asked.permissions.get(name) === others[name])
  // GitHub does not tell names apart by their case.
  const fullName = `${asked.owner}/${asked.repository}`.toLowerCase()
  const isThere = granted.repositories[0].full_name.toLowerCase() === fullName
  const end = Date.parse(granted.expires_at)
  return isSame && isThere && end <= Date.parse(asked.until) ? granted : null
}

/** The detail is for our log: no names that were sent. */
function refused(detail: string): Refusal {
  return new Refusal('target_refused', detail)
}

const aboutSchema = z.object({
  repository: z.string(),
  permissions: z.record(z.string(), z.enum(levels)),
  called: z.string(),
})

/** What is written down before GitHub is asked. */
export function plannedAs(lease: string, owner: string, { repository, permissions }: Narrowed): JsonObject {
  return {
    repository: `${owner}/${repository}`,
    permissions: Object.fromEntries(permissions),
    called: `countersign ${lease}`,
  }
}

/** What `plannedAs` wrote down, read again. `called`: how the calls for this lease name themselves to GitHub. */
export function plannedIn(about: JsonObject): Narrowed & { readonly owner: string; readonly called: string } {
  const { repository, permissions, called } = aboutSchema.parse(about)
  const [owner = '', name = ''] = repository.split('/')
  return { owner, repository: name, permissions: new Map(Object.entries(permissions)), called }
}
