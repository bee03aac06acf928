import { type CardContent, cardContent, saysLabel } from './content.ts'
import { factsOf, summaryOf } from './facts.ts'
import { escalationsOf } from './needs.ts'
import { atTime, nothing, onDay, ours, say, shown, strong, type Text } from './span.ts'
import { prose, revealLine } from './text.ts'
import { type Title, titleOfState } from './titles.ts'
import { forLines, type Missing, missingFor, whoIn } from './together.ts'
import { type ButtonForAll, buttonsFor, menuOf } from './togetherContent.ts'
import type { RequestView } from './view.ts'

/** What a card says on which requests stand that ask exactly the same: it once, and each of them with what is its own. */
export interface AlikeContent {
  readonly title: Title
  /** What each of them asks, as the card of one says it. Of its buttons, needs and ends nothing holds for all. */
  readonly card: CardContent
  /** When the first of those that wait ends. */
  readonly deadline: Text | null
  readonly lines: readonly AlikeLine[]
  readonly onApproval: Text | null
  readonly buttons: readonly ButtonForAll[]
  readonly missing: Missing
  readonly escalations: readonly Text[]
  readonly notification: string
}

interface AlikeLine {
  readonly request: string
  readonly says: Text
  /** The agent's words for this one, where they are not the same for all. */
  readonly reason: Text
  /** What can be done with this one alone; empty where there is nothing but to read it. */
  readonly menu: AlikeMenu
}

type AlikeMenu = ReturnType<typeof menuOf>

export function isAlike(lines: readonly RequestView[]): boolean {
  return lines.some(({ request }) => request.alike !== undefined)
}

/** `views` are all of them, in the order of their lines. */
export function alikeContent(views: readonly [RequestView, ...RequestView[]]): AlikeContent {
  const waiting = views.filter(({ request }) => request.state === 'pending')
  const one = waiting[0] ?? views[0]
  const card = cardContent(one)
  const title = { says: titleSays(views, waiting), action: card.title.action }
  const reasons = new Set((waiting.length > 0 ? waiting : views).map(({ request }) => request.reason))
  const { agentSays: _, ...whole } = card
  const name = revealLine(one.request.agent.name)
  return {
    title,
    card: reasons.size > 1 ? { ...whole, agentSays: null } : card,
    deadline: deadlineOf(waiting),
    lines: views.map((view, at) => lineOf(view, at + 1, reasons.size > 1)),
    onApproval:
      waiting.length > 0 && card.onApproval
        ? say`Each of them is a request of its own, and on approval may do exactly this, once. What is asked after this was shown is not decided by it.`
        : null,
    buttons: buttonsFor(waiting),
    missing: missingFor(views),
    escalations: forLines(views, escalationsOf),
    notification: `${title.says}: ${summaryOf(factsOf(one.request))} (asked by the agent ${name}, ${one.request.id})`,
  }
}

function titleSays(views: readonly RequestView[], waiting: readonly RequestView[]): string {
  const all = views.length
  if (waiting.length === all) return `Approval needed, ${all} times`
  if (waiting.length > 0) return `Approval needed, ${waiting.length} of ${all}`
  const [first, ...others] = new Set(views.map(({ request, held }) => titleOfState(request, held)))
  return first === undefined || others.length > 0 ? `Decided, ${all} times` : `${first}, ${all} times`
}

function deadlineOf(waiting: readonly RequestView[]): Text | null {
  const [first, ...others] = waiting.flatMap(({ request }) => request.expiresAt ?? []).sort()
  if (first === undefined) return null
  return others.length > 0 ? say`the first expires ${onDay(first)}` : say`expires ${onDay(first)}`
}

function lineOf(view: RequestView, nth: number, ownReason: boolean): AlikeLine {
  const { request, held } = view
  const isOpen = request.state === 'pending'
  const stands = isOpen && !held ? nothing : say` · ${ours(titleOfState(request, held))}`
  const until = isOpen && request.expiresAt ? say`, expires ${atTime(request.expiresAt)}` : nothing
  const notes = request.notes?.length ?? 0
  const said = notes > 0 ? say` · ${notes} ${ours(notes === 1 ? 'note' : 'notes')} in the thread` : nothing
  const who = whoIn(view).flatMap((text) => [ours(' · '), ...text])
  const reason = request.reason?.trim() ?? ''
  const quote = prose(reason, mostReason).replace(/\s+/g, ' ')
  const menu = menuOf(view)
  return {
    request: request.id,
    says: say`${strong`${nth}`} · asked ${atTime(request.createdAt)}${until}${stands}${who}${said} · ${ours(request.id)}`,
    reason:
      ownReason && reason !== '' ? say`${saysLabel(request, reason)} ${shown(quote, mostReason)}` : nothing,
    menu: isOpen || menu.length > 1 ? menu : [],
  }
}

/** Characters of a reason: twenty of them have room. The full request has all of it. */
const mostReason = 150
