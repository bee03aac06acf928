import {
  type DelegationButton,
  type DelegationEnd,
  endDelegation,
  readDelegationValue,
} from '../../channels/delegations.ts'
import { accountAt } from '../../channels/seeing.ts'
import { Refusal } from '../../core/refusal.ts'
import { declinedMessage } from '../card/delegation.ts'
import type { SlackContext } from '../context.ts'
import { slackFault } from '../outbound/fault.ts'
import { answerText } from '../text/answers.ts'
import { pressed } from './payloads.ts'
import { answer, type Press, type Presser } from './press.ts'

/** *Decline* of the delegate, and *I am back* of whoever was away: in a message, in an answer to `/approvals delegate`, or in Home. */
export function pressOnDelegation(button: DelegationButton): Presser {
  return async (slack, press) => {
    await press.ack()
    const delegation = readDelegationValue(pressed(press.body).value)
    if (delegation === null) throw new Refusal('foreign_payload', 'a button of a delegation that is not ours')
    const ender = {
      account: await accountAt(slack.ports, slack.address(press.body.user.id)),
      via: 'slack',
      delivery: `slack:${press.body.trigger_id}`,
    }
    const end = await endDelegation(slack.ports, { button, delegation }, ender)
    if (!(await changed(slack, press, end))) await answer(slack, press, answerText(end))
    if (press.body.view?.callback_id === 'home') await slack.homes.opened(press.body.user.id)
  }
}

/** The message that asked does so no more; everywhere else it is said. */
async function changed(
  slack: SlackContext,
  press: Press,
  { declined, people }: DelegationEnd,
): Promise<boolean> {
  const { channel_id: channel, message_ts: ts, is_ephemeral } = press.body.container
  if (!declined || !channel?.startsWith('D') || !ts || is_ephemeral) return false
  try {
    await slack.clicks.chat.update({ channel, ts, ...declinedMessage(declined, people) })
    return true
  } catch (error) {
    slack.log.warn({ code: slackFault(error).code }, 'the message of a delegation could not be changed')
    return false
  }
}
