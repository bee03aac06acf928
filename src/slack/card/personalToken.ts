import { type TokenContent, tokenContent } from '../../card/personalToken.ts'
import { header } from '../text/blocks.ts'
import { inlineShown } from '../text/escape.ts'
import { blocksOf } from '../text/spans.ts'
import type { CardMessage } from './card.ts'

/** What somebody is told of a personal token of theirs. */
export function tokenMessage(...about: Parameters<typeof tokenContent>): CardMessage {
  const { title, passages }: TokenContent = tokenContent(...about)
  return {
    text: inlineShown(title, 1_000),
    blocks: [header(title), ...blocksOf(new Map(), passages)],
  }
}
