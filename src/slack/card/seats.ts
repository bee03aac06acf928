import type { KnownBlock } from '@slack/types'
import type { RequestView } from '../../approvals/ports.ts'
import { effectiveLegs } from '../../core/request.ts'
import { context, mrkdwn } from '../text/blocks.ts'
import { person, plainSources, sources, time } from '../text/mrkdwn.ts'
import { inline } from '../text/text.ts'
import { isLiftable } from '../text/titles.ts'

/**
 * `○ 1 of @security` for an empty seat, `● @Bob for data-owners, 14:09` for a filled one; who was brought in since,
 * and who may not decide.
 */
export function cardSeats(view: RequestView): KnownBlock[] {
  const { request } = view
  if (!request.requirement) return []
  const pending = request.state === 'pending'
  const seats = effectiveLegs(request).flatMap((leg) => {
    const filled = view.filled.get(leg.name) ?? []
    const open = leg.count - filled.length
    const done = filled.map((id) => `● ${person(view, id)} for ${inline(leg.name, 60)}${decidedAt(view, id)}`)
    return open > 0 && pending ? [...done, `○ ${open} of ${sources(leg.from)}`] : done
  })
  const not = pending ? [...new Set(request.behind.map((one) => one.person))] : []
  const barred = not.length > 0 ? [`· ${not.map((id) => `not ${person(view, id)}`).join(', ')}`] : []
  const parts = [...(isLiftable(request) ? [] : seats), ...barred]
  const label = isLiftable(request) ? lifters(view) : request.state === 'pending' ? '*Needs*' : '*Agreed*'
  const needs = parts.length > 0 ? [context(mrkdwn(fitting([label, ...parts])))] : []
  return [...needs, ...escalated(view)]
}

/** Without mentions: a denial is no reason to call the incident commanders. */
function lifters({ request }: RequestView): string {
  return `*Can be lifted* by one of ${plainSources(request.requirement?.breakGlass?.who ?? [])}, alone and for a stated reason`
}

/** `Escalated to @leads by @Bob, 14:20`, for each that took place. */
function escalated(view: RequestView): KnownBlock[] {
  if (view.request.state !== 'pending') return []
  const parts = view.request.escalations.map((one) => {
    const who = one.by === 'deadline' ? 'because nobody had decided' : `by ${person(view, one.by)}`
    return `*Escalated* to ${sources([one.to])} ${who}, ${time(one.at)}`
  })
  return parts.length > 0 ? [context(mrkdwn(fitting(parts)))] : []
}

/** As many whole parts as fit in one text: half a mention would be read as something else. */
function fitting(parts: readonly string[]): string {
  let text = ''
  for (const part of parts) {
    if (text.length + part.length > 2_900) return `${text}   and more`
    text = text === '' ? part : `${text}   ${part}`
  }
  return text
}

function decidedAt(view: RequestView, id: string): string {
  const decision = view.request.decisions.find((one) => one.person === id)
  return decision ? `, ${time(decision.at)}` : ''
}
