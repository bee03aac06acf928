import type { Json } from '../core/json.ts'
import type { Actor, Entry, EntryType } from './entry.ts'
import { logLines } from './logLines.ts'

/** One line for the operator's log: a message that is always the same, and what happened as facts. */
export interface LogLine {
  readonly message: string
  readonly facts: Readonly<Record<string, Json>>
}

/** What is said of each entry of a type, as a clause. */
export function messageOf(type: EntryType): string {
  return logLines[type].message
}

/** An entry as a line of the log. `state` is the one that its request is in after the change, where it was changed. */
export function logLineOf(entry: Entry, state: string | null): LogLine {
  const { message, facts = {} } = logLines[entry.type]
  const picked = Object.entries(facts).flatMap(([name, path]) => {
    const value = at(entry.data, path)
    return value === undefined || value === null ? [] : [[name, value] as const]
  })
  return {
    message,
    facts: {
      entry: entry.type,
      ...(entry.request === null ? { subject: entry.subject.id } : { requestId: entry.request }),
      ...by(entry.actor),
      ...Object.fromEntries(picked),
      ...(state !== null && { state }),
    },
  }
}

/** `{ agent: 'agt_…', via: 'api' }`, or with `person` and the account they used. */
function by({ kind, id, account, via }: Actor): Readonly<Record<string, Json>> {
  return { [kind === 'policy' ? 'byPolicy' : kind]: id, ...(account !== undefined && { account }), via }
}

function at(data: Json, path: string): Json | undefined {
  return path.split('.').reduce<Json | undefined>((inner, step) => {
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return undefined
    return Object.hasOwn(inner, step) ? Reflect.get(inner, step) : undefined
  }, data)
}
