import type { KnownBlock } from '@slack/types'
import { escalatesAt, escalationsLeft } from '../../approvals/escalate.ts'
import type { RequestView } from '../../approvals/ports.ts'
import { effectiveLegs } from '../../core/request.ts'
import { cardEnding } from '../card/ending.ts'
import { context, mrkdwn, plain, quote, section } from '../text/blocks.ts'
import { listed, person, source, sources, time } from '../text/mrkdwn.ts'
import { cut, inline, prose, reveal, revealLine } from '../text/text.ts'
import { isLiftable } from '../text/titles.ts'

/** The rules that fired, what could not be evaluated, and what only watches; for a window or a message. */
export function whyBlocks(view: RequestView): KnownBlock[] {
  const { verdict } = view.request
  const rules = verdict.why
    .slice(0, 20)
    .map((one) => section(mrkdwn(`*${inline(one.rule, 110)}*\n${inline(one.says, 1_000)}`)))
  const so = verdict.kind === 'deny' ? 'so it is denied' : 'so people are asked'
  const none = section(mrkdwn(`No rule decides on this action, ${so}.`))
  return [
    ...(rules.length > 0 ? rules : [none]),
    ...(verdict.message ? [section(plain(reveal(verdict.message)))] : []),
    ...verdict.errors.slice(0, 5).map((error) => context(plain(`⚠ ${cut(revealLine(error), 1_000)}`))),
    ...watching(verdict.observed),
    ...(verdict.policy ? [context(plain(`policy ${verdict.policy.slice(0, 19)}`))] : []),
  ]
}

/** Rules in `mode: observe`. */
function watching(observed: readonly string[]): KnownBlock[] {
  if (observed.length === 0) return []
  const shown = observed.slice(0, 10).map((rule) => cut(revealLine(rule), 110))
  const more = observed.length > shown.length ? ` and ${observed.length - shown.length} more` : ''
  return [context(plain(`Only observing, without effect: ${shown.join(', ')}${more}`))]
}

const roles = {
  initiator: 'it is for them',
  agent_owner: 'owns the agent',
  key_creator: "created the agent's key",
  involved: 'named as involved',
} as const

/** Whose agreement is needed, who gave it, who comes next, who may break the glass, and who may not decide. */
export function whoBlocks(view: RequestView): KnownBlock[] {
  const { request } = view
  const legs = effectiveLegs(request)
    .slice(0, 30)
    .map((leg) => {
      const filled = (view.filled.get(leg.name) ?? []).map((id) => person(view, id))
      const so = filled.length > 0 ? ` Agreed: ${listed(filled)}.` : ' Nobody has agreed yet.'
      return section(mrkdwn(`*${inline(leg.name, 60)}*: ${leg.count} of ${sources(leg.from)}.${so}`))
    })
  const behind = request.behind.map((one) => `${person(view, one.person)} (${roles[one.role]})`)
  return [
    ...(isLiftable(request) ? [section(mrkdwn('Policy denied this, so nobody is asked to agree.'))] : legs),
    ...comesNext(view),
    ...lifters(view),
    section(mrkdwn(`*Cannot decide*, being behind the action: ${listed([...new Set(behind)])}.`)),
  ]
}

function comesNext({ request }: RequestView): KnownBlock[] {
  const [next] = escalationsLeft(request)
  const at = escalatesAt(request, request.escalations.length)
  if (request.state !== 'pending' || !next || at === null) return []
  return [section(mrkdwn(`*Escalates* to ${source(next.to)}, ${time(at, 'day')}, if nobody does it before.`))]
}

function lifters({ request }: RequestView): KnownBlock[] {
  const path = request.requirement?.breakGlass
  if (request.state !== 'pending' || !path) return []
  return [section(mrkdwn(`*May break the glass* in an emergency, alone: one of ${sources(path.who)}.`))]
}

/** What the agent and the people said, for the last page of the full view. */
export function aroundBlocks(view: RequestView): KnownBlock[] {
  const { request } = view
  const reason = request.reason?.trim()
    ? [context(mrkdwn('Agent says (not checked):')), quote(cut(reveal(request.reason.trim()), 8_000))]
    : []
  const decisions = request.decisions.slice(0, 10).flatMap((one) => {
    const did = one.kind === 'approve' ? 'Approved' : 'Denied'
    const line = context(mrkdwn(`${did} by ${person(view, one.person)}, ${time(one.at, 'day')}`))
    return one.reason ? [line, quote(prose(one.reason, 1_000))] : [line]
  })
  const asked = `Asked ${time(request.createdAt, 'day')} by the agent ${inline(request.agent.id, 60)}, owned by ${person(view, request.agent.owner)}, for ${person(view, request.initiator.person)}.`
  return [
    section(mrkdwn(asked)),
    ...reason,
    ...whyBlocks(view),
    ...(request.requirement ? whoBlocks(view) : []),
    ...decisions,
    ...cardEnding(view),
  ]
}
