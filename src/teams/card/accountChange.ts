import { accountChangeContent, type ChangedAccount } from '../../card/accountChange.ts'
import { type CardMessage, tellingOf } from './message.ts'

/** What those who look after security are told about an account that is not as it was. */
export function accountChangeMessage(changed: ChangedAccount): CardMessage {
  const { title, passages, notification } = accountChangeContent(changed)
  return tellingOf({ summary: notification, title, passages })
}
