import type { CardContent } from '../../card/content.ts'
import { ours, say, type Text } from '../../card/span.ts'
import type { People } from '../../card/view.ts'
import type { RichTextBlock } from '../text/pieces.ts'
import { lineOf, noteOf } from '../text/spans.ts'

/**
 * `○ 1 of security` for an empty seat, `● Bob for data-owners, 14:09` for a filled one, each on a line; approvals that do not count any
 * more, and who was brought in since.
 */
export function cardNeeds({ needs, escalations }: CardContent, people: People): readonly RichTextBlock[] {
  const seats = needs
    ? [
        lineOf(people, needs.label),
        ...needs.seats.map(({ filled, says }) => seatOf(people, [ours(filled ? '● ' : '○ '), ...says])),
        ...(needs.ended ?? []).map((text) => seatOf(people, say`✕ ${text}`)),
      ]
    : []
  return [...seats, ...escalations.map((text) => lineOf(people, text))]
}

/** Whoever is still needed, or was brought in: nobody else has to be called. */
export function callingIn({ needs, escalations }: CardContent): readonly Text[] {
  const open = (needs?.seats ?? []).filter(({ filled }) => !filled).map(({ says }) => says)
  return [...open, ...escalations]
}

export function openSeats(people: People, seats: readonly Text[]): readonly RichTextBlock[] {
  if (seats.length === 0) return []
  return [
    lineOf(people, [{ strong: [ours('Needs')] }]),
    ...seats.map((text) => seatOf(people, say`○ ${text}`)),
  ]
}

export function barredNote({ needs }: CardContent, people: People): readonly RichTextBlock[] {
  return needs && needs.barred.length > 0 ? [cannotDecide(needs.barred, people)] : []
}

export function cannotDecide(who: Text, people: People): RichTextBlock {
  return noteOf(people, [ours('Cannot decide: '), ...who])
}

function seatOf(people: People, text: Text): RichTextBlock {
  return lineOf(people, text, 'None')
}
