import { type CurrentPerson, samePerson } from '../core/identity.ts'
import { type Escalated, effectiveLegs } from '../core/request.ts'
import { atTime, between, calling, naming, nothing, outside, person, say, strong, type Text } from './span.ts'
import { isLiftable } from './titles.ts'
import type { RequestView } from './view.ts'

/** Whose agreement is needed or was given. */
export interface Needs {
  readonly label: Text
  readonly seats: readonly Seat[]
  /** Who may not decide, while it can be decided. */
  readonly barred: Text
}

/** One person's agreement: `1 of @security` as long as it is missing, then `@Bob for data-owners, 14:09`. */
interface Seat {
  readonly filled: boolean
  readonly says: Text
}

/** Null when there is nothing to say: nobody was asked, or it ended without anybody's agreement. */
export function needsOf(view: RequestView): Needs | null {
  const { request } = view
  if (!request.requirement) return null
  const pending = request.state === 'pending'
  const seats = isLiftable(request) ? [] : seatsOf(view)
  const behind = pending ? [...new Set(request.behind.map((one) => one.person))] : []
  if (seats.length === 0 && behind.length === 0) return null
  const label = isLiftable(request) ? lifters(view) : pending ? [strong`Needs`] : [strong`Agreed`]
  const barred = between(
    behind.map((id) => say`not ${person(id)}`),
    ', ',
  )
  return { label, seats, barred }
}

/** `Escalated to @leads by @Bob, 14:20`, for each that took place, while it can be decided. */
export function escalationsOf({ request }: RequestView): readonly Text[] {
  return request.state === 'pending' ? request.escalations.map(escalated) : []
}

function seatsOf({ request, filled }: RequestView): readonly Seat[] {
  return effectiveLegs(request).flatMap((leg) => {
    const people = filled.get(leg.name) ?? []
    const open = leg.count - people.length
    const seats = people.map((id) => {
      const decision = request.decisions.find((one) => samePerson(one.person, id))
      const when = decision ? say`, ${atTime(decision.at)}` : nothing
      return { filled: true, says: say`${person(id)} for ${outside(leg.name, 60)}${when}` }
    })
    const missing = { filled: false, says: say`${open} of ${calling(leg.from)}` }
    return open > 0 && request.state === 'pending' ? [...seats, missing] : seats
  })
}

/** Without mentions: a denial is no reason to call the incident commanders. */
function lifters({ request }: RequestView): Text {
  const who = naming(request.requirement?.breakGlass?.who ?? [])
  return say`${strong`Can be lifted`} by one of ${who}, alone and for a stated reason`
}

function escalated({ to, by, at }: Escalated<CurrentPerson>): Text {
  const who = by === 'deadline' ? say`because nobody had decided` : say`by ${person(by)}`
  return say`${strong`Escalated`} to ${calling([to])} ${who}, ${atTime(at)}`
}
