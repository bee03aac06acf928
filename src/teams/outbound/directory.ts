import { z } from 'zod'
import { AnotherAccount } from '../../approvals/people/anotherAccount.ts'
import { type Directory, DirectoryFault, NobodyThere } from '../../approvals/ports.ts'
import type { Account } from '../../core/identity.ts'
import type { Source } from '../../core/requirement.ts'
import type { AgeClock } from '../../lifetime/ageClock.ts'
import { type Cache, createCache } from '../../lifetime/cache.ts'
import type { TeamsAccess } from '../access.ts'
import { addressOf, keyIn, objectIn, tenantIn } from '../address.ts'
import { createGraph, type Graph, type GraphTokens } from './graph.ts'

/**
 * Seconds for which an answer of Graph's may be used again. No removal is overlooked for longer: not somebody whose account was disabled
 * (users), not somebody who left a group (groups). Which accounts have an e-mail address is kept longer; each is then looked up as freshly as any
 * other, and has to have that address still.
 */
export const directoryCacheSeconds = { users: 5, groups: 15, emails: 60 } as const

/** The `Directory` port over Microsoft Graph, and what it can be made to forget. */
export interface TeamsDirectory extends Directory {
  /** An object id of Entra. */
  forgetPerson(id: string): void
  forgetGroups(): void
}

export interface DirectoryOptions {
  readonly access: Pick<TeamsAccess, 'tenant' | 'services'>
  readonly tokens: GraphTokens
  readonly ages: Pick<AgeClock, 'now' | 'elapsed' | 'onJump'>
}

export function createDirectory(options: DirectoryOptions): TeamsDirectory {
  const asking = askGraph(options)
  const account = async (address: string) => (await asking.users.get(idIn(asking, address))).account
  return {
    account,
    members: async (source) =>
      source.kind === 'account' ? [source.address] : (await peopleIn(asking, source)).map(addressOf),
    isMember: async (source, key) => {
      const id = idIn(asking, key)
      if (source.kind === 'account') return objectIn(source.address) === id
      return asking.memberships.get(`${groupOf(source)} ${id}`)
    },
    find: async (claim) => {
      const found =
        'email' in claim ? await accountsBy(asking, claim.email) : await nobodyAsNone(account(claim.address))
      return found.filter((one) => one.active && one.human)
    },
    forgetPerson: (id) => {
      asking.users.forget(id.toLowerCase())
      asking.memberships.forgetAll()
      asking.emails.forgetAll()
    },
    forgetGroups: () => {
      asking.groups.forgetAll()
      asking.memberships.forgetAll()
    },
  }
}

/** What we ask Graph, each remembered for its seconds. */
interface Asking {
  /** In lower case, as all ids here. */
  readonly tenant: string
  readonly users: Cache<Found>
  /** Object ids by that of the group. */
  readonly groups: Cache<readonly string[]>
  /** By group and person, with a blank between them. */
  readonly memberships: Cache<boolean>
  /** Object ids by an address in lower case. */
  readonly emails: Cache<readonly string[]>
}

/** An account with all addresses that Entra gives it. */
interface Found {
  readonly account: Account
  readonly emails: readonly string[]
}

function askGraph({ access, tokens, ages }: DirectoryOptions): Asking {
  const graph = createGraph({ base: access.services.graph, tokens, ages })
  const tenant = access.tenant.toLowerCase()
  const { users, groups, emails } = directoryCacheSeconds
  const askUser = (id: string) => userAt(graph, tenant, id)
  return {
    tenant,
    users: createCache({ seconds: users, capacity: 5_000, ages, ask: askUser }),
    groups: createCache({ seconds: groups, capacity: 500, ages, ask: (id) => membersOf(graph, id) }),
    memberships: createCache({ seconds: groups, capacity: 10_000, ages, ask: (both) => isIn(graph, both) }),
    emails: createCache({ seconds: emails, capacity: 1_000, ages, ask: (email) => idsBy(graph, email) }),
  }
}

const userAnswer = z.object({
  id: z.guid(),
  displayName: z.string().nullish(),
  mail: z.string().nullish(),
  userPrincipalName: z.string().nullish(),
  userType: z.string().nullish(),
  accountEnabled: z.boolean().nullish(),
})
const selected = Object.keys(userAnswer.shape).join(',')

async function userAt(graph: Graph, tenant: string, id: string): Promise<Found> {
  const user = await graph.get({ what: 'user', path: `users/${id}?$select=${selected}` }, userAnswer)
  const account = accountFrom(user, tenant)
  if (user.id.toLowerCase() !== id)
    throw new AnotherAccount('user: the answer is about somebody else', { asked: id, found: account.key })
  return { account, emails: [user.mail, user.userPrincipalName].flatMap((one) => one?.toLowerCase() ?? []) }
}

/** Whatever Graph leaves out is taken the stricter way. */
function accountFrom(user: z.infer<typeof userAnswer>, tenant: string): Account {
  const { displayName, mail, userPrincipalName, userType, accountEnabled } = user
  return {
    key: keyIn(tenant, user.id.toLowerCase()),
    name: displayName || userPrincipalName || mail || user.id,
    email: mail || userPrincipalName || null,
    human: true,
    active: accountEnabled === true,
    guest: userType !== 'Member',
    // Whoever was invited from another tenant keeps this mark in their name, also as a member.
    external: !userPrincipalName || /#ext#/i.test(userPrincipalName),
  }
}

const onlyId = z.object({ id: z.guid() })

/** With everybody in groups within it. Nobody, where there is no such group any more. */
async function membersOf(graph: Graph, group: string): Promise<readonly string[]> {
  const path = `groups/${group}/transitiveMembers/microsoft.graph.user?$count=true&$select=id&$top=999`
  try {
    return (await graph.pages({ what: 'members', path }, onlyId)).map(({ id }) => id.toLowerCase())
  } catch (fault) {
    if (fault instanceof NobodyThere) return []
    throw fault
  }
}

const groupsAnswer = z.object({ value: z.array(z.string()) })

/** A group that the answer leaves out, for whatever reason, is one that the person is not in. */
async function isIn(graph: Graph, both: string): Promise<boolean> {
  const [group = '', person = ''] = both.split(' ')
  const path = `users/${person}/checkMemberGroups`
  try {
    const { value } = await graph.get({ what: 'groups', path, body: { groupIds: [group] } }, groupsAnswer)
    return value.some((id) => id.toLowerCase() === group)
  } catch (fault) {
    if (fault instanceof NobodyThere) return false
    throw fault
  }
}

async function idsBy(graph: Graph, email: string): Promise<readonly string[]> {
  const quoted = `'${email.replaceAll("'", "''")}'`
  const filter = encodeURIComponent(`mail eq ${quoted} or userPrincipalName eq ${quoted}`)
  const found = await graph.pages({ what: 'address', path: `users?$filter=${filter}&$select=id` }, onlyId)
  return found.map(({ id }) => id.toLowerCase())
}

/** The accounts that have the address now: several, where Entra lets several have it. */
async function accountsBy(asking: Asking, written: string): Promise<readonly Account[]> {
  const email = written.toLowerCase()
  const remembered = await havingIt(asking, email)
  if (remembered !== null) return remembered
  // The address has moved to another account since.
  asking.emails.forget(email)
  return (await havingIt(asking, email)) ?? []
}

/** Null where one of them does not have the address any more. */
async function havingIt({ emails, users }: Asking, email: string): Promise<readonly Account[] | null> {
  const ids = await emails.get(email)
  const found = (await Promise.all(ids.map((id) => nobodyAsNone(users.get(id))))).flat()
  const having = found.filter((one) => one.emails.includes(email))
  return having.length < ids.length ? null : having.map(({ account }) => account)
}

/** None where Graph knows nobody: that is an answer, and asking again would not change it. */
async function nobodyAsNone<T>(asked: Promise<T>): Promise<readonly T[]> {
  try {
    return [await asked]
  } catch (fault) {
    if (fault instanceof NobodyThere) return []
    throw fault
  }
}

function peopleIn(asking: Asking, source: Source): Promise<readonly string[]> {
  return asking.groups.get(groupOf(source))
}

/** Any id goes into the address of a question, so nothing else than an id may. */
function groupOf(source: Source): string {
  const group = source.kind === 'group' ? objectIn(source.address) : null
  if (group === null) throw new DirectoryFault(`${source.ref} is not a group of Entra`)
  return group
}

/** @throws DirectoryFault also for a key that names another tenant than ours: it is somebody else's */
function idIn({ tenant }: Pick<Asking, 'tenant'>, addressOrKey: string): string {
  const id = objectIn(addressOrKey)
  if (id === null) throw new DirectoryFault('not the address of an account of Entra')
  const named = tenantIn(addressOrKey)
  if (named !== null && named !== tenant) throw new DirectoryFault('an account of another tenant')
  return id
}
