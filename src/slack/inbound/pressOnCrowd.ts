import { staffAt } from '../../channels/seeing.ts'
import type { SlackContext } from '../context.ts'
import { makeListing } from '../windows/lists.ts'
import { openFor, type Press } from './press.ts'

/**
 * *Open the list* on the card that stands for many: the lists of whoever presses, so what waits for them and nothing else. A message that is
 * not that card any more is made to say so.
 */
export async function openCrowd(slack: SlackContext, press: Press): Promise<void> {
  await press.ack()
  const { user, container } = press.body
  await openFor(slack, press, async () =>
    makeListing(slack, user.id, await staffAt(slack.ports, slack.address(user.id))),
  )
  const { channel_id: channel, message_ts: message } = container
  if (channel === undefined || message === undefined) return
  const at = { conversation: slack.address(channel), message }
  const card = await slack.ports.store.crowdCard(at.conversation)
  if (card?.message !== at.message)
    await slack.ports.store.commit({ entries: [], jobs: [{ task: 'strayCrowd', ...at }] })
}
