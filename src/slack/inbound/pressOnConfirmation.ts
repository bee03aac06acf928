import { type AnswerAttempt, type Answered, confirm, disown } from '../../approvals/people/confirm.ts'
import type { Ports } from '../../approvals/ports.ts'
import { untilNoted } from '../../channels/notedClaim.ts'
import { accountAt } from '../../channels/seeing.ts'
import { Refusal } from '../../core/refusal.ts'
import { resultWithin } from '../../lifetime/limit.ts'
import { type confirmationButtons, readConfirmationValue } from '../card/confirmation.ts'
import type { SlackContext } from '../context.ts'
import { messageName } from '../place.ts'
import { pressed } from './payloads.ts'
import { answer, type Press, type Presser } from './press.ts'

/** What each button of a claim does, and what the person is told when it is recorded. */
const answers: {
  readonly [B in keyof typeof confirmationButtons]: {
    readonly run: (ports: Ports, attempt: AnswerAttempt) => Promise<Answered>
    readonly done: string
  }
} = {
  confirm_claim: { run: confirm, done: 'Confirmed, and recorded with your name.' },
  disown_claim: {
    run: disown,
    done: 'Recorded: this was not you. What was claimed gives nothing any more, and those who have to know are told.',
  },
}

/** Somebody answers what was claimed in their name. It is acknowledged when it is recorded, or before that takes too long. */
export function answerClaim(button: keyof typeof confirmationButtons): Presser {
  return async (slack, press) => {
    const answering = answered(slack, press, button)
    // Whatever becomes of it is awaited below; until then nobody may take it for unhandled.
    answering.catch(() => undefined)
    await resultWithin(
      answering.catch(() => null),
      slack.ackAfter,
    )
    await press.ack()
    const { repeated } = await answering
    if (!repeated) await answer(slack, press, answers[button].done)
  }
}

async function answered(
  slack: SlackContext,
  press: Press,
  button: keyof typeof confirmationButtons,
): Promise<Answered> {
  const id = readConfirmationValue(pressed(press.body).value)
  if (id === null) throw new Refusal('foreign_payload', 'a button of a claim that is not ours')
  const { key } = await accountAt(slack.ports, slack.address(press.body.user.id))
  await untilNoted(slack, id, key)
  const { channel_id: channel = '', message_ts: ts = '' } = press.body.container
  const attempt = {
    confirmation: id,
    account: key,
    via: 'slack',
    message: messageName(key, { channel, ts }),
    delivery: `slack:${press.body.trigger_id}`,
  }
  const done = await answers[button].run(slack.ports, attempt)
  if (button === 'disown_claim' && !done.repeated)
    slack.log.error(
      { confirmation: id, account: key, shell: done.confirmation.shell },
      'somebody with a shell acted in the name of somebody who says that it was not them: find out who has a shell there',
    )
  return done
}
