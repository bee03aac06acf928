import type { Text } from '../card/span.ts'
import { Refusal } from '../core/refusal.ts'

/** A press on a message that is not the card on record: it decides nothing, and the person is told where the card is. */
export class OldCard extends Refusal {
  /** Where the card is; null when there is none to point to. */
  readonly where: Text | null

  constructor(detail: string, where: Text | null) {
    super('old_card', detail)
    this.where = where
  }
}
