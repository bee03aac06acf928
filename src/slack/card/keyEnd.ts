import { type KeyEnd, keyEndContent } from '../../card/keyEnd.ts'
import { header } from '../text/blocks.ts'
import { inlineShown } from '../text/escape.ts'
import { blocksOf } from '../text/spans.ts'
import type { CardMessage } from './card.ts'

/** What the owner of an agent is told about the end of a key. */
export function keyEndMessage(about: KeyEnd): CardMessage {
  const { title, passages, notification } = keyEndContent(about)
  return { text: inlineShown(notification, 1_000), blocks: [header(title), ...blocksOf(new Map(), passages)] }
}
