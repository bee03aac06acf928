import { type AnswerAttempt, type Answered, confirm, disown } from '../../approvals/people/confirm.ts'
import type { Ports } from '../../approvals/ports.ts'
import { say, type Text } from '../../card/span.ts'
import { ourAnswer } from '../../channels/answers.ts'
import { untilNoted } from '../../channels/notedClaim.ts'
import { accountAt } from '../../channels/seeing.ts'
import { Refusal } from '../../core/refusal.ts'
import { type confirmationButtons, readConfirmationValue } from '../card/confirmation.ts'
import { messageName } from '../place.ts'
import { messageIn } from './pressed.ts'
import type { Presser } from './presser.ts'
import { words } from './replies.ts'
import { doerOf } from './who.ts'

/** What each button of a claim does, and what the person is told when it is recorded. */
const answers: {
  readonly [B in keyof typeof confirmationButtons]: {
    readonly run: (ports: Ports, attempt: AnswerAttempt) => Promise<Answered>
    readonly done: Text
  }
} = {
  confirm_claim: { run: confirm, done: say`Confirmed, and recorded with your name.` },
  disown_claim: {
    run: disown,
    done: say`Recorded: this was not you. What was claimed gives nothing any more, and those who have to know are told.`,
  },
}

/** Somebody answers what was claimed in their name, on the message that is theirs. */
export function answerClaim(button: keyof typeof confirmationButtons): Presser {
  return async (teams, activity, value) => {
    const id = readConfirmationValue(value)
    if (id === null) throw new Refusal('foreign_payload', 'a button of a claim that is not ours')
    const { actor, delivery } = doerOf(teams, activity)
    const { key } = await accountAt(teams.ports, actor.address)
    await untilNoted(teams, id, key)
    const message = messageName(key, messageIn(activity))
    const attempt = { confirmation: id, account: key, via: teams.via, message, delivery }
    const done = await answers[button].run(teams.ports, attempt)
    if (button === 'disown_claim' && !done.repeated)
      teams.log.error(
        { confirmation: id, account: key, shell: done.confirmation.shell },
        'somebody with a shell acted in the name of somebody who says that it was not them: find out who has a shell there',
      )
    return words(ourAnswer(answers[button].done))
  }
}
