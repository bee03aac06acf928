import type { KnownBlock } from '@slack/types'
import { factsOf } from '../../card/facts.ts'
import { lengthOf } from '../../card/text.ts'
import type { RequestView } from '../../card/view.ts'
import { plain, section, textOfRichText } from '../text/blocks.ts'
import { inline } from '../text/escape.ts'
import type { CardMessage } from './card.ts'

/**
 * The same card for a workspace that answers `invalid_blocks`: rich text becomes plain sections. Null when a text
 * would have to be cut for that, because a card shows the whole action or none of it.
 */
export function classicCard(message: CardMessage): CardMessage | null {
  const blocks: KnownBlock[] = []
  for (const block of message.blocks) {
    if (block.type !== 'rich_text') {
      blocks.push(block)
      continue
    }
    const text = textOfRichText(block)
    if (lengthOf(text) > 3_000) return null
    blocks.push(section(plain(text)))
  }
  return { text: message.text, blocks }
}

/** When blocks are refused altogether: our own words and where to look. Nothing of the agent's but the action's name. */
export function textCard(message: CardMessage, view: RequestView): CardMessage {
  const { request } = view
  const [title = ''] = message.text.split(': ', 1)
  const name = inline(factsOf(request).name, 150)
  const text = `${title}: ${name}. This conversation could not show the card; see \`/approvals show ${request.id}\`.`
  return { text, blocks: [] }
}
