import { type KeyEnd, keyEndContent } from '../../card/keyEnd.ts'
import { type CardMessage, tellingOf } from './message.ts'

/** What the owner of an agent is told about the end of a key. */
export function keyEndMessage(about: KeyEnd): CardMessage {
  const { title, passages, notification } = keyEndContent(about)
  return tellingOf({ summary: notification, title, passages })
}
