import type { Text } from '../../card/span.ts'
import { answerClaim, type ClaimButton, readConfirmationValue } from '../../channels/claims.ts'
import { accountAt } from '../../channels/seeing.ts'
import { Refusal } from '../../core/refusal.ts'
import { resultWithin } from '../../lifetime/limit.ts'
import type { SlackContext } from '../context.ts'
import { messageName } from '../place.ts'
import { mrkdwnOf } from '../text/spans.ts'
import { pressed } from './payloads.ts'
import { answer, type Press, type Presser } from './press.ts'

/** Somebody answers what was claimed in their name. It is acknowledged when it is recorded, or before that takes too long. */
export function pressOnClaim(button: ClaimButton): Presser {
  return async (slack, press) => {
    const answering = answered(slack, press, button)
    // Whatever becomes of it is awaited below; until then nobody may take it for unhandled.
    answering.catch(() => undefined)
    await resultWithin(
      answering.catch(() => null),
      slack.ackAfter,
    )
    await press.ack()
    const says = await answering
    if (says) await answer(slack, press, mrkdwnOf(new Map(), says))
  }
}

async function answered(slack: SlackContext, press: Press, button: ClaimButton): Promise<Text | null> {
  const confirmation = readConfirmationValue(pressed(press.body).value)
  if (confirmation === null) throw new Refusal('foreign_payload', 'a button of a claim that is not ours')
  const { key } = await accountAt(slack.ports, slack.address(press.body.user.id))
  const { channel_id: channel = '', message_ts: ts = '' } = press.body.container
  return answerClaim(slack, button, {
    confirmation,
    account: key,
    via: 'slack',
    message: messageName(key, { channel, ts }),
    delivery: `slack:${press.body.trigger_id}`,
  })
}
