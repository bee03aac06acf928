import type { PersonId } from '../../core/identity.ts'
import type { Job } from '../job.ts'
import type { ReadPorts } from '../ports.ts'
import { refreshJob } from '../settle.ts'
import { peopleIn } from './currentPeople.ts'

/**
 * Who these people count as is about to change: the cards of what waits and has one of them in it show at once whose approval
 * no longer counts, and that a seat is open again, instead of when somebody else decides (threats: vote-outlived).
 */
export async function cardsOf(
  { store }: Pick<ReadPorts, 'store'>,
  people: Iterable<PersonId>,
): Promise<readonly Job[]> {
  const ids = new Set(people)
  const pending = await store.requests({ states: ['pending'], limit: 1_000 })
  return pending.filter((request) => peopleIn(request).some((id) => ids.has(id))).flatMap(refreshJob)
}
