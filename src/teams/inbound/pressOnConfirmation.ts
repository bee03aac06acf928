import { say } from '../../card/span.ts'
import { ourAnswer } from '../../channels/answers.ts'
import { answerClaim, type ClaimButton, readConfirmationValue } from '../../channels/claims.ts'
import { accountAt } from '../../channels/seeing.ts'
import { Refusal } from '../../core/refusal.ts'
import { messageName } from '../place.ts'
import { messageIn } from './pressed.ts'
import { type Presser, saying } from './presser.ts'
import { doerOf } from './who.ts'

/** Somebody answers what was claimed in their name, on the message that is theirs. */
export function pressOnClaim(button: ClaimButton): Presser {
  return async (teams, activity, value) => {
    const confirmation = readConfirmationValue(value)
    if (confirmation === null) throw new Refusal('foreign_payload', 'a button of a claim that is not ours')
    const { actor, delivery } = doerOf(teams, activity)
    const { key } = await accountAt(teams.ports, actor.address)
    const message = messageName(key, messageIn(activity))
    const said = await answerClaim(teams, button, {
      ...{ confirmation, account: key, via: teams.via, message, delivery },
    })
    // An invoke is answered in any case.
    return saying(ourAnswer(said ?? say`This was counted before.`))
  }
}
