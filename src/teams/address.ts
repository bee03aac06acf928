import type { AccountKey } from '../core/identity.ts'

/**
 * What something is called in Teams, from outside. People and groups are objects of Entra (`teams:<object id>`), conversations have ids of
 * their own (`teams:19:…@thread.tacv2`). The key of an account names its tenant as well (`teams:<tenant>:<object id>`).
 */

const guid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
const object = new RegExp(`^teams:(${guid})$`)
const account = new RegExp(`^teams:(${guid}):(${guid})$`)
const conversation = /^teams:((?:19|a):[^\s]{1,300})$/

/** The address of a person, a group or a conversation. */
export function addressOf(id: string): string {
  return `teams:${id}`
}

/** The key of an account of a tenant. */
export function keyIn(tenant: string, objectId: string): AccountKey {
  return `teams:${tenant}:${objectId}`
}

/** The object id in the address of a person or a group, or in the key of an account; null for anything else. */
export function objectIn(addressOrKey: string): string | null {
  return object.exec(addressOrKey)?.[1] ?? account.exec(addressOrKey)?.[2] ?? null
}

/** The tenant in the key of an account; null for anything else. */
export function tenantIn(key: string): string | null {
  return account.exec(key)?.[1] ?? null
}

/** The id of a conversation by its address; null for anything else. */
export function conversationIn(address: string): string | null {
  return conversation.exec(address)?.[1] ?? null
}

/** Whether an address or a key is of Teams. */
export function isTeams(addressOrKey: string): boolean {
  return addressOrKey.startsWith('teams:')
}
