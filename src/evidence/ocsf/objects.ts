import type { Json, JsonObject } from '../../core/json.ts'
import type { Actor, Entry } from '../../ledger/entry.ts'

type Kind = Actor['kind'] | Entry['subject']['kind']

/** The kinds that OCSF has a number for; of any other the number is 99, and the kind itself is its type. */
const userTypes: Readonly<Partial<Record<Kind, readonly [number, string]>>> = {
  person: [1, 'User'],
  system: [3, 'System'],
  agent: [4, 'Service'],
  resource: [4, 'Service'],
}

export function userOf(kind: Kind, id: string): JsonObject {
  const [type_id, type] = userTypes[kind] ?? [99, kind]
  return { uid: id, type_id, type }
}

/** The object for agents, from 1.9.0 on; null for anybody else. How it was built is nothing that it told us. */
export function agentOf({ kind, id }: Actor): JsonObject | null {
  return kind === 'agent' ? { uid: id, type_id: 0, type: 'Unknown' } : null
}

export function entityOf({ subject, data }: Entry): JsonObject {
  const { kind, id } = subject
  const name = text(data.name)
  const of = { uid: id, ...(name !== null && { name }) }
  if (kind === 'person' || kind === 'agent')
    return { ...of, type_id: 2, type: 'User', user: { ...userOf(kind, id), ...(name !== null && { name }) } }
  if (kind === 'policy') return { ...of, type_id: 5, type: 'Policy', policy: { uid: id } }
  return { ...of, type_id: 99, type: kind }
}

export function text(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null
}

/** Milliseconds since 1970, of a moment as entries write it. */
export function instant(value: Json | undefined): number | null {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(at) ? null : at
}
