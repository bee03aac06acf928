import type { Action } from '../../core/action.ts'
import type { Bundle } from '../bundle.ts'
import type { Facts } from '../facts.ts'
import type { Reading } from './reader.ts'

/** Parameters of an action that a reader outside has to read before it is judged: those that `sql` reads. */
export function outsideIn(
  bundle: Bundle | null,
  { action, params }: Action,
): readonly (readonly [string, string])[] {
  const declared = bundle?.catalogue.get(action)?.params
  if (declared === undefined || declared === 'open') return []
  return [...declared].flatMap(([name, { reads }]) => {
    const text = reads === 'sql' && Object.hasOwn(params, name) ? params[name] : null
    return typeof text === 'string' ? [[name, text] as const] : []
  })
}

/** Reads one text; for those who have a parser in their own thread. */
export type ReadText = (text: string) => Reading

/** What such parameters of an action are read as, where somebody reads them; nothing where there are none. */
export function readOutside(
  bundle: Bundle | null,
  action: Action,
  read: ReadText | undefined,
): { readonly read?: NonNullable<Facts['read']> } {
  return read === undefined
    ? {}
    : earlierReadings(outsideIn(bundle, action).map(([name, text]) => [name, read(text)]))
}

/** The readings as an ask has them; nothing where there are none. */
export function earlierReadings(read: readonly (readonly [string, Reading])[]): {
  readonly read?: NonNullable<Facts['read']>
} {
  if (read.length === 0) return {}
  return {
    read: Object.fromEntries(
      read.map(([name, reading]) => [
        name,
        reading.understood ? { understood: true, facts: { ...reading.facts } } : { ...reading },
      ]),
    ),
  }
}
