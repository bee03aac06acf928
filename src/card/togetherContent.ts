import { type Fact, whoAsks } from './asking.ts'
import { type CardButton, cardButtons } from './buttons.ts'
import { saysLabel } from './content.ts'
import { factsOf, summaryOf } from './facts.ts'
import { name, onDay, say, type Text } from './span.ts'
import { prose, revealLine } from './text.ts'
import { type Line, linesOf, type Missing, missingFor } from './together.ts'
import type { RequestView } from './view.ts'

/** What a card says that asks about several requests together: each of them in full, and what can be done with all or with one. */
export interface TogetherContent {
  /** Our words. */
  readonly title: string
  readonly deadline: Text | null
  readonly facts: readonly Fact[]
  readonly lines: readonly LineWithMenu[]
  readonly agentSays: { readonly label: Text; readonly quote: string } | null
  readonly onApproval: Text | null
  /** Each acts on the lines that it names, and on no others. */
  readonly buttons: readonly ButtonForAll[]
  readonly missing: Missing
  readonly set: string
  readonly notification: string
}

export interface LineWithMenu extends Line {
  readonly menu: readonly CardButton[]
}

export interface ButtonForAll {
  readonly button: CardButton
  /** Ids of the requests. */
  readonly together: readonly string[]
}

/** As many as channels have room for in a menu. */
const mostInMenu = 5

/** `view` is the one that carries the card. */
export function togetherContent(view: RequestView, views: readonly RequestView[]): TogetherContent {
  const { request } = view
  const waiting = views.filter((one) => one.request.state === 'pending')
  const lines = linesOf(views).map((line, at) => ({ ...line, menu: menuOf(views[at] ?? view) }))
  const reason = request.reason?.trim()
  return {
    title: titleOf(views, waiting),
    deadline: waiting.length > 0 && request.expiresAt ? say`expires ${onDay(request.expiresAt)}` : null,
    facts: whoAsks(view, name),
    lines,
    agentSays: reason ? { label: saysLabel(request, reason), quote: prose(reason, 600) } : null,
    onApproval:
      waiting.length > 0
        ? say`Each of them is a request of its own: on approval it may do exactly this, once. What you decide counts for the lines that you decide, and for no others.`
        : null,
    buttons: buttonsFor(waiting),
    missing: missingFor(views),
    set: request.set?.id ?? request.id,
    notification: `${titleOf(views, waiting)}: ${views.map((one) => summaryOf(factsOf(one.request))).join('; ')} (asked by the agent ${revealLine(request.agent.name)}, ${request.set?.id ?? request.id})`,
  }
}

function titleOf(views: readonly RequestView[], waiting: readonly RequestView[]): string {
  if (waiting.length === views.length) return `Approval needed: ${views.length} actions`
  if (waiting.length > 0) return `Approval needed: ${waiting.length} of ${views.length} actions`
  return `Decided: ${views.length} actions`
}

/** What is held can be denied and not approved. */
export function buttonsFor(waiting: readonly RequestView[]): readonly ButtonForAll[] {
  const free = waiting.filter(({ held }) => !held)
  return [
    ...(free.length > 0 ? [{ button: approveAll(free), together: idsOf(free) }] : []),
    ...(waiting.length > 0 ? [{ button: denyAll(waiting), together: idsOf(waiting) }] : []),
  ]
}

function idsOf(views: readonly RequestView[]): readonly string[] {
  return views.map(({ request }) => request.id)
}

function approveAll(views: readonly RequestView[]): CardButton {
  const writes = views.some(
    ({ request: { requirement } }) => requirement?.reason || requirement?.confirm.length,
  )
  const label = `Approve ${howMany(views)}`
  if (writes) return { command: 'approve', label: `${label}…`, style: 'primary', window: true, confirm: null }
  const actions = [...new Set(views.map(({ request }) => summaryOf(factsOf(request))))]
  const confirm = {
    title: views.length === 1 ? 'Approve this action?' : `Approve these ${views.length}?`,
    action: actions.join('; '),
    says:
      actions.length < views.length ? `${views.length} times, each exactly as shown.` : 'Exactly as shown.',
    yes: label,
    no: 'Not yet',
  }
  return { command: 'approve', label, style: 'primary', window: false, confirm }
}

function denyAll(views: readonly RequestView[]): CardButton {
  return { command: 'deny', label: `Deny ${howMany(views)}`, style: 'danger', window: true, confirm: null }
}

function howMany(views: readonly RequestView[]): string {
  return views.length === 1 ? 'the last one' : `all ${views.length}`
}

/** What can be done with one line alone. Everything that decides opens a window, which shows the action again. */
export function menuOf({ request, held }: RequestView): readonly CardButton[] {
  const { main, menu } = cardButtons(request, factsOf(request), held)
  const doing = [...main, ...menu].filter(({ command }) => !reading.includes(command))
  return [...doing.slice(0, mostInMenu - 1), full]
}

const reading: readonly CardButton['command'][] = ['full', 'why', 'who', 'history']
const full: CardButton = {
  command: 'full',
  label: 'Full request',
  style: 'plain',
  window: true,
  confirm: null,
}
