import type { WebClient } from '@slack/web-api'
import { z } from 'zod'
import { type Directory, DirectoryFault } from '../approvals/ports.ts'
import type { Account, AccountKey } from '../core/identity.ts'
import type { Source } from '../core/request.ts'
import { slackFault } from './fault.ts'
import { type Freshly, freshly } from './freshly.ts'
import type { SlackIdentity } from './identity.ts'
import { idOf } from './mrkdwn.ts'

/**
 * Seconds for which an answer of Slack's may be used again. No removal is overlooked for longer: not somebody who was
 * deactivated (users), not somebody who left a group (groups). Slack's events shorten it further.
 * Which account has an e-mail address is kept longer, because Slack answers that question only 50 times a minute; the
 * account itself is then looked up as freshly as any other, and has to have that address still (threats: flood).
 */
export const directoryCacheSeconds = { users: 5, groups: 15, emails: 60 } as const

/** The `Directory` port over Slack, and what Slack's events make it forget. */
export interface SlackDirectory extends Directory {
  forgetUser(userId: string): void
  forgetGroups(): void
}

/** Without any of these fields we do not know who somebody is, so they are nobody (fail closed). */
const userAnswer = z.object({
  user: z.object({
    id: z.string().min(1),
    team_id: z.string().min(1),
    deleted: z.boolean(),
    // Slack leaves out what a deactivated account no longer has.
    is_bot: z.boolean().optional(),
    is_restricted: z.boolean().optional(),
    is_ultra_restricted: z.boolean().optional(),
    is_invited_user: z.boolean().optional(),
    name: z.string().optional(),
    real_name: z.string().optional(),
    enterprise_user: z.object({ id: z.string().min(1), enterprise_id: z.string().min(1) }).optional(),
    profile: z
      .object({
        email: z.string().optional(),
        display_name: z.string().optional(),
        real_name: z.string().optional(),
      })
      .optional(),
  }),
})

type SlackUser = z.infer<typeof userAnswer>['user']

const groupsAnswer = z.object({ usergroups: z.array(z.object({ id: z.string(), date_delete: z.number() })) })
const membersAnswer = z.object({ users: z.array(z.string().min(1)) })

/** Asks Slack through `client`; `now` in milliseconds. */
export function createDirectory(options: {
  readonly client: WebClient
  readonly identity: SlackIdentity
  readonly now: () => number
}): SlackDirectory {
  const { identity } = options
  const asking = askSlack(options)
  const account = (address: string) => accountAt(asking, address)
  return {
    account,
    members: async (source) =>
      source.kind === 'account' ? [(await account(source.address)).key] : membersOf(asking, source, identity),
    find: async (claim) => {
      const found = 'email' in claim ? await accountsBy(asking, claim.email) : [await account(claim.address)]
      return found.filter((one) => one.active && one.human)
    },
    forgetUser: (id) => {
      asking.users.forget(id)
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
  readonly users: Freshly<Account>
  /** Ids of the groups that are not disabled, under the one key `all`. */
  readonly enabled: Freshly<ReadonlySet<string>>
  /** User ids by group id. */
  readonly groups: Freshly<readonly string[]>
  /** The id of the user who has an address, in lower case; null when nobody has. */
  readonly emails: Freshly<string | null>
}

function askSlack({ client, identity, now }: Parameters<typeof createDirectory>[0]): Asking {
  const { users, groups, emails } = directoryCacheSeconds
  return {
    users: freshly({ seconds: users, capacity: 5_000, now, ask: (id) => askUser(client, identity, id) }),
    enabled: freshly({ seconds: groups, capacity: 1, now, ask: () => askEnabledGroups(client) }),
    groups: freshly({ seconds: groups, capacity: 500, now, ask: (id) => askMembers(client, id) }),
    emails: freshly({ seconds: emails, capacity: 1_000, now, ask: (email) => askIdByEmail(client, email) }),
  }
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

async function accountAt({ users }: Asking, address: string): Promise<Account> {
  const found = await users.get(userIdIn(address))
  // A key that names another tenant than Slack does is somebody else's.
  if (address.split(':').length === 3 && found.key !== address)
    throw new DirectoryFault('an account key and its user disagree')
  return found
}

async function membersOf(
  { enabled, groups, users }: Asking,
  source: Source,
  identity: SlackIdentity,
): Promise<readonly AccountKey[]> {
  const group = idOf(source.address)
  if (group === null) throw new DirectoryFault(`${source.ref} is not a Slack user group`)
  if (!(await enabled.get('all')).has(group)) return []
  const ids = await groups.get(group)
  // In an Enterprise organisation the key is the organisation's, so each member has to be looked at.
  if (identity.enterpriseId === null) return ids.map((id) => `slack:${identity.teamId}:${id}`)
  return (await Promise.all(ids.map((id) => users.get(id)))).map((one) => one.key)
}

/** From `slack:U012AB3CD` or `slack:T024BE7LD:U012AB3CD`. */
function userIdIn(address: string): string {
  const match = /^slack:(?:[A-Z0-9]+:)?([UW][A-Z0-9]{1,30}|USLACKBOT)$/.exec(address)
  if (!match?.[1]) throw new DirectoryFault('not the address of a Slack account')
  return match[1]
}

async function askUser(client: WebClient, identity: SlackIdentity, id: string): Promise<Account> {
  const { user } = await ask('users.info', userAnswer, () => client.users.info({ user: id }))
  return accountOf(user, identity)
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

/** Whatever is not the expected answer is a fault: nobody is anybody by accident. */
async function ask<T>(method: string, shape: z.ZodType<T>, call: () => Promise<unknown>): Promise<T> {
  let answer: unknown
  try {
    answer = await call()
  } catch (error) {
    throw new DirectoryFault(`${method}: ${slackFault(error).code}`, { cause: error })
  }
  const read = shape.safeParse(answer)
  if (!read.success) throw new DirectoryFault(`${method}: the answer lacks what identifies somebody`)
  return read.data
}

function accountOf(user: SlackUser, identity: SlackIdentity): Account {
  const org = user.enterprise_user
  const ownOrg = org !== undefined && org.enterprise_id === identity.enterpriseId
  return {
    key: ownOrg ? `slack:${org.enterprise_id}:${org.id}` : `slack:${user.team_id}:${user.id}`,
    name: user.profile?.display_name || user.profile?.real_name || user.real_name || user.name || user.id,
    email: user.profile?.email ?? null,
    // Slackbot says of itself that it is not a bot.
    human: user.is_bot === false && user.id !== 'USLACKBOT',
    active: !user.deleted && user.is_invited_user !== true,
    // A missing flag on an active account is not a "no".
    guest: !user.deleted && (user.is_restricted !== false || user.is_ultra_restricted !== false),
    // `is_stranger` only says "shares no channel"; the team is the test (facts 3.1).
    external: user.team_id !== identity.teamId && !ownOrg,
  }
}
