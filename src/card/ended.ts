import { type CurrentPerson, samePerson } from '../core/identity.ts'
import { type CurrentRequest, type Decision, effectiveLegs, type Lapse } from '../core/request.ts'
import type { Source } from '../core/requirement.ts'
import { endingOf } from '../core/standing.ts'
import { roles } from './roles.ts'
import { naming, ours, person, type Span, say, type Text } from './span.ts'

/** Approvals that were given and do not count any more, and why; not those of people who have decided again since. */
export function endedApprovals(request: CurrentRequest): readonly Text[] {
  return request.decisions.flatMap((one, nth) => {
    const again = request.decisions.slice(nth + 1).some((later) => samePerson(later.person, one.person))
    const says = again ? null : endedApproval(request, one)
    return says ? [says] : []
  })
}

/** What became of one approval; null while it counts. `as` is how its person is named. */
export function endedApproval(
  request: CurrentRequest,
  decision: Decision<CurrentPerson>,
  as: (id: CurrentPerson) => Span = person,
): Text | null {
  const ending = endingOf(request, decision)
  if (!ending) return null
  const who = as(decision.person)
  if (ending.how === 'withdrawn') return say`${who} took their approval back`
  return say`The approval of ${who} no longer counts: ${because(request, ending.why, decision.legs)}`
}

/** Why it does not count, for the legs it was given for. Sets are named and not called. */
export function because(request: CurrentRequest, why: Lapse, legs: readonly string[]): Text {
  if (why.cause === 'left') {
    return say`they are no longer in ${naming(setsToLeave(request, legs))}`
  }
  if (why.cause === 'behind') return say`they turned out to be behind the action (${ours(roles[why.role])})`
  if (why.cause === 'same_person')
    return say`another approval counts as given by the same person, who has only one vote`
  return [ours(faults[why.fault])]
}

/** The groups of these legs, each once: a person whom policy names cannot be left. */
function setsToLeave(request: CurrentRequest, legs: readonly string[]): readonly Source[] {
  const all = effectiveLegs(request).flatMap(({ name, from }) => (legs.includes(name) ? from : []))
  const sets = [...new Map(all.map((set) => [set.address, set])).values()]
  const groups = sets.filter(({ kind }) => kind !== 'account')
  return groups.length > 0 ? groups : sets
}

const faults = {
  bot: 'their account is a bot',
  deactivated: 'their account is deactivated',
  guest: 'they are now a guest',
  unlinked: 'their account is linked to nobody in the first workspace any more',
  external: 'their account now belongs to another organisation',
  unknown: 'their account no longer exists',
} as const satisfies Record<Extract<Lapse, { cause: 'not_staff' }>['fault'], string>
