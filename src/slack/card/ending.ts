import type { KnownBlock } from '@slack/types'
import { endingOf } from '../../card/ending.ts'
import { executionOf } from '../../card/execution.ts'
import type { RequestView } from '../../card/view.ts'
import { blocksOf } from '../text/spans.ts'

/** By whom and when, once the asking is over; with the words of whoever denied it, or let it through alone. */
export function cardEnding(view: RequestView): KnownBlock[] {
  return blocksOf(view.people, endingOf(view))
}

/** What has become of an approval: who has reported what, and what was done otherwise. */
export function executionBlocks(view: RequestView): KnownBlock[] {
  return blocksOf(view.people, executionOf(view))
}
