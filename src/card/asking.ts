import { policyActivation } from '../core/action.ts'
import type { CurrentPerson } from '../core/identity.ts'
import { nothing, onDay, ours, outside, type Span, say, shown, type Text } from './span.ts'
import { revealLine, word } from './text.ts'
import type { RequestView } from './view.ts'

export interface Fact {
  readonly label: string
  readonly value: Text
}

/**
 * Who asks, for whom, since when, and where its run can be looked at; the same in every view. `who` says how people are
 * named: a card that is posted must not wake those who are behind the action, since they cannot help.
 */
export function whoAsks({ request }: RequestView, who: (id: CurrentPerson) => Span): readonly Fact[] {
  const { agent, initiator } = request
  const asked: Fact = { label: 'Asked', value: [onDay(request.createdAt)] }
  if (isChange(request)) return [{ label: 'Proposed by', value: [who(initiator.person)] }, asked]
  const model = request.run?.model ? say` (says it is ${shown(word(request.run.model), 80)})` : nothing
  const claim = initiator.claim === 'agent_owner' ? "the agent's owner" : 'named by the agent'
  return [
    { label: 'Agent', value: say`${outside(agent.name, 100)}${model}` },
    { label: 'For', value: say`${who(initiator.person)} (${ours(claim)})` },
    { label: 'Owner', value: [who(agent.owner)] },
    asked,
    ...runOf(request.run),
  ]
}

export function isChange({ action }: RequestView['request']): boolean {
  return action.action === policyActivation
}

/** Never a link: the agent chose where it leads, so the host is said first and the address stands there as text. */
function runOf(run: RequestView['request']['run']): readonly Fact[] {
  const session = run?.session ? [[shown(word(run.session), 80)]] : []
  const host = run?.url ? hostOf(run.url) : null
  const link = run?.url
    ? [say`${host === null ? ours('no valid address') : shown(`on ${host}`, 120)}: ${outside(run.url, 300)}`]
    : []
  const parts = [...session, ...link]
  if (parts.length === 0) return []
  const value = parts.flatMap((part, nth) => (nth > 0 ? [ours(', '), ...part] : part))
  return [{ label: 'Run, says the agent', value }]
}

function hostOf(url: string): string | null {
  try {
    return revealLine(new URL(url).host) || null
  } catch {
    return null
  }
}
