import type { AccountKey } from '../core/identity.ts'

/**
 * What something is called in Slack, from outside: `slack:C0DATA` in the first workspace, `slack:T0EMEA/C0DATA` in another one. An
 * account has a key beside its address (`slack:T0EMEA:U012AB3CD`), which says where its home is and not where it was seen.
 */

/** An account of another channel's directory, such as `teams:` with an object id: what the id is like only that one knows. */
const elsewhere = /^(?!slack:)[a-z]{2,20}:[0-9A-Za-z.-]{1,80}(?::[0-9A-Za-z.-]{1,80})?$/

/** The key of an account of a workspace. */
const ofAccount = /^slack:[A-Z][A-Z0-9]{1,30}:[UW][A-Z0-9]{1,30}$/

const slackId = /^[A-Z][A-Z0-9]{1,30}$/

/** The workspace is null for the first one, whose addresses do not name it. */
export function addressIn(team: string | null, id: string): string {
  return team === null ? `slack:${id}` : `slack:${team}/${id}`
}

/** The key of an account. */
export function keyIn(home: string, user: string): AccountKey {
  return `slack:${home}:${user}`
}

/** The id in an address of this workspace; null for what is none, or of another workspace. */
export function idIn(team: string | null, address: string): string | null {
  const found = partsOf(address)
  return found && found.team === team ? found.id : null
}

/** The workspace that an address names, or the home that a key names; null for an address of the first workspace, or what is neither. */
export function workspaceIn(addressOrKey: string): string | null {
  const [channel, home = '', user] = addressOrKey.split(':')
  if (channel === 'slack' && user !== undefined) return home
  return partsOf(addressOrKey)?.team ?? null
}

/** As people type it, and read it where nothing can be mentioned. */
export function asTyped(address: string): string {
  return address.replace(/^slack:/, '')
}

/** The address of what people type, with or without `slack:`, or one of another channel, or the key of an account; null for what names no workspace. */
export function typedAddress(typed: string): string | null {
  if (elsewhere.test(typed)) return typed.toLowerCase()
  if (ofAccount.test(typed)) return typed
  const address = typed.startsWith('slack:') ? typed : `slack:${typed}`
  const found = partsOf(address)
  return found?.team ? addressIn(found.team, found.id) : null
}

function partsOf(address: string): { readonly team: string | null; readonly id: string } | null {
  const [channel, named = '', ...rest] = address.split(':')
  if (channel !== 'slack' || rest.length > 0) return null
  const [id = '', team = null, ...more] = named.split('/').reverse()
  const isOne = more.length === 0 && slackId.test(id) && (team === null || slackId.test(team))
  return isOne ? { team, id } : null
}
