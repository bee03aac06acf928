import type { KnownBlock } from '@slack/types'
import { endingOf } from '../../card/ending.ts'
import { reportedOf } from '../../card/execution.ts'
import type { RequestView } from '../../card/view.ts'
import { blocksOf } from '../text/spans.ts'

/** By whom and when, once the asking is over; with the words of whoever denied it, or let it through alone. */
export function cardEnding(view: RequestView): KnownBlock[] {
  return blocksOf(view.people, endingOf(view))
}

/** Below the state, which says what has become of an approval: who has reported what, and what was done otherwise. */
export function reportedBlocks(view: RequestView): KnownBlock[] {
  return blocksOf(view.people, reportedOf(view))
}
