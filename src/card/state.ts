import { type OutcomeCode, outcomeOf } from '../core/outcome.ts'
import { deviationOf, isPastApproval, progressOf } from '../core/progress.ts'
import { rollbackWords } from './rollback.ts'
import { listed, name, naming, nothing, onDay, ours, say, strong, type Text } from './span.ts'
import { decidersOf, isLiftable, isUnderReview, lateDenials } from './titles.ts'
import type { RequestView } from './view.ts'

/** The state a request is really in, for whoever came too late or asks: it may be said in a thread, so it calls nobody. */
export function stateOf(view: RequestView): Text {
  const { request, held } = view
  if (held)
    return say`It is ${strong`on hold`}: it was stopped, ${onDay(held.since)}, and nobody can approve it until people have resumed that.`
  if (isLiftable(request)) return say`Policy denied it. Nobody has lifted that by breaking the glass.`
  if (request.state === 'pending') {
    // As policy names them.
    const called = request.escalations.map(({ to }) => naming([to]))
    const escalated = called.length > 0 ? say`, and was escalated to ${listed(called)}` : nothing
    return say`It is still waiting for somebody to decide${escalated}.${progressIn(view)}`
  }
  const people = decidersOf(view).map((id) => [name(id)])
  const how = request.brokenGlass ? say` by breaking the glass,` : nothing
  const by = people.length > 0 ? say` by ${listed(people)}` : nothing
  const when = request.settledAt ? say`, ${onDay(request.settledAt)}` : nothing
  const is = isPastApproval(request.state)
    ? say`It was ${strong`approved`}`
    : say`It is ${strong`${ours(request.state)}`}`
  return say`${is}${how}${by}${when}.${endOf(view)}${progressIn(view)}${reviewOf(view)}${rollbacksOf(view)}`
}

/** What the state alone does not tell. */
const ends: Readonly<Partial<Record<OutcomeCode, Text>>> = {
  cooling_down: say` A person had denied exactly the same shortly before; nobody was asked again.`,
  denied_by_policy: say` Policy denied it; nobody was asked.`,
  narrowed: say` An approver let less through: another request asks for that.`,
  nobody_can: say` Nobody who is not behind it could have agreed.`,
  timed_out: say` Not enough people decided in time.`,
  nobody_reachable: say` No channel reached anybody in time.`,
  agent_revoked: say` Its agent was revoked, so nobody could receive it.`,
  nothing_to_undo: say` What it would undo was not done.`,
  denial_stands: say` Policy denied it, and nobody lifted that in time.`,
}

/** What has become of the approval, and that it was not done as approved. */
function progressIn({ request }: RequestView): Text {
  const progress = progressOf(request)
  const said = progress === null ? nothing : say` ${ours(progress)}`
  const deviation = deviationOf(request.executions)
  return deviation ? say`${said} ${ours(deviation.says)}` : said
}

function endOf(view: RequestView): Text {
  if (view.request.overruled) return say` Policy had come to deny it since it was asked.`
  const outcome = outcomeOf(view.request)
  const late = lateDenials(view).map(({ person }) => [name(person)])
  const after = late.length > 0 ? say` Denied by ${listed(late)} after it had expired.` : nothing
  return [...((outcome && ends[outcome]) ?? nothing), ...after]
}

function rollbacksOf(view: RequestView): Text {
  return rollbackWords(view).flatMap((said) => say` ${said}.`)
}

function reviewOf({ request }: RequestView): Text {
  const glass = request.brokenGlass
  if (isUnderReview(request) && glass) return say` Its review is open until ${onDay(glass.reviewBy)}.`
  if (!glass?.review) return nothing
  return say` Reviewed by ${name(glass.review.person)}, ${onDay(glass.review.at)}.`
}
