import type { Action } from '../../core/action.ts'
import { misspellings } from '../../policy/misspelt.ts'
import type { InventoryEntry } from '../../policy/resources.ts'
import type { Comparison } from './comparison.ts'

/**
 * Whether a name that was refused, because it is spelled almost like a known one, is judged once an entry of the inventory
 * is new or gone. Tried with names of the entry's own kind: as it is written, and in other capitals.
 */
export function letsSpellingsIn(
  { base, head }: Pick<Comparison, 'base' | 'head'>,
  { match }: InventoryEntry,
): boolean {
  const type = match.type === '*' ? 'x' : match.type
  const id = match.id.replaceAll('*', 'x')
  const names = [
    { type, id },
    { type, id: inOtherCapitals(id) },
    { type: inOtherCapitals(type), id },
  ]
  return names.some((resource) => {
    const action: Action = { action: 'x', resource, params: {}, environment: 'x' }
    const isRefused = (bundle: Comparison['base']) =>
      misspellings(bundle, action).some(({ pointer }) => pointer.startsWith('/resource/'))
    return isRefused(base) && !isRefused(head)
  })
}

function inOtherCapitals(name: string): string {
  const upper = name.toUpperCase()
  return upper === name ? name.toLowerCase() : upper
}
