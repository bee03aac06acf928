import { type News, newsContent } from '../../card/news.ts'
import { elementsOf } from '../text/spans.ts'
import { rowOf } from './listedRow.ts'
import { type CardMessage, tellingOf } from './message.ts'

/** What one person is told directly, with a button for each request that opens it. */
export function newsMessage(news: News): CardMessage {
  const { title, parts, notes, notification } = newsContent(news)
  const told = parts.map(({ row, passages, people }) => [
    ...(row ? rowOf(row, people) : []),
    ...elementsOf(people, passages),
  ])
  return tellingOf({ summary: notification, title, told, below: elementsOf(new Map(), notes) })
}
