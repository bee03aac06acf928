import { revealLine } from '../../card/text.ts'

/** One line of text from outside for mrkdwn or a message's `text`: revealed, cut, escaped; at most `max` code points as sent. */
export function inline(text: string, max: number): string {
  const points = [...revealLine(text)].map(escapeText)
  let length = points.reduce((sum, point) => sum + point.length, 0)
  if (length <= max) return points.join('')
  while (length > max - 1) length -= points.pop()?.length ?? 0
  return `${points.join('')}…`
}

/** `&`, `<` and `>` as Slack wants them; only these, in this order (https://docs.slack.dev/messaging/formatting-message-text/). */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** What Slack escaped in a text that a person typed. */
export function unescapeText(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}
