/** The few calls of Microsoft Graph that look people and groups up. */

import type { CallKind } from './faults.ts'
import { TeamsError } from './teamsError.ts'
import { mriOf, type Tenant, upnOf } from './tenant.ts'
import type { TeamsPerson } from './wire.ts'

export interface GraphCall {
  readonly kind: CallKind
  /** The answer's body. */
  run(): unknown
}

export interface GraphRequest {
  readonly method: string
  /** Below `/v1.0/`. */
  readonly path: string
  readonly query: URLSearchParams
  readonly body: string
  /** The address of `/v1.0`, for the next page. */
  readonly base: string
}

export interface GraphParts {
  readonly tenant: Tenant
  /** The app's permissions, as an administrator agreed to them. */
  readonly permissions: readonly string[]
  readonly pageSize: number
}

type Fields = Readonly<Record<string, unknown>>

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** What the request asks for. Throws for what Graph does not have. */
export function graphCall(parts: GraphParts, request: GraphRequest): GraphCall {
  const path = request.path.split('/').map(decodeURIComponent)
  const [kind, id = '', ...rest] = path
  const what = `${request.method} ${kind}${id === '' ? '' : '/*'}${rest.length > 0 ? `/${rest.join('/')}` : ''}`
  const allowed = (permission: string, run: () => unknown) => () => {
    if (!parts.permissions.includes(permission)) {
      throw new TeamsError(403, 'Authorization_RequestDenied', {
        message: 'Insufficient privileges to complete the operation.',
      })
    }
    return run()
  }
  switch (what) {
    case 'GET users':
      return { kind: 'users', run: allowed('User.Read.All', () => listUsers(parts, request)) }
    case 'GET users/*':
      return { kind: 'user', run: allowed('User.Read.All', () => oneUser(parts, request, id)) }
    case 'POST users/*/checkMemberGroups':
      return {
        kind: 'checkMemberGroups',
        run: allowed('GroupMember.Read.All', () => checkMemberGroups(parts.tenant, id, request.body)),
      }
    case 'GET groups':
      return { kind: 'groups', run: allowed('GroupMember.Read.All', () => listGroups(parts, request)) }
    case 'GET groups/*':
      return {
        kind: 'group',
        run: allowed('GroupMember.Read.All', () => groupObject(group(parts.tenant, id))),
      }
    case 'GET groups/*/transitiveMembers/microsoft.graph.user':
      return {
        kind: 'groupMembers',
        run: allowed('GroupMember.Read.All', () => groupMembers(parts, request, id)),
      }
    default:
      throw new TeamsError(400, 'BadRequest', { message: `Resource not found for the segment '${kind}'.` })
  }
}

function listUsers({ tenant, pageSize }: GraphParts, request: GraphRequest): unknown {
  const users = inDirectory(tenant)
    .map(userObject)
    .filter(filterOf(request.query.get('$filter')))
  return paged(
    users.map((user) => selected(user, request.query)),
    { pageSize, request, path: 'users' },
  )
}

function listGroups({ tenant, pageSize }: GraphParts, request: GraphRequest): unknown {
  const groups = [...tenant.groups.values()].map(groupObject).filter(filterOf(request.query.get('$filter')))
  return paged(groups, { pageSize, request, path: 'groups' })
}

function oneUser({ tenant }: GraphParts, { query }: GraphRequest, id: string): unknown {
  const found = inDirectory(tenant).find(
    (one) => one.id === id.toLowerCase() || upnOf(one) === id.toLowerCase(),
  )
  if (found === undefined) throw notFound(id)
  return selected(userObject(found), query)
}

function checkMemberGroups(tenant: Tenant, id: string, body: string): unknown {
  const ids = (JSON.parse(body) as { groupIds?: unknown }).groupIds
  if (!Array.isArray(ids) || ids.length > 20) throw bad('groupIds may have at most 20 items.')
  // One malformed id fails the whole call.
  if (ids.some((one) => !guid.test(String(one)))) throw bad('Invalid GUID in groupIds.')
  const person = inDirectory(tenant).find((one) => one.id === id.toLowerCase())
  if (person === undefined) throw notFound(id)
  return {
    value: ids.filter(
      (one) => tenant.groups.has(String(one)) && membersOf(tenant, String(one)).has(person.id),
    ),
  }
}

function groupMembers({ tenant, pageSize }: GraphParts, request: GraphRequest, id: string): unknown {
  const members = membersOf(tenant, group(tenant, id).id)
  const users = inDirectory(tenant)
    .filter((one) => members.has(one.id))
    .map(userObject)
  return paged(
    users.map((user) => selected(user, request.query)),
    { pageSize, request, path: request.path },
  )
}

/** Everybody in the group, by other groups as well. */
export function membersOf(
  tenant: Tenant,
  id: string,
  seen: ReadonlySet<string> = new Set(),
): ReadonlySet<string> {
  if (seen.has(id)) return new Set()
  const members = tenant.groups.get(id)?.members ?? []
  const deeper = members.flatMap((one) => [...membersOf(tenant, one, new Set([...seen, id]))])
  return new Set([...members.filter((one) => tenant.people.has(one)), ...deeper])
}

function group(tenant: Tenant, id: string) {
  const found = tenant.groups.get(id.toLowerCase())
  if (found === undefined) throw notFound(id)
  return found
}

/** People of another tenant in a shared channel are in no directory of ours. */
function inDirectory(tenant: Tenant): readonly TeamsPerson[] {
  return [...tenant.people.values()].filter((one) => one.tenant === tenant.id)
}

function userObject(person: TeamsPerson): Fields {
  const [givenName = '', ...surname] = person.name.split(' ')
  return {
    id: person.id,
    displayName: person.name,
    givenName,
    surname: surname.join(' '),
    jobTitle: person.title,
    mail: person.email,
    userPrincipalName: upnOf(person),
    userType: person.guest ? 'Guest' : 'Member',
    accountEnabled: person.enabled,
  }
}

function groupObject({ id, name }: { readonly id: string; readonly name: string }): Fields {
  return { id, displayName: name, securityEnabled: true, visibility: null }
}

/** Without `$select`, Graph leaves out whether an account is enabled and a guest's. */
const usual = ['id', 'displayName', 'givenName', 'surname', 'jobTitle', 'mail', 'userPrincipalName']

function selected(user: Fields, query: URLSearchParams): Fields {
  const wanted =
    query
      .get('$select')
      ?.split(',')
      .map((one) => one.trim()) ?? usual
  return Object.fromEntries(wanted.map((name) => [name, user[name] ?? null]))
}

/** `a eq 'x' or b eq 'y'`, `startswith(a,'x')`: quotes in a text are doubled. */
function filterOf(filter: string | null): (one: Fields) => boolean {
  if (filter === null) return () => true
  const clause = /\s*(?:(\w+) eq '((?:[^']|'')*)'|startswith\((\w+),\s*'((?:[^']|'')*)'\))\s*(?:or\s+|$)/iy
  const parts: ((one: Fields) => boolean)[] = []
  while (clause.lastIndex < filter.length) {
    const at = clause.lastIndex
    const found = clause.exec(filter)
    if (found === null) throw bad(`Invalid filter clause: ${filter.slice(at)}`)
    const [, equals, is = '', starts = '', begins = ''] = found
    const name = equals ?? starts
    const wanted = (equals === undefined ? begins : is).replaceAll("''", "'").toLowerCase()
    parts.push((one) => {
      const has = String(one[name] ?? '').toLowerCase()
      return equals === undefined ? has.startsWith(wanted) : has === wanted
    })
  }
  return (one) => parts.some((part) => part(one))
}

function paged(
  all: readonly Fields[],
  { pageSize, request, path }: { pageSize: number; request: GraphRequest; path: string },
): unknown {
  const from = Number(request.query.get('$skiptoken') ?? 0)
  const size = Math.min(pageSize, Number(request.query.get('$top') ?? pageSize))
  const next = from + size
  const query = new URLSearchParams(request.query)
  query.set('$skiptoken', String(next))
  return {
    ...(request.query.get('$count') === 'true' && from === 0 && { '@odata.count': all.length }),
    ...(next < all.length && { '@odata.nextLink': `${request.base}/${path}?${query}` }),
    value: all.slice(from, next),
  }
}

function notFound(id: string): TeamsError {
  return new TeamsError(404, 'Request_ResourceNotFound', {
    message: `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  })
}

function bad(message: string): TeamsError {
  return new TeamsError(400, 'Request_BadRequest', { message })
}

/** As the connector names somebody in a conversation. */
export function memberObject(person: TeamsPerson): Fields {
  return {
    id: mriOf(person),
    name: person.name,
    aadObjectId: person.id,
    email: person.email,
    userPrincipalName: upnOf(person),
    tenantId: person.tenant,
    userRole: person.guest ? 'guest' : 'user',
  }
}
