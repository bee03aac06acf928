import { tokenContent } from '../../card/personalToken.ts'
import { type CardMessage, tellingOf } from './message.ts'

/** What somebody is told of a personal token of theirs. */
export function tokenMessage(...about: Parameters<typeof tokenContent>): CardMessage {
  const { title, passages } = tokenContent(...about)
  return tellingOf({ summary: title, title, passages })
}
