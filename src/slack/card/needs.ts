import type { KnownBlock } from '@slack/types'
import type { CardContent } from '../../card/content.ts'
import { ours, type Text } from '../../card/span.ts'
import type { People } from '../../card/view.ts'
import { context, mrkdwn } from '../text/blocks.ts'
import { elementOf, mrkdwnOf } from '../text/spans.ts'

/**
 * `○ 1 of @security` for an empty seat, `● @Bob for data-owners, 14:09` for a filled one; approvals that do not count any
 * more, and who was brought in since.
 */
export function cardNeeds({ needs, escalations }: CardContent, people: People): KnownBlock[] {
  const seats = needs
    ? [
        mrkdwnOf(people, needs.label),
        ...needs.seats.map(({ filled, says }) => `${filled ? '●' : '○'} ${mrkdwnOf(people, says)}`),
        ...(needs.ended ?? []).map((text) => `✕ ${mrkdwnOf(people, text)}`),
      ]
    : []
  const more = escalations.map((text) => mrkdwnOf(people, text))
  return [
    ...(seats.length > 0 ? [context(mrkdwn(fitting(seats)))] : []),
    ...(more.length > 0 ? [context(mrkdwn(fitting(more)))] : []),
  ]
}

export function barredBlock({ needs }: CardContent, people: People): KnownBlock[] {
  return needs && needs.barred.length > 0 ? [cannotDecide(needs.barred, people)] : []
}

/** Names are what people chose: on their own, where nothing is parsed. */
export function cannotDecide(who: Text, people: People): KnownBlock {
  return context(elementOf(people, [ours('Cannot decide: '), ...who]))
}

/** As many whole parts as fit in one text: half a mention would be read as something else. */
export function fitting(parts: readonly string[]): string {
  let text = ''
  for (const part of parts) {
    if (text.length + part.length > 2_900) return `${text}   and more`
    text = text === '' ? part : `${text}   ${part}`
  }
  return text
}
