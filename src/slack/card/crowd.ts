import { type Crowd, crowdContent, crowdReminder } from '../../card/crowd.ts'
import { crowdButton } from '../../channels/buttonValue.ts'
import { actions, button, header } from '../text/blocks.ts'
import { blocksOf, mrkdwnOf } from '../text/spans.ts'
import type { CardMessage } from './card.ts'

/** The card that stands for many; null: for none any more. */
export function crowdMessage(crowd: Crowd | null): CardMessage {
  const { title, passages, opens } = crowdContent(crowd)
  return {
    text: title,
    blocks: [
      header(title),
      ...blocksOf(new Map(), passages),
      ...(opens ? [actions('crowd', [button(crowdButton, 'Open the list', 'crowd')])] : []),
    ],
  }
}

export function crowdReminderMessage(crowd: Crowd): CardMessage {
  const passages = crowdReminder(crowd)
  const text = passages.map((one) => ('line' in one ? mrkdwnOf(new Map(), one.line) : '')).join(' ')
  return { text, blocks: blocksOf(new Map(), passages) }
}
