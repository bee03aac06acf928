import type { CurrentPerson } from '../core/identity.ts'
import type { BrokenGlass } from '../core/request.ts'
import type { Passage } from './passage.ts'
import { listed, nothing, onDay, ours, person, say, strong, warning } from './span.ts'
import { prose } from './text.ts'
import { decidersOf, titleOfState } from './titles.ts'
import type { RequestView } from './view.ts'

/** By whom and when, once the asking is over; with the words of whoever denied it, or let it through alone. */
export function endingOf(view: RequestView): readonly Passage[] {
  const { request } = view
  if (request.brokenGlass) return brokenGlass(view, request.brokenGlass)
  if (request.state === 'pending' || !request.settledAt) return []
  const by = decidersOf(view)
  const whom = by.length > 0 ? say` by ${listed(by.map((id) => [person(id)]))}` : nothing
  const line = say`${strong`${ours(titleOfState(request))}`}${whom}, ${onDay(request.settledAt)}`
  const denials = request.state === 'denied' ? request.decisions.filter((one) => one.kind === 'deny') : []
  return [{ line }, ...denials.flatMap((one) => (one.reason ? [{ quote: prose(one.reason, 500) }] : []))]
}

/** Who let it through alone, why, and what became of the review. */
function brokenGlass({ request }: RequestView, glass: BrokenGlass<CurrentPerson>): readonly Passage[] {
  const past = request.verdict.kind === 'deny' ? say`, past a denial by policy` : nothing
  const line = say`${warning} ${strong`Approved by breaking the glass`}: ${person(glass.person)} alone${past}, ${onDay(glass.at)}`
  return [{ line }, { quote: prose(glass.reason, 500) }, ...review(glass)]
}

function review({
  person: breaker,
  review: closed,
  reviewBy,
}: BrokenGlass<CurrentPerson>): readonly Passage[] {
  if (closed)
    return [
      { note: say`${strong`Reviewed`} by ${person(closed.person)}, ${onDay(closed.at)}:` },
      { quote: prose(closed.note, 500) },
    ]
  const open = say`${strong`Review open`}: somebody other than ${person(breaker)} has to look at it by ${onDay(reviewBy)}`
  return [{ note: open }]
}
