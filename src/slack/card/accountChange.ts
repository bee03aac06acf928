import { accountChangeContent, type ChangedAccount } from '../../card/accountChange.ts'
import { header } from '../text/blocks.ts'
import { inlineShown } from '../text/escape.ts'
import { blocksOf } from '../text/spans.ts'
import type { CardMessage } from './card.ts'

/** What those who look after security are told about an account that is not as it was. */
export function accountChangeMessage(changed: ChangedAccount): CardMessage {
  const { title, passages, notification } = accountChangeContent(changed)
  return { text: inlineShown(notification, 1_000), blocks: [header(title), ...blocksOf(new Map(), passages)] }
}
