/** Our own words for mrkdwn: mentions are built from account keys and addresses only, never from names. */

import { accountsIn, type RequestView } from '../../card/view.ts'
import type { AccountKey, CurrentPerson } from '../../core/identity.ts'
import type { Source } from '../../core/requirement.ts'
import { idIn } from '../address.ts'
import { inline } from './escape.ts'

const slackId = /^[A-Z][A-Z0-9]{1,30}$/

/** `<@U…>` for a Slack account; the name for any other, or the person's id, which is ours. */
export function person({ people }: Pick<RequestView, 'people'>, id: CurrentPerson): string {
  const known = people.get(id)
  const here =
    known &&
    accountsIn(known)
      .map(account)
      .find((mention) => mention !== null)
  return here ?? inline(known?.name || id, 60)
}

/** `<@U…>`, or null when the key is not a Slack account's. */
export function account(key: AccountKey): string | null {
  const [channel, , user = ''] = key.split(':')
  return channel === 'slack' && slackId.test(user) ? `<@${user}>` : null
}

/** `<!subteam^S…>` for a group, `<@U…>` for one account; by its name where it cannot be mentioned here. */
export function source(from: Source): string {
  if (from.kind === 'oncall') return plainSources([from])
  const id = idIn(null, from.mention ?? from.address)
  if (id === null) return plainSources([from])
  return from.kind === 'group' ? `<!subteam^${id}>` : `<@${id}>`
}

/** Everybody a seat may be filled from as policy names them, so that nobody is called: `incident-commanders or omar`. */
export function plainSources(from: readonly Source[]): string {
  const named = from.map(({ kind, ref }) => {
    const name = inline(ref.slice(ref.indexOf(':') + 1), 80)
    return kind === 'oncall' ? `whoever is on call for ${name}` : name
  })
  return named.join(' or ')
}

/** Names joined as people write them: `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[]): string {
  if (names.length < 2) return names.join('')
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

/** A moment in the reader's own time zone; clients that cannot do that show UTC. `at` is RFC 3339. */
export function time(at: string, format: 'time' | 'day' = 'time'): string {
  const seconds = Math.floor(Date.parse(at) / 1_000)
  const iso = new Date(seconds * 1_000).toISOString()
  const utc = format === 'day' ? `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC` : `${iso.slice(11, 16)} UTC`
  const shape = format === 'day' ? '{date_short_pretty} at {time}' : '{time}'
  return `<!date^${seconds}^${shape}|${utc}>`
}
