import type { WebClient } from '@slack/web-api'
import { z } from 'zod'
import { AnotherAccount } from '../../approvals/people/anotherAccount.ts'
import { type Directory, DirectoryFault, NobodyThere } from '../../approvals/ports.ts'
import type { Account, AccountKey } from '../../core/identity.ts'
import type { Source } from '../../core/requirement.ts'
import type { AgeClock } from '../../lifetime/ageClock.ts'
import { type Cache, createCache } from '../../lifetime/cache.ts'
import { addressIn, idIn } from '../address.ts'
import type { SlackIdentity } from '../identity.ts'
import { slackFault } from './fault.ts'
import { accountFrom, idsOf, userAnswer } from './user.ts'

/**
 * Seconds for which an answer of Slack's may be used again. No removal is overlooked for longer: not somebody who was
 * deactivated (users), not somebody who left a group (groups). Slack's events shorten it further, for the replica that
 * hears them: each event reaches one of several replicas, so none may count on hearing.
 * Which account has an e-mail address is kept longer, because Slack answers that question only 50 times a minute; the
 * account itself is then looked up as freshly as any other, and has to have that address still (threats: flood).
 */
export const directoryCacheSeconds = { users: 5, groups: 15, emails: 60 } as const

/** The `Directory` port over Slack, and what Slack's events make it forget. */
export interface SlackDirectory extends Directory {
  /** All ids of one user: an organisation has several. */
  forgetUser(...userIds: readonly string[]): void
  forgetGroups(): void
}

const groupsAnswer = z.object({ usergroups: z.array(z.object({ id: z.string(), date_delete: z.number() })) })
const membersAnswer = z.object({ users: z.array(z.string().min(1)) })

export interface DirectoryOptions {
  readonly client: WebClient
  readonly identity: SlackIdentity
  /** The workspace, as addresses name it; null, or nothing said, for the first. */
  readonly team?: string | null
  readonly ages: Pick<AgeClock, 'now' | 'onJump'>
}

/**
 * Asks Slack through `client`. Who is in a group is a question of ids: of a group of hundreds nobody is looked up but
 * the one who is asked about, and a member whom Slack does not know spoils nothing for the others (threats: grid).
 */
export function createDirectory(options: DirectoryOptions): SlackDirectory {
  const asking = askSlack(options)
  const account = (address: string) => accountAt(asking, address)
  return {
    account,
    members: async (source) =>
      source.kind === 'account'
        ? [source.address]
        : (await groupIds(asking, source)).map((id) => addressIn(asking.team, id)),
    isMember: async (source, key) =>
      source.kind === 'account' ? isAccount(asking, source, key) : isInGroup(asking, source, key),
    find: async (claim) => {
      const found =
        'email' in claim ? await accountsBy(asking, claim.email) : await accountsAt(asking, claim.address)
      return found.filter((one) => one.active && one.human)
    },
    forgetUser: (...ids) => {
      for (const id of ids) asking.users.forget(id)
      asking.emails.forgetAll()
    },
    forgetGroups: () => {
      asking.enabled.forgetAll()
      asking.groups.forgetAll()
    },
  }
}

/** What we ask Slack, each remembered for its seconds. */
interface Asking {
  readonly team: string | null
  readonly users: Cache<Account>
  /** Ids of the groups that are not disabled, under the one key `all`. */
  readonly enabled: Cache<ReadonlySet<string>>
  /** User ids by group id. */
  readonly groups: Cache<readonly string[]>
  /** The id of the user who has an address, in lower case; null when nobody has. */
  readonly emails: Cache<string | null>
  /** By account key, every id under which Slack named that account to us. Slack never gives an id to somebody else. */
  readonly ids: Map<AccountKey, Set<string>>
}

/** Accounts whose ids are remembered; the oldest go first, and are learnt again when they are looked up. */
const idsKept = 10_000

function askSlack({ client, identity, ages, team = null }: DirectoryOptions): Asking {
  const { users, groups, emails } = directoryCacheSeconds
  const ids: Asking['ids'] = new Map()
  ages.onJump(() => ids.clear())
  const askAccount = async (asked: string): Promise<Account> => {
    const { user } = await ask('users.info', userAnswer, () => client.users.info({ user: asked }))
    const named = [...idsOf(user, identity), ...(user.enterprise_user ? [user.enterprise_user.id] : [])]
    const account = accountFrom(user, identity)
    if (!named.includes(asked))
      throw new AnotherAccount('users.info: the answer is about somebody else', { asked, found: account.key })
    learn(ids, account.key, [asked, ...idsOf(user, identity)])
    return account
  }
  return {
    team,
    users: createCache({ seconds: users, capacity: 5_000, ages, ask: askAccount }),
    enabled: createCache({ seconds: groups, capacity: 1, ages, ask: () => askEnabledGroups(client) }),
    groups: createCache({ seconds: groups, capacity: 500, ages, ask: (id) => askMembers(client, id) }),
    emails: createCache({
      seconds: emails,
      capacity: 1_000,
      ages,
      ask: (email) => askIdByEmail(client, email),
    }),
    ids,
  }
}

function learn(known: Asking['ids'], key: AccountKey, ids: readonly string[]): void {
  const all = new Set([...(known.get(key) ?? []), ...ids])
  known.delete(key)
  known.set(key, all)
  const oldest = known.keys().next()
  if (known.size > idsKept && !oldest.done) known.delete(oldest.value)
}

/** The account that has the address now, or nobody. */
async function accountsBy({ emails, users }: Asking, written: string): Promise<readonly Account[]> {
  const email = written.toLowerCase()
  const has = (account: Account) => account.email?.toLowerCase() === email
  const id = await emails.get(email)
  const remembered = id === null ? null : await users.get(id)
  if (remembered === null || has(remembered)) return remembered ? [remembered] : []
  // The address has moved to another account since.
  emails.forget(email)
  const now = await emails.get(email)
  const found = now === null ? null : await users.get(now)
  return found && has(found) ? [found] : []
}

/** None where Slack knows nobody: that is an answer, and asking again would not change it. */
async function accountsAt(asking: Asking, address: string): Promise<readonly Account[]> {
  try {
    return [await accountAt(asking, address)]
  } catch (fault) {
    if (fault instanceof NobodyThere) return []
    throw fault
  }
}

async function accountAt({ users, team }: Asking, address: string): Promise<Account> {
  const found = await users.get(userIdIn(team, address))
  // A key that names another tenant than Slack does is somebody else's.
  if (address.split(':').length === 3 && ![found.key, ...(found.formerKeys ?? [])].includes(address))
    throw new AnotherAccount('an account key and its user disagree', { asked: address, found: found.key })
  return found
}

/** The ids in a group, as Slack lists them; none of a disabled group, or of one that is not there. */
async function groupIds({ team, enabled, groups }: Asking, source: Source): Promise<readonly string[]> {
  const group = idIn(team, source.address)
  if (group === null) throw new DirectoryFault(`${source.ref} is not a Slack user group`)
  return (await enabled.get('all')).has(group) ? groups.get(group) : []
}

async function isInGroup(asking: Asking, source: Source, key: AccountKey): Promise<boolean> {
  const [listed, ids] = await Promise.all([groupIds(asking, source), knownIds(asking, key)])
  return listed.some((id) => ids.has(id))
}

/** One id tells; where Slack knows an account under several, it is looked up. An account that is not there is nobody. */
async function isAccount(asking: Asking, source: Source, key: AccountKey): Promise<boolean> {
  const id = idIn(asking.team, source.address)
  if (id !== null && (await knownIds(asking, key)).has(id)) return true
  try {
    return (await accountAt(asking, source.address)).key === key
  } catch (fault) {
    if (fault instanceof NobodyThere) return false
    throw fault
  }
}

/** @throws DirectoryFault also for a key that names another tenant than Slack does: it is somebody else's */
async function knownIds(asking: Asking, key: AccountKey): Promise<ReadonlySet<string>> {
  const known = asking.ids.get(key)
  if (known) return known
  const account = await accountAt(asking, key)
  return asking.ids.get(account.key) ?? new Set([userIdIn(asking.team, key)])
}

/** From an address in this workspace, such as `slack:U012AB3CD`, or a key: `slack:T024BE7LD:U012AB3CD`. */
function userIdIn(team: string | null, address: string): string {
  const id = idIn(team, address) ?? /^slack:[A-Z0-9]+:([A-Z0-9]+)$/.exec(address)?.[1] ?? ''
  if (!/^([UW][A-Z0-9]{1,30}|USLACKBOT)$/.test(id))
    throw new DirectoryFault('not the address of a Slack account')
  return id
}

/** Slack answers with the one account that has the address, or with `users_not_found`, for a deactivated one too. */
async function askIdByEmail(client: WebClient, email: string): Promise<string | null> {
  try {
    return userAnswer.parse(await client.users.lookupByEmail({ email })).user.id
  } catch (error) {
    const { code } = slackFault(error)
    if (code === 'users_not_found') return null
    throw new DirectoryFault(`users.lookupByEmail: ${code}`, { cause: error })
  }
}

/** Disabled groups are listed too and are nobody; a group that is not listed at all is nobody as well. */
async function askEnabledGroups(client: WebClient): Promise<ReadonlySet<string>> {
  const { usergroups } = await ask('usergroups.list', groupsAnswer, () =>
    client.usergroups.list({ include_disabled: true }),
  )
  return new Set(usergroups.filter((group) => group.date_delete === 0).map((group) => group.id))
}

async function askMembers(client: WebClient, group: string): Promise<readonly string[]> {
  const call = () => client.usergroups.users.list({ usergroup: group, include_disabled: true })
  return (await ask('usergroups.users.list', membersAnswer, call)).users
}

/** Slack's words for "there is nobody of that id": an answer, not a failure to answer. */
const nobody: readonly string[] = ['user_not_found', 'user_not_visible', 'users_not_found']

/** Whatever is not the expected answer is a fault: nobody is anybody by accident. */
async function ask<T>(method: string, shape: z.ZodType<T>, call: () => Promise<unknown>): Promise<T> {
  let answer: unknown
  try {
    answer = await call()
  } catch (error) {
    const { code } = slackFault(error)
    const Fault = nobody.includes(code) ? NobodyThere : DirectoryFault
    throw new Fault(`${method}: ${code}`, { cause: error })
  }
  const read = shape.safeParse(answer)
  if (!read.success) throw new DirectoryFault(`${method}: the answer lacks what identifies somebody`)
  return read.data
}
