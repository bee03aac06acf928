import { type Crowd, crowdContent, crowdReminder } from '../../card/crowd.ts'
import { crowdButton } from '../../channels/buttonValue.ts'
import { plainOf } from '../text/spans.ts'
import { actionSet, dialog } from './buttons.ts'
import { type CardMessage, tellingOf } from './message.ts'

/** The card that stands for many; null: for none any more. */
export function crowdMessage(crowd: Crowd | null): CardMessage {
  const { title, passages, opens } = crowdContent(crowd)
  const below = opens ? [actionSet([dialog('Open the list', crowdButton, 'crowd')])] : []
  return tellingOf({ summary: title, title, passages, calls: true, below })
}

export function crowdReminderMessage(crowd: Crowd): CardMessage {
  const passages = crowdReminder(crowd)
  const lines = passages.flatMap((one) => ('line' in one ? [plainOf(new Map(), one.line)] : []))
  return tellingOf({ summary: lines.join(' '), passages, calls: true })
}
