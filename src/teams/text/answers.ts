import { say, strong, typed } from '../../card/span.ts'
import type { Wording } from '../../channels/answers.ts'

/** Words in Teams only read, so what is to be done is always a button. */
export const teamsWording: Wording = {
  advice: {
    already_decided: say`While the request is pending, you can take an approval back: ${strong`Take back my approval…`} in the menu of the card.`,
    identity_unknown: say`Teams could not say who you are or which groups you are in. Try again in a few seconds.`,
    posted_by_app: say`Use the buttons on the card.`,
    old_card: say`Use the newest card of this request, or write ${typed('list')} to Countersign.`,
    card_unrecorded: say`A click that was queued counts as soon as the card is on record. Otherwise write ${typed('list')} to Countersign.`,
    foreign_payload: say`Use the newest card of this request, or write ${typed('list')} to Countersign.`,
    reason_needed: say`Use the button on the card: it asks for a reason.`,
    reason_rejected: say`Use the button ${strong`Approve…`} on the card: it says what is required.`,
    too_many_notes: say`Decide on it, or write below the card: people read that, and Countersign does not.`,
    already_answered: say`Write below the card, if there is more to say.`,
    stopped: say`You can still deny it.`,
  },
  look: say`Look at the card, or write ${typed('list')} to Countersign`,
}
