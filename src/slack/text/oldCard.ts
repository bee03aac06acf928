import { Refusal } from '../../core/refusal.ts'

/** A click on a message that is not the card on record: it decides nothing, and the person is told where the card is. */
export class OldCard extends Refusal {
  /** `<https://…|The card is here>`, or null when there is none to point to. */
  readonly link: string | null

  constructor(detail: string, link: string | null) {
    super('old_card', detail)
    this.link = link
  }
}
