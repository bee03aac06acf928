import { ours, say, type Text } from './span.ts'

/**
 * What stands in the place of an old copy of a card, before it says where the card is: nothing of the action, because it may stand
 * anywhere, and nothing of its state, because nobody comes back to change it.
 */
export function oldCopyContent(request: string): Text {
  return say`This copy of the card is out of date and decides nothing (${ours(request)}).`
}
