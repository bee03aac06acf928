import { endingOf } from '../../card/ending.ts'
import { reportedOf } from '../../card/execution.ts'
import type { RequestView } from '../../card/view.ts'
import { elementsOf } from '../text/spans.ts'
import type { Element } from './elements.ts'

/** By whom and when, once the asking is over; with the words of whoever denied it, or let it through alone. */
export function cardEnding(view: RequestView): readonly Element[] {
  return elementsOf(view.people, endingOf(view))
}

/** Below the state, which says what has become of an approval: who has reported what, and what was done otherwise. */
export function reportedElements(view: RequestView): readonly Element[] {
  return elementsOf(view.people, reportedOf(view))
}
