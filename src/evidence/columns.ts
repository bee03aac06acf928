import type { EntryType } from '../ledger/entry.ts'
import type { Column } from './tableShape.ts'

export const own = (name: string, path: string = name): Column => ({ name, path })
export const first = (name: string, type: EntryType, path: string): Column => ({
  name,
  of: 'first',
  types: [type],
  path,
})
export const last = (name: string, types: readonly EntryType[], path: string): Column => ({
  name,
  of: 'last',
  types,
  path,
})
export const asked = (name: string, path: string) => first(name, 'request.submitted', path)
/** What each row about one entry begins with. */
export const every: readonly Column[] = [
  own('index', 'seq'),
  own('at', 'ts'),
  own('entry', 'id'),
  own('request'),
]
