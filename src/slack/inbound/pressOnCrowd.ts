import { Refusal } from '../../core/refusal.ts'
import { whyNotStaff } from '../../core/staff.ts'
import type { SlackContext } from '../context.ts'
import { makeListing } from '../windows/listing.ts'
import { accountOf } from '../windows/requestModals.ts'
import { openFor, type Press } from './press.ts'

/**
 * *Open the list* on the card that stands for many: the lists of whoever presses, so what waits for them and nothing else. A message that is
 * not that card any more is made to say so.
 */
export async function openCrowd(slack: SlackContext, press: Press): Promise<void> {
  await press.ack()
  const { user, container } = press.body
  await openFor(slack, press, async () => {
    const account = await accountOf(slack, user.id)
    if (whyNotStaff(account)) throw new Refusal('not_staff', 'the list of somebody who is not staff')
    return makeListing(slack, user.id, account)
  })
  const { channel_id: channel, message_ts: message } = container
  if (channel === undefined || message === undefined) return
  const at = { conversation: slack.address(channel), message }
  const card = await slack.ports.store.crowdCard(at.conversation)
  if (card?.message !== at.message)
    await slack.ports.store.commit({ entries: [], jobs: [{ task: 'strayCrowd', ...at }] })
}
