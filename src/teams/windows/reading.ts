import type { CardButton } from '../../card/buttons.ts'
import type { Passage } from '../../card/passage.ts'
import type { WindowContent } from '../../card/reading/window.ts'
import { say } from '../../card/span.ts'
import type { ViewOrigin } from '../../channels/origin.ts'
import type { OpenedWindow } from '../../channels/read.ts'
import { actionSet, windowOf } from '../card/buttons.ts'
import type { Element, SubmitAction } from '../card/elements.ts'
import { titleParts } from '../card/parts.ts'
import { firstThatFits } from '../card/size.ts'
import { elementsOf } from '../text/spans.ts'
import { type Dialog, dialogOf, sending } from './dialog.ts'

/**
 * A window in which somebody reads about a request. Of more than Teams takes, what stands last is left out, and it says so: never of the
 * action itself, whose pages have room.
 */
export function readingDialog({ choice, content, origin }: OpenedWindow): Dialog {
  const { title, heading, passages, people } = content
  const drawn = (some: readonly Passage[]) =>
    dialogOf(title, [
      ...(heading ? titleParts(heading) : []),
      ...elementsOf(people, some),
      ...pressable(choice, content, origin),
    ])
  const kept = choice === 'full' ? actionEnds(passages) : 0
  const shorter = passages.slice(kept).map((_, nth) => {
    const some = passages.slice(0, passages.length - 1 - nth)
    return () => drawn([...some, { note: leftOut }])
  })
  return firstThatFits([() => drawn(passages), ...shorter])
}

const leftOut = say`There is more than one window holds. The menu of the card has the rest: why people are asked, who can decide, and the history.`

/** After how many passages the page of the action is over. */
function actionEnds(passages: readonly Passage[]): number {
  const begins = passages.findIndex((one) => 'lines' in one)
  const length = passages.slice(begins).findIndex((one) => !('lines' in one))
  return begins < 0 || length < 0 ? passages.length : begins + length
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
