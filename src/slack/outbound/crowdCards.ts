import type { Channel } from '../../approvals/channelPort.ts'
import { idIn } from '../address.ts'
import type { CardMessage } from '../card/card.ts'
import { crowdMessage, crowdReminderMessage } from '../card/crowd.ts'
import { type Home, localCrowd } from '../card/localView.ts'
import { messageName } from '../place.ts'
import { noUnfurls, type Post, placeKnown, postAnswer, slackSays, within } from './posting.ts'

/** Cards that stand for many: before all others that wait for their turn there. */
export function crowdCards(
  by: Post,
  home: Home | null,
): Pick<Channel, 'postCrowd' | 'showCrowd' | 'remindCrowd'> {
  return {
    postCrowd: (conversation, crowd) => post(by, conversation, crowdMessage(localCrowd(crowd, home))),
    async showCrowd(at, crowd) {
      const { conversation } = at
      await within(at, 'chat.update', async () => {
        const turn = { method: 'chat.update', conversation, who: `crowd ${conversation}`, urgency: 0 }
        const place = placeKnown(at)
        await by.pace.take(turn, () =>
          by.client.chat.update({ ...place, ...crowdMessage(crowd && localCrowd(crowd, home)) }),
        )
      })
    },
    async remindCrowd(at, crowd) {
      const { conversation } = at
      await within(at, 'chat.postMessage', async () => {
        const turn = { method: 'chat.postMessage', conversation, who: `crowd ${conversation}`, urgency: 0 }
        const { channel, ts } = placeKnown(at)
        const message = crowdReminderMessage(localCrowd(crowd, home))
        await by.pace.take(turn, () =>
          by.client.chat.postMessage({ channel, thread_ts: ts, ...message, ...noUnfurls }),
        )
      })
    },
  }
}

function post(
  { client, pace, isShared, team }: Post,
  conversation: string,
  message: CardMessage,
): Promise<string> {
  const where = { conversation }
  return within(where, 'chat.postMessage', async () => {
    const channel = idIn(team, conversation)
    if (channel === null) throw slackSays('not_a_slack_conversation', where)
    const turn = { method: 'chat.postMessage', conversation, who: `crowd ${conversation}`, urgency: 0 }
    return pace.take(turn, async () => {
      if (await isShared(channel)) throw slackSays('shared_channel', where)
      const answer = await client.chat.postMessage({ channel, ...message, ...noUnfurls })
      return messageName(conversation, postAnswer.parse(answer))
    })
  })
}
