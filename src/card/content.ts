import { peopleUnlink, recordErase, stopResume } from '../core/action.ts'
import { shortDigest } from '../core/digest.ts'
import { type Fact, isChange, whoAsksInParts } from './asking.ts'
import { type CardButtons, cardButtons } from './buttons.ts'
import { type Consequence, consequenceOf, oddHosts } from './consequence.ts'
import { declaredIn, factsWith } from './declared.ts'
import { type DeclaredContent, declaredContent, rollbackOnApproval } from './declaredContent.ts'
import { earlierSays } from './earlierLines.ts'
import { endingOf } from './ending.ts'
import { type Facts, factsOf, summaryOf } from './facts.ts'
import { type OddHost, sayHost, textsIn } from './hosts.ts'
import { hiddenIn, shownDigest } from './masked.ts'
import { narrowingOf, narrowsFact } from './narrowing.ts'
import { escalationsOf, type Needs, needsOf } from './needs.ts'
import { newestNotes } from './notes.ts'
import { otherResources } from './otherResources.ts'
import type { Passage } from './passage.ts'
import { endedCredentials, lastingCredentials } from './promisedCredentials.ts'
import { readBefore } from './readBefore.ts'
import { revisesFact, revisionOf } from './revision.ts'
import { undoesFact } from './rollback.ts'
import { atTime, listed, name, onDay, ours, say, shown, strong, type Text, warning } from './span.ts'
import { hasHidden, isolated, prose, revealLine } from './text.ts'
import { isLiftable, type Title, titleOf, titleOfState } from './titles.ts'
import type { RequestView } from './view.ts'
import { type Why, whyOf } from './why.ts'

/**
 * What a card says, in the order in which it says it: what matters first, the agent's own words below the facts and
 * labelled. It knows no channel: each draws this, leaves nothing out and adds nothing about the request.
 */
export interface CardContent {
  readonly title: Title
  readonly consequence: Consequence
  readonly where: Where
  /** How it ended; while it can be decided, what else happened with it, further down. */
  readonly ending: readonly Passage[]
  /** Which agent asks, and for whom. */
  readonly asks: readonly Fact[]
  readonly needs: Needs | null
  readonly why: Why | null
  readonly deadline: Text | null
  /** When a target said what it would touch, which stands among the marks; left out where none did. */
  readonly estimated?: Text
  /** How often it was asked, what was approved before, and how its agent has done; left out where the record says nothing. */
  readonly earlier?: Text
  readonly facts: readonly Fact[]
  /** What else is known of who asks, which nobody has to have read to decide. */
  readonly besides: readonly Fact[]
  readonly parameters: ShownParameters
  /** What would undo it, where that was declared with it. */
  readonly rollback?: DeclaredContent
  /** That the action hides characters, or names that may look like others, when it does. */
  readonly oddities: readonly Text[]
  readonly agentSays: { readonly label: Text; readonly quote: string } | null
  /** Of a revision: which changes were asked for, and what differs; of what an approver lowered, who did, and what. Empty elsewhere. */
  readonly revision: readonly Passage[]
  /** What was said about it lately, while people decide. */
  readonly notes: readonly Passage[]
  /** What follows an approval, while one is asked for. */
  readonly onApproval: Text | null
  readonly buttons: CardButtons
  /** What its agent can get for it, which ends with what is done; left out where there is nothing of the kind. */
  readonly credentials?: Text
  readonly escalations: readonly Text[]
  readonly request: string
  /** Where the digest is the one of the ledger, because something is hidden; left out elsewhere. */
  readonly isDigestSalted?: true
  readonly digest: string
  /** Who, what, where and the state, revealed and not cut: all that a notification or a screen reader has. */
  readonly notification: string
}

/** Environment and resource are from outside, revealed. */
interface Where {
  readonly environment: string
  readonly resource: string
}

/** Complete or not at all: half an action must never look like a whole one (threats: too-long). */
type ShownParameters = { readonly lines: readonly string[] } | { readonly instead: Text }

/** Of a card that stands for its request. While it is pending it can be decided on, unless the action does not fit. */
export function cardContent(view: RequestView): CardContent {
  const { request } = view
  const declared = declaredIn(request, view.rollbacks)
  const facts = factsWith(request, declared)
  const texts = [request, ...(declared ? [declared] : [])].flatMap(({ action }) => textsIn(action.params))
  const hosts = oddHosts(view, texts)
  const digest = shownDigest(request)
  const who = whoAsksInParts(view, name)
  const earlier = earlierSays(view)
  return {
    title: titleOf(request, facts, view.held),
    consequence: consequenceOf(view, facts, hosts),
    where: { environment: isolated(facts.environment), resource: isolated(facts.resource) },
    ending: endingOf(view),
    asks: who.first,
    needs: needsOf(view),
    why: whyOf(view),
    deadline: deadlineOf(view),
    ...(request.preview?.kind === 'made' && { estimated: say`estimated at ${atTime(request.preview.at)}` }),
    ...(earlier.length > 0 && { earlier }),
    facts: factsOfCard(view, who.also),
    besides: who.besides,
    parameters: request.erased ? erasedParameters(request.erased.at) : parametersOf(facts),
    ...declaredContent(view),
    oddities: [...(facts.hidden ? [hiddenCharacters] : []), ...maskedNames(request), ...oddNames(hosts)],
    agentSays: agentSays(view),
    revision: [...revisionOf(view), ...narrowingOf(view)],
    notes: newestNotes(view),
    onApproval: onApproval(view),
    buttons: cardButtons(request, facts, view.held),
    ...endedCredentials(view),
    escalations: escalationsOf(view),
    request: request.id,
    ...(digest.name === 'salted digest' && { isDigestSalted: true }),
    digest: shortDigest(digest.digest),
    notification: `${titleOfState(request, view.held)}: ${summaryOf(facts)} (asked by the agent ${revealLine(request.agent.name)}, ${request.id})`,
  }
}

/**
 * The same where a channel has no room for all of it: as of an action that does not fit any card, nothing of it is shown, and it is decided in
 * its full view.
 */
export function withoutAction(view: RequestView, content: CardContent): CardContent {
  const { rollback: _, ...rest } = content
  const { request, held } = view
  return {
    ...rest,
    consequence: { ...content.consequence, differences: [], values: [], readings: [] },
    ...(!request.erased && { parameters: { instead: tooLong } }),
    agentSays: null,
    revision: [],
    notes: [],
    buttons: cardButtons(request, { ...factsOf(request), fits: false }, held),
  }
}

/** What else it has to do with: other resources, what was read before, other requests, and who is behind it besides those who are named first. */
function factsOfCard(view: RequestView, also: readonly Fact[]): readonly Fact[] {
  return [
    ...otherResources(view),
    ...readBefore(view),
    ...undoesFact(view),
    ...revisesFact(view),
    ...narrowsFact(view),
    ...also,
  ]
}

/** Of a card whose place another one took: nothing there may look as if it could be decided. */
export function replacedContent({ request }: RequestView): Text {
  return say`This card was replaced by a newer one for the same request (${ours(request.id)}).`
}

function deadlineOf({ request }: RequestView): Text | null {
  if (request.state !== 'pending' || !request.expiresAt) return null
  return say`${ours(isLiftable(request) ? 'can be lifted until' : 'expires')} ${onDay(request.expiresAt)}`
}

/** What this version does, and no more: it does not run the action, and does not watch the agent. */
function onApproval(view: RequestView): Text | null {
  const { request, change, held } = view
  if (request.state !== 'pending' || held || isLiftable(request) || change === 'outdated') return null
  const seats = (request.requirement?.legs ?? []).reduce((sum, { count }) => sum + count, 0)
  const when = seats > 1 ? say`When all agree,` : say`On approval,`
  if (request.action.action === peopleUnlink)
    return say`${when} the accounts are two people’s, unless they were joined otherwise first. In requests made before, they stay one person’s.`
  if (request.action.action === stopResume)
    return say`${when} what was stopped can be asked, approved and granted again. What was revoked stays revoked.`
  if (request.action.action === recordErase)
    return say`${when} it is erased for good, from the record and from what this server keeps. The ledger goes on to say that it was there, and that it was erased. Copies elsewhere stay.`
  return isChange(request)
    ? say`${when} this policy judges every request from then on, unless another one becomes active first.`
    : say`${when} it may do exactly this, once.${rollbackOnApproval(view)}${lastingCredentials(view)}`
}

function parametersOf(facts: Facts): ShownParameters {
  if (facts.fits)
    return { lines: facts.drawn.parameters.length > 0 ? facts.drawn.parameters : ['no parameters'] }
  return { instead: tooLong }
}

/** What stands in the place of an action of which a card cannot show all. */
export const tooLong = say`${strong`Not shown here.`} This action is too long for a card. Open the full request to read all of it; you can decide on its last page.`

function erasedParameters(at: string): ShownParameters {
  return {
    instead: say`${strong`Erased`} from the record ${onDay(at)}: what it asked, and what was said about it.`,
  }
}

/** What people are not shown is said, so that nobody believes to have seen all. */
function maskedNames({ verdict, state }: RequestView['request']): readonly Text[] {
  const hidden = hiddenIn(verdict)
  if (hidden.length === 0 || state !== 'pending') return []
  const names = listed(hidden.map((one) => [shown(revealLine(one), 80)]))
  const [are, them] = hidden.length === 1 ? ['is', 'it'] : ['are', 'them']
  return [say`${warning} ${names} ${ours(are)} sensitive and not shown. No rule decided by ${ours(them)}.`]
}

const hiddenCharacters = say`${warning} ${strong`Contains hidden characters.`} They are shown as their codes, such as [U+202E].`

/** Names people read quickly: so many of them are told. */
const mostHosts = 5

/** None is left out without saying so: what an agent puts first must not hide the one that matters. */
function oddNames(hosts: readonly OddHost[]): readonly Text[] {
  const more = hosts.length - mostHosts
  return [
    ...hosts.slice(0, mostHosts).map(oddHost),
    ...(more > 0 ? [say`${warning} and ${more} more such names`] : []),
  ]
}

function oddHost(host: OddHost): Text {
  return say`${warning} Look closely at this name: ${sayHost(host)}. It may not be what it looks like.`
}

function agentSays({ request }: RequestView): CardContent['agentSays'] {
  const reason = request.reason?.trim()
  return reason ? { label: saysLabel(request, reason), quote: prose(reason, 600) } : null
}

/** Whose words the reason is: of a change of policy the proposer's. */
export function saysLabel(request: RequestView['request'], reason: string): Text {
  const who = isChange(request) ? 'The proposer says' : 'Agent says'
  return say`${ours(who)} (${ours(hasHidden(reason) ? 'not checked; contains hidden characters' : 'not checked')}):`
}
