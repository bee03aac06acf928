import type { WebClient } from '@slack/web-api'
import { z } from 'zod'
import { type Card, type Channel, ChannelFault, type RequestView } from '../approvals/ports.ts'
import type { AgeClock } from '../lifetime/ageClock.ts'
import { alarmOf, hearers } from './alarm.ts'
import { type CardMessage, renderCard } from './card.ts'
import { classicCard, textCard } from './classic.ts'
import { channelFault, slackFault } from './fault.ts'
import { freshly } from './freshly.ts'
import { idOf } from './mrkdwn.ts'
import { reminderOf, tellEntry } from './timeline.ts'

/** Seconds for which we believe that a channel is not shared with another organisation; an event shortens it. */
export const channelCacheSeconds = 60

/** The `Channel` port over Slack, and what Slack's events make it forget. */
export interface SlackChannel extends Channel {
  forgetConversation(channelId: string): void
}

const conversationAnswer = z.object({
  channel: z.object({ is_ext_shared: z.boolean().optional(), is_pending_ext_shared: z.boolean().optional() }),
})

type Where = Pick<Card, 'conversation'>

const postAnswer = z.object({ ts: z.string().min(1) })

/** Slack's words for "I cannot draw this", which differ by age of the workspace. */
const blockFaults = new Set([
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_blocks_too_long',
  'block_mismatch',
  'unsupported_blocks',
])

/** Posts and updates cards through `client`, which must not try again by itself. */
export function createChannel(options: {
  readonly client: WebClient
  readonly ages: Pick<AgeClock, 'now' | 'onJump'>
}): SlackChannel {
  const { client, ages } = options
  const seconds = channelCacheSeconds
  const shared = freshly({ seconds, capacity: 500, ages, ask: (id) => askShared(client, id) })
  const post = async (card: Card, view: RequestView) => {
    const channel = channelOf(card)
    if (await shared.get(channel)) throw slackSays('shared_channel', card)
    return drawn(renderCard(card, view), view, async (message) => {
      const answer = await client.chat.postMessage({ channel, ...message, ...noUnfurls })
      return postAnswer.parse(answer).ts
    })
  }
  return {
    post: (card, view) => within(card, 'chat.postMessage', () => post(card, view)),
    update: (card, view) => within(card, 'chat.update', () => update(client, card, view)),
    tell: (card, view, entry) => reply(client, card, tellEntry(view, entry)),
    remind: (card, view) => reply(client, card, reminderOf(view)),
    alarm: (address, view, why) => {
      const message = alarmOf(view, why)
      const isShared = (id: string) => shared.get(id)
      return message === null ? Promise.resolve() : sound(client, { address, message, isShared })
    },
    forgetConversation: (id) => shared.forget(id),
  }
}

async function update(client: WebClient, card: Card, view: RequestView): Promise<void> {
  await drawn(renderCard(card, view), view, (message) =>
    // Text and blocks go together: text alone would take the blocks away.
    client.chat.update({ channel: channelOf(card), ts: messageOf(card), ...message }),
  )
}

async function reply(client: WebClient, card: Card, message: CardMessage | null): Promise<void> {
  if (message === null) return
  await within(card, 'chat.postMessage', () => {
    const where = { channel: channelOf(card), thread_ts: messageOf(card) }
    return client.chat.postMessage({ ...where, ...message, ...noUnfurls })
  })
}

/**
 * Posts an alarm where it is to be heard. Of a group each member gets it directly: as long as it reached one of them it
 * counts, because trying again would tell the same people twice.
 */
async function sound(
  client: WebClient,
  alarm: {
    readonly address: string
    readonly message: CardMessage
    readonly isShared: (channel: string) => Promise<boolean>
  },
): Promise<void> {
  const { address, message, isShared } = alarm
  const where = { conversation: address }
  await within(where, 'chat.postMessage', async () => {
    const id = idOf(address)
    if (id === null) throw slackSays('not_a_slack_conversation', where)
    if (/^[CG]/.test(id) && (await isShared(id))) throw slackSays('shared_channel', where)
    const channels = await hearers(client, id)
    if (channels.length === 0) throw slackSays('nobody_hears', where)
    const posts = channels.map((channel) => client.chat.postMessage({ channel, ...message, ...noUnfurls }))
    const ends = await Promise.allSettled(posts)
    const failed = ends.find((end) => end.status === 'rejected')
    if (failed && ends.every((end) => end.status === 'rejected')) throw failed.reason
  })
}

/** Whatever goes wrong becomes the port's fault, with the mend for this conversation. */
async function within<T>(where: Where, method: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw channelFault(error, { method, conversation: where.conversation })
  }
}

const noUnfurls = { unfurl_links: false, unfurl_media: false } as const

/** The card as it is meant, then in classic blocks, then as text: whatever this workspace can draw. */
async function drawn<T>(
  message: CardMessage,
  view: RequestView,
  send: (message: CardMessage) => Promise<T>,
): Promise<T> {
  const classic = classicCard(message)
  for (const attempt of classic ? [message, classic] : [message]) {
    try {
      return await send(attempt)
    } catch (error) {
      if (!blockFaults.has(slackFault(error).code)) throw error
    }
  }
  return send(textCard(message, view))
}

/** Unknown counts as shared: parameters are not shown to another organisation by accident. */
async function askShared(client: WebClient, channel: string): Promise<boolean> {
  const { channel: found } = conversationAnswer.parse(await client.conversations.info({ channel }))
  return found.is_ext_shared !== false || found.is_pending_ext_shared === true
}

function channelOf(card: Card): string {
  const id = idOf(card.conversation)
  if (id === null) throw slackSays('not_a_slack_conversation', card)
  return id
}

function messageOf(card: Card): string {
  if (card.message === null) throw slackSays('message_unknown', card)
  return card.message
}

const ours = {
  shared_channel:
    'is shared with another organisation, which would see the parameters: name an internal channel in the policy',
  not_a_slack_conversation: 'is not a Slack conversation: correct the channel in the policy',
  message_unknown: 'has no known message for this card',
  nobody_hears: 'is a user group without members: put somebody in it, or name another one in the policy',
} as const

function slackSays(code: keyof typeof ours, { conversation }: Where): ChannelFault {
  return new ChannelFault({ code, message: `${conversation} ${ours[code]}`, unknown: false })
}
