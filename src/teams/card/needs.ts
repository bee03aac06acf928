import type { CardContent } from '../../card/content.ts'
import { ours, say, strong, type Text } from '../../card/span.ts'
import type { People } from '../../card/view.ts'
import type { RichTextBlock } from '../text/pieces.ts'
import { linesOf, noteOf } from '../text/spans.ts'

/**
 * `○ 1 of security` for an empty seat, `● Bob for data-owners, 14:09` for a filled one, each on a line; approvals that do not count any
 * more, and who was brought in since.
 */
export function cardNeeds({ needs, escalations }: CardContent, people: People): readonly RichTextBlock[] {
  const seats = needs
    ? [
        needs.label,
        ...needs.seats.map(({ filled, says }) => [ours(filled ? '● ' : '○ '), ...says]),
        ...(needs.ended ?? []).map((text) => say`✕ ${text}`),
      ]
    : []
  return [...linesOf(people, seats), ...linesOf(people, escalations)]
}

/** Whoever is still needed, or was brought in: nobody else has to be called. */
export function callingIn({ needs, escalations }: CardContent): readonly Text[] {
  const open = (needs?.seats ?? []).filter(({ filled }) => !filled).map(({ says }) => says)
  return [...open, ...escalations]
}

export function openSeats(people: People, seats: readonly Text[]): readonly RichTextBlock[] {
  if (seats.length === 0) return []
  return linesOf(people, [[strong`Needs`], ...seats.map((text) => say`○ ${text}`)])
}

export function barredNote({ needs }: CardContent, people: People): readonly RichTextBlock[] {
  return needs && needs.barred.length > 0 ? [cannotDecide(needs.barred, people)] : []
}

export function cannotDecide(who: Text, people: People): RichTextBlock {
  return noteOf(people, [ours('Cannot decide: '), ...who])
}
