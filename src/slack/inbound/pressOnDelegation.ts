import { declineDelegation, endOwnDelegation } from '../../approvals/delegations/end.ts'
import { namedDelegations } from '../../approvals/delegations/named.ts'
import type { Delegation } from '../../approvals/delegations/records.ts'
import { accountAt } from '../../channels/seeing.ts'
import { Refusal } from '../../core/refusal.ts'
import { declinedMessage, type delegationButtons, readDelegationValue } from '../card/delegation.ts'
import type { SlackContext } from '../context.ts'
import { slackFault } from '../outbound/fault.ts'
import { pressed } from './payloads.ts'
import { answer, type Press, type Presser } from './press.ts'

/** *Decline* of the delegate, and *I am back* of whoever was away: in a message, in an answer to `/approvals delegate`, or in Home. */
export function pressOnDelegation(button: keyof typeof delegationButtons): Presser {
  return async (slack, press) => {
    await press.ack()
    const id = readDelegationValue(pressed(press.body).value)
    if (id === null) throw new Refusal('foreign_payload', 'a button of a delegation that is not ours')
    const ender = {
      account: await accountAt(slack.ports, slack.address(press.body.user.id)),
      via: 'slack',
      delivery: `slack:${press.body.trigger_id}`,
    }
    try {
      if (button === 'delegation_end') {
        await endOwnDelegation(slack.ports, ender)
        await answer(slack, press, 'Welcome back: you are told yourself again.')
      } else await declined(slack, press, await declineDelegation(slack.ports, { ...ender, delegation: id }))
    } catch (refusal) {
      if (!(refusal instanceof Refusal) || refusal.code !== 'not_applicable') throw refusal
      await answer(slack, press, 'That is over already.')
    }
    if (press.body.view?.callback_id === 'home') await slack.homes.opened(press.body.user.id)
  }
}

/** The message that asked does so no more; everywhere else it is said. */
async function declined(slack: SlackContext, press: Press, delegation: Delegation): Promise<void> {
  const { named, people } = await namedDelegations(slack.ports, [delegation])
  const who = named.get(delegation)
  const { channel_id: channel, message_ts: ts, is_ephemeral } = press.body.container
  const shown = who && declinedMessage(who, people)
  if (shown && channel?.startsWith('D') && ts && !is_ephemeral)
    try {
      await slack.clicks.chat.update({ channel, ts, ...shown })
      return
    } catch (error) {
      slack.log.warn({ code: slackFault(error).code }, 'the message of a delegation could not be changed')
    }
  await answer(slack, press, shown?.text ?? 'You declined.')
}
