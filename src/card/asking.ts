import { administrative } from '../core/action.ts'
import { rootOf } from '../core/chain.ts'
import type { CurrentPerson } from '../core/identity.ts'
import type { Role } from '../core/separation.ts'
import { chainText, wholeChain } from './chain.ts'
import { recordedOf } from './recorded.ts'
import { between, nothing, onDay, ours, outside, type Span, say, shown, type Text, warning } from './span.ts'
import { revealLine, word } from './text.ts'
import type { RequestView } from './view.ts'

export interface Fact {
  readonly label: string
  readonly value: Text
}

/**
 * Who asks, for whom, who else is behind it, and where its run can be looked at; the same in every view. `who` says how people are
 * named: a card that is posted must not wake those who are behind the action, since they cannot help. Of the run's address a card
 * says the host; since when it is asked, stands beside a card in every channel.
 */
export function whoAsks(
  { request }: RequestView,
  who: (id: CurrentPerson) => Span,
  detail: 'card' | 'whole' = 'card',
): readonly Fact[] {
  const { agent, initiator } = request
  const asked = detail === 'whole' ? [{ label: 'Asked', value: [onDay(request.createdAt)] }] : []
  if (isChange(request)) return [{ label: 'Proposed by', value: [who(initiator.person)] }, ...asked]
  const model = request.run?.model ? say` (says it is ${shown(word(request.run.model), 80)})` : nothing
  return [
    { label: 'Agent', value: say`${outside(agent.name, 100)}${model}` },
    forWhom(request, who, detail),
    ownerOf(request, who),
    ...(detail === 'card' ? longChain(request) : []),
    ...alsoBehind(request, who),
    ...asked,
    ...runOf(request.run, detail),
  ]
}

function forWhom(
  request: RequestView['request'],
  who: (id: CurrentPerson) => Span,
  detail: 'card' | 'whole',
): Fact {
  const knows = knownBy(request.initiator)
  return { label: 'For', value: say`${who(rootOf(request))} (${knows})${chainText(request, detail)}` }
}

/** Of which the card says only a part beside the person. */
function longChain(request: RequestView['request']): readonly Fact[] {
  const value = wholeChain(request)
  return value ? [{ label: 'Whole chain (agent says)', value }] : []
}

/** A claim is said to be one; of somebody who is attested it says by whom, and when that was. */
function knownBy({ claim, signedIn }: RequestView['request']['initiator']): Text {
  if (signedIn)
    return say`signed in at ${shown(hostOf(signedIn.issuer) ?? signedIn.issuer, 120)}, ${onDay(signedIn.at)}`
  return [ours(claim === 'agent_owner' ? "the agent's owner" : 'named by the agent')]
}

/** What of it a card says first, what further down, and what besides. */
export function whoAsksInParts(
  view: RequestView,
  who: (id: CurrentPerson) => Span,
): Readonly<Record<'first' | 'also' | 'besides', readonly Fact[]>> {
  if (isChange(view.request)) return { first: whoAsks(view, who), also: [], besides: [] }
  const { agent, run } = view.request
  const model = run?.model ? [{ label: 'Agent says it is', value: [shown(word(run.model), 80)] }] : []
  const owner = ownerOf(view.request, who)
  const { ownerLeft } = recordedOf(view.request)
  return {
    first: [{ label: 'Agent', value: [shown(word(agent.name), 100)] }, forWhom(view.request, who, 'card')],
    also: [...(ownerLeft ? [owner] : []), ...alsoBehind(view.request, who)],
    besides: [...model, ...(ownerLeft ? [] : [owner]), ...longChain(view.request), ...runOf(run, 'card')],
  }
}

function ownerOf(request: RequestView['request'], who: (id: CurrentPerson) => Span): Fact {
  const { owner } = request.agent
  const hasLeft = recordedOf(request).ownerLeft
  return { label: 'Owner', value: hasLeft ? say`${who(owner)} (${warning} has left)` : [who(owner)] }
}

/** Whoever the request names as involved cannot decide, nor the people of agents that its chain names: people should see that the agent has chosen them. */
function alsoBehind(
  { agent, initiator, behind }: RequestView['request'],
  who: (id: CurrentPerson) => Span,
): readonly Fact[] {
  const shownAlready = [agent.owner, initiator.person]
  const of = (wanted: Role) => {
    const people = behind.filter(({ role }) => role === wanted).map(({ person }) => person)
    const others = [...new Set(people)].filter((id) => !shownAlready.includes(id))
    shownAlready.push(...others)
    const names = others.map((id) => [who(id)])
    return names.length === 0 ? [] : [say`${between(names, ', ')} (${ours(chosen[wanted] ?? '')})`]
  }
  const value = between([...of('involved'), ...of('through')], ', ')
  return value.length === 0 ? [] : [{ label: 'Also behind it', value }]
}

/** How the agent has chosen somebody. */
const chosen: Partial<Record<Role, string>> = {
  involved: 'named by the agent',
  through: 'of an agent in the chain',
}

export function isChange({ action }: RequestView['request']): boolean {
  return administrative.includes(action.action)
}

/** Never a link: the agent chose where it leads, so its host is said first, and all of it stands there as text. */
function runOf(run: RequestView['request']['run'], detail: 'card' | 'whole'): readonly Fact[] {
  if (!run?.session && !run?.url) return []
  const session = run.session ? [[shown(word(run.session), 80)]] : []
  const host = run.url ? hostOf(run.url) : null
  const on = run.url ? [say`on ${host === null ? ours('an invalid address') : shown(host, 120)}`] : []
  const whole = run.url && detail === 'whole' ? say`: ${outside(run.url, 1_000)}` : nothing
  return [{ label: 'Run (agent says)', value: [...between([...session, ...on], ' '), ...whole] }]
}

function hostOf(url: string): string | null {
  try {
    return revealLine(new URL(url).host) || null
  } catch {
    return null
  }
}
