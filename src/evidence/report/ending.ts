import type { Entry } from '../../ledger/entry.ts'
import { stringIn } from '../facts.ts'
import type { Ending } from './figures.ts'

/** How the asking ends by this entry; null when it does not. */
export function endingOf({ type, data }: Entry): Ending | null {
  const outcome = stringIn(data, 'outcome')
  if (type === 'request.expired') return 'expired'
  if (type === 'request.cancelled' || type === 'request.narrowed') return 'cancelled'
  if (type === 'request.denied') return outcome === 'denied' ? 'denied' : 'refused'
  if (type !== 'request.approved') return null
  if (outcome === 'glass_broken') return 'emergency'
  return outcome === 'allowed' ? 'allowed' : 'approved'
}

/** Whether people decided it. */
export function isByPeople(ending: Ending): boolean {
  return ending === 'approved' || ending === 'denied' || ending === 'emergency'
}
