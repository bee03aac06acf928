import type { WebClient } from '@slack/web-api'
import { revealLine } from '../card/text.ts'
import type { Finding } from '../channels/finding.ts'
import { plainAddress } from '../core/plainAddress.ts'
import { slackFault } from './outbound/fault.ts'
import { type SlackUser, userAnswer } from './outbound/user.ts'

/** As many accounts are looked up: Slack answers about a hundred such questions a minute. */
const mostLookedAt = 90

/** As many are named in one finding; the rest is counted. */
const mostNamed = 10

const link = 'If they are one person, say so: countersign people link <account> <other>'

/**
 * Accounts that may belong to one person without anybody having said so, among those whom policy can ask. What no
 * comparison finds, two accounts with nothing in common, stays unknown (SECURITY.md).
 */
export async function suspects(client: WebClient, ids: readonly string[]): Promise<readonly Finding[]> {
  const all = [...new Set(ids)]
  const { users, unread } = await lookUp(client, all.slice(0, mostLookedAt))
  const left = all.length - Math.min(all.length, mostLookedAt)
  return [
    ...findings('accounts that share an address', together(users, addressOf), {
      says: 'count as one person, and together can do only what one can',
      fix: link,
    }),
    ...findings('accounts that share a name', together(users, nameOf), {
      says: 'have the same name',
      fix: link,
    }),
    ...findings('accounts of an administrator', doubles(users), {
      says: 'look like somebody and their administration account',
      fix: link,
    }),
    ...findings(
      'accounts without an address',
      users.filter((user) => addressOf(user) === '').map((user) => [user]),
      {
        says: 'has no confirmed e-mail address, so nothing can be compared',
        fix: 'Nothing has to be done if you know whose each one is. The scope users:read.email shows the addresses.',
      },
    ),
    ...notLookedAt(left + unread),
  ]
}

async function lookUp(client: WebClient, ids: readonly string[]) {
  const users: SlackUser[] = []
  let unread = 0
  for (const user of ids) {
    try {
      users.push(userAnswer.parse(await client.users.info({ user })).user)
    } catch (error) {
      unread += 1
      if (slackFault(error).code === 'rate_limited')
        return { users: people(users), unread: ids.length - users.length }
    }
  }
  return { users: people(users), unread }
}

function people(users: readonly SlackUser[]): readonly SlackUser[] {
  return users.filter(({ deleted, is_bot }) => !deleted && is_bot === false)
}

/** Those for whom it is the same and not empty, two or more together. */
function together(
  users: readonly SlackUser[],
  by: (user: SlackUser) => string,
): readonly (readonly SlackUser[])[] {
  const groups = new Map<string, SlackUser[]>()
  for (const user of users) groups.set(by(user), [...(groups.get(by(user)) ?? []), user])
  return [...groups].flatMap(([same, found]) => (same !== '' && found.length > 1 ? [found] : []))
}

/** The same once the words for administration are taken out of names; not those whose names are the same with them. */
function doubles(users: readonly SlackUser[]): readonly (readonly SlackUser[])[] {
  const groups = [withoutDuties(nameOf), withoutDuties(localPartOf)].flatMap((by) => together(users, by))
  const differ = groups.filter((found) => new Set(found.map(nameOf)).size > 1)
  return [...new Map(differ.map((found) => [found.map(({ id }) => id).join(), found])).values()]
}

const duties =
  /(^|[\s._()[\]-])(admin|adm|administrator|administration|root|sudo|privileged|priv|ops)(?=$|[\s._()[\]-])/g

function withoutDuties(of: (user: SlackUser) => string): (user: SlackUser) => string {
  return (user) => {
    const text = of(user)
    const rest = text.replace(duties, ' ').replace(/[\s._()[\]-]+/g, ' ')
    return rest.trim()
  }
}

function addressOf({ is_email_confirmed, profile }: SlackUser): string {
  return is_email_confirmed === true && profile?.email ? plainAddress(profile.email) : ''
}

function localPartOf(user: SlackUser): string {
  const address = addressOf(user)
  return address.slice(0, Math.max(0, address.lastIndexOf('@')))
}

function nameOf({ profile, real_name, name }: SlackUser): string {
  const shown = profile?.real_name || real_name || name || ''
  return shown.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim()
}

function findings(
  name: string,
  groups: readonly (readonly SlackUser[])[],
  about: { readonly says: string; readonly fix: string },
): readonly Finding[] {
  if (groups.length === 0) return []
  const named = groups.slice(0, mostNamed).map((users) => users.map(shown).join(' and '))
  const more = groups.length > mostNamed ? `; and ${groups.length - mostNamed} more` : ''
  return [{ name, ok: true, look: true, detail: `${named.join('; ')}${more}: ${about.says}`, fix: about.fix }]
}

function notLookedAt(count: number): readonly Finding[] {
  if (count === 0) return []
  const detail = `${count} accounts that the policy can ask were not compared with the others`
  const fix = `At most ${mostLookedAt} are looked up each time, because Slack answers only so many questions a minute.`
  return [{ name: 'accounts not looked at', ok: true, look: true, detail, fix }]
}

function shown(user: SlackUser): string {
  const name = user.profile?.real_name || user.real_name || user.name || ''
  return `${revealLine(name).slice(0, 60)} (${user.id})`
}
