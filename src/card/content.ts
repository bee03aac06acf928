import { shortDigest } from '../core/digest.ts'
import { type CardButtons, cardButtons } from './buttons.ts'
import { endingOf } from './ending.ts'
import { type Facts, factsOf, summaryOf } from './facts.ts'
import { escalationsOf, type Needs, needsOf } from './needs.ts'
import type { Passage } from './passage.ts'
import { nothing, onDay, ours, outside, person, say, strong, type Text, warning } from './span.ts'
import { hasHidden, prose, revealLine, word } from './text.ts'
import { isLiftable, type Title, titleOf, titleOfState } from './titles.ts'
import type { RequestView } from './view.ts'
import { type Why, whyOf } from './why.ts'

/**
 * What a card says, in the order in which it says it: what matters first, the agent's own words below the facts and
 * labelled. It knows no channel: each draws this, leaves nothing out and adds nothing about the request.
 */
export interface CardContent {
  readonly title: Title
  readonly where: Where
  readonly deadline: Text | null
  readonly ending: readonly Passage[]
  readonly facts: readonly Fact[]
  readonly parameters: ShownParameters
  /** That the action hides characters, when it does. */
  readonly hidden: Text | null
  readonly agentSays: { readonly label: Text; readonly quote: string } | null
  readonly why: Why | null
  readonly needs: Needs | null
  readonly escalations: readonly Text[]
  readonly buttons: CardButtons
  readonly request: string
  readonly digest: string
  /** Who, what, where and the state, revealed and not cut: all that a notification or a screen reader has. */
  readonly notification: string
}

/** Environment and resource are from outside, revealed. */
interface Where {
  readonly environment: string
  readonly resource: string
  /** What it does there: read, write. */
  readonly effect: string
}

interface Fact {
  readonly label: string
  readonly value: Text
}

/** Complete or not at all: half an action must never look like a whole one (threats: too-long). */
type ShownParameters = { readonly lines: readonly string[] } | { readonly instead: Text }

/** Of a card that stands for its request. While it is pending it can be decided on, unless the action does not fit. */
export function cardContent(view: RequestView): CardContent {
  const { request } = view
  const facts = factsOf(request)
  return {
    title: titleOf(request, facts),
    where: {
      environment: facts.environment,
      resource: facts.resource,
      effect: request.effect ?? 'effect unknown',
    },
    deadline: deadlineOf(view),
    ending: endingOf(view),
    facts: whoAsks(view),
    parameters: parametersOf(facts),
    hidden: facts.hidden ? hiddenCharacters : null,
    agentSays: agentSays(view),
    why: whyOf(view),
    needs: needsOf(view),
    escalations: escalationsOf(view),
    buttons: cardButtons(request, facts),
    request: request.id,
    digest: shortDigest(request.digest),
    notification: `${titleOfState(request)}: ${summaryOf(facts)} (asked by the agent ${revealLine(request.agent.name)}, ${request.id})`,
  }
}

/** Of a card whose place another one took: nothing there may look as if it could be decided. */
export function replacedContent({ request }: RequestView): Text {
  return say`This card was replaced by a newer one for the same request (${ours(request.id)}).`
}

function deadlineOf({ request }: RequestView): Text | null {
  if (request.state !== 'pending' || !request.expiresAt) return null
  return say`${ours(isLiftable(request) ? 'can be lifted until' : 'expires')} ${onDay(request.expiresAt)}`
}

function whoAsks({ request }: RequestView): readonly Fact[] {
  const { agent, initiator, run } = request
  const model = run?.model ? say` (says it is ${outside(word(run.model), 80)})` : nothing
  const claim = initiator.claim === 'agent_owner' ? "the agent's owner" : 'named by the agent'
  return [
    { label: 'Agent', value: say`${outside(agent.name, 100)}${model}` },
    { label: 'For', value: say`${person(initiator.person)} (${ours(claim)})` },
    { label: 'Owner', value: [person(agent.owner)] },
    { label: 'Asked', value: [onDay(request.createdAt)] },
  ]
}

function parametersOf(facts: Facts): ShownParameters {
  if (facts.fits) return { lines: facts.parameters.length > 0 ? facts.parameters : ['no parameters'] }
  const instead = say`${strong`Not shown here.`} This action is too long for a card. Open the full request to read all of it; you can decide on its last page.`
  return { instead }
}

/** The mark of an action that hides characters, on a page of its full view. */
export const hiddenOnPage = say`${warning} ${strong`Contains hidden characters`}, shown as their codes.`

const hiddenCharacters = say`${warning} ${strong`Contains hidden characters.`} They are shown as their codes, such as [U+202E].`

function agentSays({ request }: RequestView): CardContent['agentSays'] {
  const reason = request.reason?.trim()
  if (!reason) return null
  const label = hasHidden(reason)
    ? say`Agent says (not checked; contains hidden characters):`
    : say`Agent says (not checked):`
  return { label, quote: prose(reason, 600) }
}
