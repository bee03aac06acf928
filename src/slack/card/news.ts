import type { KnownBlock } from '@slack/types'
import { type News, newsContent } from '../../card/news.ts'
import { header } from '../text/blocks.ts'
import { inlineShown } from '../text/escape.ts'
import { blocksOf } from '../text/spans.ts'
import type { CardMessage } from './card.ts'
import { rowBlocksOf } from './listedRow.ts'

/** What one person is told directly, with a button for each request that opens it. */
export function newsMessage(news: News): CardMessage {
  const { title, parts, notes, notification } = newsContent(news)
  const told = parts.flatMap(({ row, passages, people }): KnownBlock[] => [
    ...(row ? rowBlocksOf(row, people) : []),
    ...blocksOf(people, passages),
  ])
  return {
    text: inlineShown(notification, 1_000),
    blocks: [header(title), ...told, ...blocksOf(new Map(), notes)],
  }
}
