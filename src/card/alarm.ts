import type { Execution } from '../core/execution.ts'
import type { AccountKey, CurrentPerson } from '../core/identity.ts'
import { deviationOf } from '../core/progress.ts'
import type { BrokenGlass } from '../core/request.ts'
import { onlyClaimed } from '../core/separation.ts'
import { deviationSentences, fieldsIn } from './execution.ts'
import { factsOf, summaryOf } from './facts.ts'
import type { Passage } from './passage.ts'
import {
  listed,
  name,
  nothing,
  onDay,
  ours,
  outside,
  person,
  say,
  shown,
  strong,
  type Text,
  warning,
} from './span.ts'
import { prose } from './text.ts'
import type { Title } from './titles.ts'
import type { RequestView } from './view.ts'

/** Why somebody is told at once. */
export type Alarm =
  /** A glass was broken, or nobody reviewed it in time. */
  | { readonly why: 'broken' | 'overdue' }
  /** What was done is not what was approved, or was not approved at all. */
  | { readonly why: 'deviated' | 'not_approved' }
  | OwnAttempts
  | Claims

/** People behind the action tried again and again to let it through. */
interface OwnAttempts {
  readonly why: 'own_attempts'
  /** What was once too often: attempts on this request, or of one person within an hour, over requests. */
  readonly over: 'request' | 'hour'
  readonly tried: readonly { readonly person: CurrentPerson; readonly times: number }[]
  /** Accounts of those who tried: they hear nothing of it, whatever set they are in. */
  readonly notTo: readonly AccountKey[]
}

/** Claims of the agent take too many of the people who could have decided. */
interface Claims {
  readonly why: 'claims'
  readonly legs: readonly {
    readonly leg: string
    readonly taken: number
    readonly left: number
    readonly needed: number
  }[]
}

export type AlarmCause = Alarm['why']

/** An alarm has one button, which opens the full request. */
export interface AlarmContent {
  readonly title: Title
  readonly passages: readonly Passage[]
  readonly request: string
  /** For what shows no more than a line: revealed, not cut. */
  readonly notification: string
}

interface Said {
  readonly says: string
  readonly passages: readonly Passage[]
}

/**
 * What whoever hears an alarm reads. The action is named but its parameters are not shown: they stand on the card and in
 * the full request, for whoever may see them. Null when it is about a broken glass, and none is broken.
 */
export function alarmContent(view: RequestView, alarm: Alarm): AlarmContent | null {
  const { request } = view
  const said = saidOf(view, alarm)
  if (!said) return null
  const facts = factsOf(request)
  return {
    title: { says: said.says, action: facts.name },
    passages: [{ line: [shown(summaryOf(facts), 1_000)] }, ...said.passages],
    request: request.id,
    notification: `${said.says}: ${summaryOf(facts)} (${request.id})`,
  }
}

function saidOf(view: RequestView, alarm: Alarm): Said | null {
  switch (alarm.why) {
    case 'own_attempts':
      return ownAttempts(alarm)
    case 'claims':
      return claims(view, alarm)
    case 'deviated':
    case 'not_approved':
      return deviated(view, alarm.why)
    default:
      return glass(view, alarm.why)
  }
}

/** That a glass was broken, by whom and why, or that nobody has reviewed it in time. */
function glass({ request }: RequestView, why: 'broken' | 'overdue'): Said | null {
  const { brokenGlass, verdict } = request
  if (!brokenGlass) return null
  const past = verdict.kind === 'deny' ? 'past a denial by policy' : 'without the people policy asks for'
  return {
    says: why === 'broken' ? 'Glass broken' : 'Review overdue',
    passages: [
      {
        line: say`${warning} ${person(brokenGlass.person)} let this through alone, ${ours(past)}, ${onDay(brokenGlass.at)}. Their reason:`,
      },
      { quote: prose(brokenGlass.reason, 1_000) },
      { line: review(brokenGlass, why) },
    ],
  }
}

function review({ person: breaker, reviewBy }: BrokenGlass<CurrentPerson>, why: 'broken' | 'overdue'): Text {
  const due = onDay(reviewBy)
  return why === 'overdue'
    ? say`${strong`Nobody has reviewed it`}; the review was due ${due}. Somebody other than ${name(breaker)} has to do it.`
    : say`Somebody other than ${name(breaker)} has to review it by ${due}.`
}

/** Names and no mentions: whoever tried is not told. */
function ownAttempts({ over, tried }: OwnAttempts): Said {
  const who = listed(tried.map((one) => say`${name(one.person)} (${timesIn(one.times)})`))
  const line =
    over === 'request'
      ? say`${warning} ${who} tried to let this through, although they are behind it.`
      : say`${warning} ${who} tried to let through what they are behind, within an hour and over several requests. This is the latest.`
  return {
    says: 'Tried to approve their own',
    passages: [
      { line },
      {
        line: say`Every attempt was refused, and nothing was approved by it. They do not know that you are told.`,
      },
      {
        note: say`If it was no mistake: deny what waits, and have whoever runs Countersign revoke the agent.`,
      },
    ],
  }
}

/** For the agent's owner, who knows whether it is true. */
function claims({ request }: RequestView, { legs }: Claims): Said {
  const who = listed(onlyClaimed(request.behind).map((id) => [name(id)]))
  const counted = legs.map(({ leg, taken, left, needed }) => ({
    line: say`${strong`${outside(leg, 60)}`}: ${taken} of the ${taken + left} who could have decided cannot; ${left} left, ${needed} needed.`,
  }))
  return {
    says: 'Reviewers named as behind it',
    passages: [
      {
        line: say`${warning} Your agent ${outside(request.agent.name, 100)} names ${who} as behind this. Whoever is cannot decide on it, so an agent that names its reviewers chooses who is left.`,
      },
      ...counted,
      {
        note: say`If they have nothing to do with it, look at what the agent does; you can have it revoked.`,
      },
    ],
  }
}

/** Where it differs is named; what was approved and done there stands on the card and in the full request. */
function deviated(view: RequestView, why: 'deviated' | 'not_approved'): Said | null {
  const { executions = [], agent } = view.request
  const deviation = deviationOf(executions)
  if (!deviation) return null
  return {
    says: why === 'deviated' ? 'Not done as approved' : 'Done without approval',
    passages: [
      { line: say`${warning} ${ours(deviation.says)} The agent is ${outside(agent.name, 100)}.` },
      ...deviationSentences(view, executions),
      ...whereOf(executions),
      {
        note: say`The full request shows what was approved and what was done. If it was no mistake, have whoever runs Countersign revoke the agent.`,
      },
    ],
  }
}

const mostFields = 5

function whereOf(executions: readonly Execution[]): readonly Passage[] {
  const pointers = fieldsIn(executions).map(({ pointer }) => pointer)
  const fields = [...new Set(pointers)].filter((pointer) => pointer !== '')
  if (pointers.length === 0) return []
  if (fields.length === 0) return [{ line: say`It is another action, by its digest.` }]
  const more = fields.length - mostFields
  const named = listed(fields.slice(0, mostFields).map((field) => [outside(field, 120)]))
  return [{ line: say`It differs at ${named}${more > 0 ? say`, and at ${more} more fields` : nothing}.` }]
}

function timesIn(times: number): Text {
  return times === 1 ? say`once` : say`${times} times`
}
