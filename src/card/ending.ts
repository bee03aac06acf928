import type { CurrentPerson } from '../core/identity.ts'
import type { BrokenGlass } from '../core/request.ts'
import { executionOf } from './execution.ts'
import { narrowedPassages } from './narrowing.ts'
import type { Passage } from './passage.ts'
import { rollbackPassages } from './rollback.ts'
import { listed, nothing, onDay, ours, person, say, strong, warning } from './span.ts'
import { prose } from './text.ts'
import { decidersOf, lateDenials, titleOfAsking } from './titles.ts'
import type { RequestView } from './view.ts'

/** By whom and when, once the asking is over; with the words of whoever denied it, or let it through alone. */
export function endingOf(view: RequestView): readonly Passage[] {
  const { request } = view
  if (request.brokenGlass)
    return [...brokenGlass(view, request.brokenGlass), ...executionOf(view), ...rollbackPassages(view)]
  if (request.state === 'pending' || !request.settledAt)
    return [...heldPassages(view), ...executionOf(view), ...rollbackPassages(view), ...changeOf(view)]
  if (request.narrowed) return [...narrowedPassages(view), ...releasedNothing(view), ...executionOf(view)]
  const by = decidersOf(view)
  const whom = by.length > 0 ? say` by ${listed(by.map((id) => [person(id)]))}` : nothing
  const line = say`${strong`${ours(titleOfAsking(request))}`}${whom}, ${onDay(request.settledAt)}`
  const denials = request.state === 'denied' ? request.decisions.filter((one) => one.kind === 'deny') : []
  return [
    { line },
    ...denials.flatMap((one) => (one.reason ? [{ quote: prose(one.reason, 500) }] : [])),
    ...(request.overruled ? [{ quote: prose(request.outcome ?? '', 500) }] : []),
    ...deniedLate(view),
    ...releasedNothing(view),
    ...executionOf(view),
    ...rollbackPassages(view),
    ...changeOf(view),
  ]
}

/** Why nobody can approve it now, and what they can do. */
function heldPassages({ held }: RequestView): readonly Passage[] {
  if (!held) return []
  const who = typeof held.by === 'string' ? ours(stoppers[held.by]) : person(held.by.person)
  return [
    { line: say`${warning} ${strong`Stopped`} by ${who}, ${onDay(held.since)}` },
    { quote: prose(held.reason, 500) },
    {
      note: say`Nobody can approve this until people have resumed the stop (${ours(held.stop)}). It can be denied, and its deadline goes on.`,
    },
  ]
}

const stoppers = { operator: 'whoever runs Countersign', policy: 'the policy' } as const

/** It changes nothing of how it ended, and whoever reads the card should know that somebody said no. */
function deniedLate(view: RequestView): readonly Passage[] {
  return lateDenials(view).flatMap((one) => [
    { line: say`${strong`Denied`} by ${person(one.person)} after it had expired, ${onDay(one.at)}` },
    ...(one.reason ? [{ quote: prose(one.reason, 500) }] : []),
  ])
}

/** We know what we released, and not what the agent did without us. */
function releasedNothing({ request }: RequestView): readonly Passage[] {
  const isOver = request.state === 'denied' || request.state === 'expired' || request.state === 'cancelled'
  return isOver ? [{ note: say`Countersign released nothing: the agent was not told to go ahead.` }] : []
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

const changes = {
  in_force: say`${strong`In force`}: this policy has judged every request since.`,
  refused: say`${warning} ${strong`Not in force`}: it was approved but could not be activated. The thread says why; propose it again.`,
  outdated: say`${warning} ${strong`Out of date`}: another policy has become active since this one was compared. It can no longer come into force; propose it again.`,
} as const

/** Of a change of the policy: what became of it, also while people could still decide about it. */
function changeOf({ change }: RequestView): readonly Passage[] {
  return change ? [{ line: changes[change] }] : []
}
