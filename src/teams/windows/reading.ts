import type { CardButton } from '../../card/buttons.ts'
import type { WindowContent } from '../../card/reading/window.ts'
import type { ViewOrigin } from '../../channels/origin.ts'
import type { OpenedWindow } from '../../channels/read.ts'
import { actionSet, windowOf } from '../card/buttons.ts'
import type { Element, SubmitAction } from '../card/elements.ts'
import { titleParts } from '../card/parts.ts'
import { elementsOf } from '../text/spans.ts'
import { type Dialog, dialogOf, sending } from './dialog.ts'

/** A window in which somebody reads about a request. */
export function readingDialog({ choice, content, origin }: OpenedWindow): Dialog {
  const { title, heading, passages, people } = content
  return dialogOf(title, [
    ...(heading ? titleParts(heading) : []),
    ...elementsOf(people, passages),
    ...pressable(choice, content, origin),
  ])
}

/** What turns its pages, what leads to a decision, and what leads on. */
function pressable(
  choice: OpenedWindow['choice'],
  { page, pages, buttons, leadsTo }: WindowContent,
  origin: ViewOrigin,
): readonly Element[] {
  const at = (wanted: number): ViewOrigin => ({ ...origin, page: wanted })
  const all: readonly SubmitAction[] = [
    ...(page > 0 ? [sending('Back', `read_${choice}`, at(page - 1))] : []),
    ...(page < pages - 1 ? [sending('Next page', `read_${choice}`, at(page + 1))] : []),
    ...buttons.map((button) => deciding(button, origin)),
    ...(leadsTo === 'history' ? [sending('History', 'read_history', at(0))] : []),
    ...(leadsTo === 'full' ? [sending('Full request', 'read_full', at(0))] : []),
  ]
  return all.length > 0 ? [actionSet(all)] : []
}

/** Leads to the window of a verb: nothing is decided by one press. */
function deciding(button: CardButton, origin: ViewOrigin): SubmitAction {
  const action = sending(button.label, `${windowOf(button)}_in_view`, origin)
  if (button.style === 'plain') return action
  return { ...action, style: button.style === 'primary' ? 'positive' : 'destructive' }
}
