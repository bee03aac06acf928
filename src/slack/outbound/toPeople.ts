import type { Asked, Confirmation } from '../../core/confirmation.ts'
import type { AccountKey } from '../../core/identity.ts'
import { addressIn, idIn } from '../address.ts'
import { hearers } from '../card/alarm.ts'
import type { CardMessage } from '../card/card.ts'
import { confirmationMessage } from '../card/confirmation.ts'
import { directTo, messageName } from '../place.ts'
import { noUnfurls, type Post, placeKnown, postAnswer, slackSays, within } from './posting.ts'

/** Posts an alarm where it is to be heard. Of a group each member gets it directly. */
export async function sound(
  { client, pace, isShared, team, tellEach }: Post,
  alarm: {
    readonly address: string
    /** Ids of people in it who hear nothing. */
    readonly but: ReadonlySet<string>
    readonly message: CardMessage
    readonly who: string
  },
): Promise<void> {
  const { address, but, message, who } = alarm
  const where = { conversation: address }
  await within(where, 'chat.postMessage', async () => {
    const id = directTo(address) ?? idIn(team, address)
    if (id === null) throw slackSays('not_a_slack_conversation', where)
    if (/^[CG]/.test(id) && (await isShared(id))) throw slackSays('shared_channel', where)
    const channels = await hearers(client, id)
    if (channels.length === 0) throw slackSays('nobody_hears', where)
    const told = channels.filter((one) => !but.has(one))
    await tellEach(told, (channel) => {
      const conversation = addressIn(team, channel)
      return within({ conversation }, 'chat.postMessage', () =>
        pace.take({ method: 'chat.postMessage', conversation, who, urgency: 0 }, () =>
          client.chat.postMessage({ channel, ...message, ...noUnfurls }),
        ),
      )
    })
  })
}

interface AskedWith {
  readonly asked: Asked
  readonly confirmation: Confirmation
  /** What they have to enter elsewhere. */
  readonly code: string | null
}

/** Whoever is asked about a claim gets it directly; what became of it stands in the same message. */
export async function askToConfirm(
  { client, pace }: Post,
  { asked, confirmation, code }: AskedWith,
): Promise<string> {
  const { account: conversation, message } = asked
  const where = { conversation }
  const shown = confirmationMessage(asked, confirmation, code)
  const turn = { who: confirmation.id, urgency: Date.parse(confirmation.until) }
  if (message !== null) {
    await within(where, 'chat.update', async () => {
      const at = placeKnown({ conversation, message })
      await pace.take({ method: 'chat.update', conversation, ...turn }, () =>
        client.chat.update({ ...at, ...shown }),
      )
    })
    return message
  }
  return within(where, 'chat.postMessage', async () => {
    const channel = directTo(conversation)
    if (channel === null) throw slackSays('not_a_slack_conversation', where)
    return pace.take({ method: 'chat.postMessage', conversation, ...turn }, async () => {
      const answer = await client.chat.postMessage({ channel, ...shown, ...noUnfurls })
      return messageName(conversation, postAnswer.parse(answer))
    })
  })
}

/** Slack opens the direct conversation. A queued command names its account by address, because nobody was looked up. */
export async function write(
  { client, pace, team }: Post,
  account: AccountKey,
  { who, message }: { readonly who: string; readonly message: CardMessage },
): Promise<void> {
  const where = { conversation: account }
  await within(where, 'chat.postMessage', async () => {
    const channel = directTo(account) ?? idIn(team, account)
    if (channel === null) throw slackSays('not_a_slack_conversation', where)
    await pace.take(
      { method: 'chat.postMessage', conversation: account, who, urgency: Number.MAX_SAFE_INTEGER },
      () => client.chat.postMessage({ channel, ...message, ...noUnfurls }),
    )
  })
}
