import { createHash } from 'node:crypto'

export const tenant = '0f000000-0000-4000-8000-00000000000f'

/** A value about people, sets and conversations of Slack, with such of Teams in their places; each keeps its own. */
export function inTeams<T>(value: T): T {
  return translated(value) as T // every value keeps its shape
}

function translated(value: unknown): unknown {
  if (typeof value === 'string') return addressInTeams(value)
  if (value instanceof Map)
    return new Map([...value].map(([key, one]) => [translated(key), translated(one)] as const))
  if (value instanceof Set) return new Set([...value].map(translated))
  if (Array.isArray(value)) return value.map(translated)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, translated(one)]))
}

function addressInTeams(address: string): string {
  const [, account] = /^slack:T[A-Z0-9]+:([UW][A-Z0-9]+)$/.exec(address) ?? []
  if (account) return `teams:${tenant}:${objectOf(account)}`
  const [, id = ''] = /^slack:([A-Z][A-Z0-9]+)$/.exec(address) ?? []
  if (/^C/.test(id)) return `teams:19:${id.toLowerCase()}@thread.tacv2`
  if (id) return `teams:${objectOf(id)}`
  return address === 'slack' ? 'teams' : address
}

/** The same id gets the same. */
export function objectOf(id: string): string {
  const hex = createHash('sha256').update(id).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
