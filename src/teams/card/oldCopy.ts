import { oldCopyContent } from '../../card/oldCopy.ts'
import { say, typed } from '../../card/span.ts'
import { plainOf } from '../text/spans.ts'
import { type CardMessage, tellingOf } from './message.ts'

/** What stands in the place of an old copy. */
export function oldCopy(id: string): CardMessage {
  const note = say`${oldCopyContent(id)} To see the card, write ${typed(`show ${id}`)} to Countersign.`
  return tellingOf({ summary: plainOf(new Map(), note), passages: [{ note }] })
}
