import type { CurrentPerson } from '../core/identity.ts'
import type { BrokenGlass } from '../core/request.ts'
import { factsOf, summaryOf } from './facts.ts'
import type { Passage } from './passage.ts'
import { name, onDay, ours, person, say, shown, strong, type Text, warning } from './span.ts'
import { prose } from './text.ts'
import type { Title } from './titles.ts'
import type { RequestView } from './view.ts'

/** Why Security is told: a glass was broken, or nobody reviewed it in time. */
export type AlarmCause = 'broken' | 'overdue'

/** An alarm has one button, which opens the full request. */
export interface AlarmContent {
  readonly title: Title
  readonly passages: readonly Passage[]
  readonly request: string
  /** For what shows no more than a line: revealed, not cut. */
  readonly notification: string
}

/**
 * What Security reads: that a glass was broken, by whom and why, or that nobody has reviewed it in time. The action is
 * named but its parameters are not shown: they stand on the card and in the full request, for whoever may see them.
 * Null when no glass is broken.
 */
export function alarmContent({ request }: RequestView, why: AlarmCause): AlarmContent | null {
  const glass = request.brokenGlass
  if (!glass) return null
  const facts = factsOf(request)
  const says = why === 'broken' ? 'Glass broken' : 'Review overdue'
  const past =
    request.verdict.kind === 'deny' ? 'past a denial by policy' : 'without the people policy asks for'
  return {
    title: { says, action: facts.name },
    passages: [
      { line: [shown(summaryOf(facts), 1_000)] },
      {
        line: say`${warning} ${person(glass.person)} let this through alone, ${ours(past)}, ${onDay(glass.at)}. Their reason:`,
      },
      { quote: prose(glass.reason, 1_000) },
      { line: review(glass, why) },
    ],
    request: request.id,
    notification: `${says}: ${summaryOf(facts)} (${request.id})`,
  }
}

function review({ person: breaker, reviewBy }: BrokenGlass<CurrentPerson>, why: AlarmCause): Text {
  const due = onDay(reviewBy)
  return why === 'overdue'
    ? say`${strong`Nobody has reviewed it`}; the review was due ${due}. Somebody other than ${name(breaker)} has to do it.`
    : say`Somebody other than ${name(breaker)} has to review it by ${due}.`
}
