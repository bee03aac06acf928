import type { Card } from '../../approvals/records.ts'
import { sentDirectly } from '../../card/sentDirectly.ts'
import { withSpared } from '../../card/spared.ts'
import type { RequestView } from '../../card/view.ts'
import { directTo } from '../place.ts'
import { renderCard } from './card.ts'
import { localView } from './localView.ts'
import { type CardMessage, withNote } from './message.ts'

/** A card as it stands where it was posted: what is posted, and what whoever it comes into sight of is shown. */
export function postedCard(card: Card, view: RequestView, tenant: string): CardMessage {
  // Whom a card spares is recorded by what sets are called from outside.
  const message = renderCard(card, localView(withSpared(view, card.spared), tenant))
  const isDirect = directTo(card.conversation) !== null && view.request.state === 'pending'
  return isDirect ? withNote(message, sentDirectly) : message
}
