import type { Bindings } from './conditions/engine.ts'

/** A parameter that was not understood: why, in one sentence, and where (UTF-16 units from its start). */
export type Unread = {
  readonly param: string
  readonly why: string
  readonly at?: number
  /** It says nothing about a text, but about the tool that is called. */
  readonly tool?: true
}

/**
 * Parameters that were to be read and were not understood, and the tool that nobody reviewed: what kept a rule from allowing, for the record and for people.
 * The sentence may quote the value, so it stays away where the value is hidden.
 */
export function unreadIn({ readings, tool }: Bindings, hidden: readonly string[]): readonly Unread[] {
  const why = tool?.()?.why ?? null
  const called = why === null ? [] : [{ param: why.param, why: why.says, tool: true as const }]
  const read = [...(readings?.() ?? [])].flatMap(([param, reading]) => {
    if (reading.understood) return []
    if (hidden.includes(param)) return [{ param, why: 'It was not understood.' }]
    return [{ param, why: reading.why, ...(reading.at !== undefined && { at: reading.at }) }]
  })
  return [...called, ...read]
}
