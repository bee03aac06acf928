import type { Bindings } from './conditions/engine.ts'
import { notGiven } from './readers/readings.ts'

/** A parameter that was not understood: why, in one sentence, and where (UTF-16 units from its start). `tool`: it names a tool that nobody reviewed as it is. */
export type Unread = {
  readonly param: string
  readonly why: string
  readonly at?: number
  readonly tool?: true
}

/**
 * Parameters that were given, were to be read and were not understood, and the tool that nobody reviewed: what kept a rule from allowing, for the record and for people.
 * The sentence may quote the value, so it stays away where the value is hidden.
 */
export function unreadIn({ readings, tool }: Bindings, hidden: readonly string[]): readonly Unread[] {
  const why = tool?.()?.why ?? null
  const called = why === null ? [] : [{ param: why.param, why: why.says, tool: true as const }]
  const read = [...(readings?.() ?? [])].flatMap(([param, reading]) => {
    if (reading.understood || reading === notGiven) return []
    if (hidden.includes(param)) return [{ param, why: 'It was not understood.' }]
    return [{ param, why: reading.why, ...(reading.at !== undefined && { at: reading.at }) }]
  })
  return [...called, ...read]
}
