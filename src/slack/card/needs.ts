import type { KnownBlock } from '@slack/types'
import type { CardContent } from '../../card/content.ts'
import type { People } from '../../card/view.ts'
import { context, mrkdwn } from '../text/blocks.ts'
import { mrkdwnOf } from '../text/spans.ts'

/**
 * `○ 1 of @security` for an empty seat, `● @Bob for data-owners, 14:09` for a filled one; who was brought in since,
 * and who may not decide.
 */
export function cardNeeds({ needs, escalations }: CardContent, people: People): KnownBlock[] {
  const seats = needs
    ? [
        mrkdwnOf(people, needs.label),
        ...needs.seats.map(({ filled, says }) => `${filled ? '●' : '○'} ${mrkdwnOf(people, says)}`),
        ...(needs.barred.length > 0 ? [`· ${mrkdwnOf(people, needs.barred)}`] : []),
      ]
    : []
  const parts = [seats, escalations.map((text) => mrkdwnOf(people, text))]
  return parts.filter((one) => one.length > 0).map((one) => context(mrkdwn(fitting(one))))
}

/** As many whole parts as fit in one text: half a mention would be read as something else. */
function fitting(parts: readonly string[]): string {
  let text = ''
  for (const part of parts) {
    if (text.length + part.length > 2_900) return `${text}   and more`
    text = text === '' ? part : `${text}   ${part}`
  }
  return text
}
