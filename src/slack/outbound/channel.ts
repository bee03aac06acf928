import type { WebClient } from '@slack/web-api'
import { z } from 'zod'
import type { MessageAt } from '../../approvals/job.ts'
import { type Channel, ChannelFault } from '../../approvals/ports.ts'
import type { Card } from '../../approvals/records.ts'
import type { RequestView } from '../../card/view.ts'
import type { Asked, Confirmation } from '../../core/confirmation.ts'
import type { AccountKey } from '../../core/identity.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { AgeClock } from '../../lifetime/ageClock.ts'
import { alarmOf, hearers, unheard } from '../card/alarm.ts'
import { type CardMessage, renderCard } from '../card/card.ts'
import { classicCard, textCard } from '../card/classic.ts'
import { confirmationMessage, disownedMessage } from '../card/confirmation.ts'
import { cardIsHere, oldCopy, placeToShow } from '../card/oldCopy.ts'
import { queuedAnswer } from '../card/queuedAnswer.ts'
import { reminderOf, tellEntry } from '../card/timeline.ts'
import { directTo, messageName, placeOf } from '../place.ts'
import { context, mrkdwn } from '../text/blocks.ts'
import { idOf } from '../text/mrkdwn.ts'
import { createCache } from './cache.ts'
import { channelFault, slackFault } from './fault.ts'
import { createPace, type Pace } from './pace.ts'
import { linkTo } from './permalink.ts'

/** Seconds for which we believe that a channel is not shared with another organisation; an event shortens it. */
const channelCacheSeconds = 60

/** The `Channel` port over Slack, and what Slack's events make it forget. */
export interface SlackChannel extends Channel {
  forgetConversation(channelId: string): void
}

const conversationAnswer = z.object({
  channel: z.object({ is_ext_shared: z.boolean().optional(), is_pending_ext_shared: z.boolean().optional() }),
})

type Where = Pick<Card, 'conversation'>

const postAnswer = z.object({ channel: z.string().min(1), ts: z.string().min(1) })

/** Slack's words for "I cannot draw this", which differ by age of the workspace. */
const blockFaults = new Set([
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_blocks_too_long',
  'block_mismatch',
  'unsupported_blocks',
])

/** As many postings as are remembered in case their own record is lost. */
const remembered = 1_000

/** What the methods of the channel work with. */
interface Post {
  readonly client: WebClient
  readonly pace: Pace
  readonly isShared: (channel: string) => Promise<boolean>
}

/** Posts and updates cards through `client`, which must not try again by itself. */
export function createChannel(options: {
  readonly client: WebClient
  readonly ages: AgeClock
}): SlackChannel {
  const { client, ages } = options
  const seconds = channelCacheSeconds
  const shared = createCache({ seconds, capacity: 500, ages, ask: (id) => askShared(client, id) })
  const by: Post = { client, pace: createPace(ages.elapsed), isShared: (id) => shared.get(id) }
  const posted = new Map<string, string>()
  return {
    async post(card, view) {
      const message = await within(card, 'chat.postMessage', () => post(by, card, view))
      posted.set(card.id, message)
      const [oldest] = posted.keys()
      if (posted.size > remembered && oldest !== undefined) posted.delete(oldest)
      return message
    },
    postedAt: async (card) => posted.get(card.id) ?? null,
    update: (card, view) => within(card, 'chat.update', () => update(by, card, view)),
    disown: (copy, known) => within(copy, 'chat.update', () => disown(by, copy, known)),
    tell: (card, view, entry) =>
      reply(by, { card, who: `tell ${card.id}`, urgency: never }, tellEntry(view, entry)),
    remind: (card, view) => remind(by, card, view),
    alarm: async (address, view, alarm) => {
      const message = alarmOf(view, alarm)
      const but = unheard(alarm)
      if (message) await sound(by, { address, but, message, who: `alarm ${view.request.id}` })
    },
    answer: (account, view, ending) => answer(by, account, { view, message: queuedAnswer(view, ending) }),
    askToConfirm: (asked, confirmation) => askToConfirm(by, asked, confirmation),
    soundDisowned: (address, confirmation) => {
      const who = `disowned ${confirmation.id}`
      return sound(by, { address, but: new Set(), message: disownedMessage(confirmation), who })
    },
    forgetConversation: (id) => shared.forget(id),
  }
}

/** Whoever is asked about a claim gets it directly; what became of it stands in the same message. */
async function askToConfirm(
  { client, pace }: Post,
  asked: Asked,
  confirmation: Confirmation,
): Promise<string> {
  const { account: conversation, message } = asked
  const where = { conversation }
  const shown = confirmationMessage(asked, confirmation)
  const turn = { who: confirmation.id, urgency: Date.parse(confirmation.until) }
  if (message !== null) {
    await within(where, 'chat.update', async () => {
      const at = placeOf({ conversation, message })
      if (!at) throw slackSays('message_unknown', where)
      await pace.take({ method: 'chat.update', conversation: null, ...turn }, () =>
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

/** Lines under a card wait until every card has its turn: it says the same. */
const never = Number.MAX_SAFE_INTEGER

function untilExpiry({ request }: RequestView): number {
  return request.expiresAt === null ? never : Date.parse(request.expiresAt)
}

async function post({ client, pace, isShared }: Post, card: Card, view: RequestView): Promise<string> {
  const { conversation } = card
  const channel = directTo(conversation) ?? channelOf(card)
  const turn = { method: 'chat.postMessage', conversation, who: view.request.id, urgency: untilExpiry(view) }
  return pace.take(turn, async () => {
    if (directTo(conversation) === null && (await isShared(channel))) throw slackSays('shared_channel', card)
    return drawn(messageFor(card, view), view, async (message) => {
      const answer = await client.chat.postMessage({ channel, ...message, ...noUnfurls })
      return messageName(conversation, postAnswer.parse(answer))
    })
  })
}

async function update({ client, pace }: Post, card: Card, view: RequestView): Promise<void> {
  const place = placeOf(card)
  if (!place) throw slackSays('message_unknown', card)
  const turn = { method: 'chat.update', conversation: null, who: card.id, urgency: untilExpiry(view) }
  await pace.take(turn, () =>
    drawn(messageFor(card, view), view, (message) =>
      // Text and blocks go together: text alone would take the blocks away.
      client.chat.update({ ...place, ...message }),
    ),
  )
}

async function disown(
  { client, pace }: Post,
  copy: MessageAt,
  known: { readonly request: ActionRequest; readonly cards: readonly Card[] },
): Promise<void> {
  const at = placeOf(copy)
  if (!at) throw slackSays('message_unknown', copy)
  const place = placeToShow(known, at)
  const link = place && (await linkTo(client, place, cardIsHere))
  const who = `disown ${at.channel} ${at.ts}`
  await pace.take({ method: 'chat.update', conversation: null, who, urgency: never }, () =>
    client.chat.update({ ...at, ...oldCopy(known.request.id, link) }),
  )
}

/** A card, and whoever gets it directly is told why. */
function messageFor(card: Card, view: RequestView): CardMessage {
  const message = renderCard(card, view)
  if (directTo(card.conversation) === null || view.request.state !== 'pending') return message
  return { ...message, blocks: [...message.blocks, context(mrkdwn(sentDirectly))] }
}

const sentDirectly =
  'Sent to you directly, because the channel for it cannot be posted to. There may be more: `/approvals`.'

async function remind(by: Post, card: Card, view: RequestView): Promise<void> {
  const place = placeOf(card)
  const link = place && (await linkTo(by.client, place, 'Open the card'))
  await reply(by, { card, who: `remind ${card.id}`, urgency: untilExpiry(view) }, reminderOf(view, link))
}

async function reply(
  { client, pace }: Post,
  at: { readonly card: Card; readonly who: string; readonly urgency: number },
  message: CardMessage | null,
): Promise<void> {
  if (message === null) return
  const { card, ...turn } = at
  const { conversation } = card
  await within(card, 'chat.postMessage', async () => {
    const place = placeOf(card)
    if (!place) throw slackSays('message_unknown', card)
    const where = { channel: place.channel, thread_ts: place.ts }
    await pace.take({ method: 'chat.postMessage', conversation, ...turn }, () =>
      client.chat.postMessage({ ...where, ...message, ...noUnfurls }),
    )
  })
}

/**
 * Posts an alarm where it is to be heard. Of a group each member gets it directly: as long as it reached one of them it
 * counts, because trying again would tell the same people twice.
 */
async function sound(
  { client, pace, isShared }: Post,
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
    const id = directTo(address) ?? idOf(address)
    if (id === null) throw slackSays('not_a_slack_conversation', where)
    if (/^[CG]/.test(id) && (await isShared(id))) throw slackSays('shared_channel', where)
    const channels = await hearers(client, id)
    if (channels.length === 0) throw slackSays('nobody_hears', where)
    const posts = channels
      .filter((one) => !but.has(one))
      .map((channel) => {
        const turn = { method: 'chat.postMessage', conversation: `slack:${channel}`, who, urgency: 0 }
        return pace.take(turn, () => client.chat.postMessage({ channel, ...message, ...noUnfurls }))
      })
    const ends = await Promise.allSettled(posts)
    const failed = ends.find((end) => end.status === 'rejected')
    if (failed && ends.every((end) => end.status === 'rejected')) throw failed.reason
  })
}

/** Slack opens the direct conversation. A queued command names its account by address, because nobody was looked up. */
async function answer(
  { client, pace }: Post,
  account: AccountKey,
  about: { readonly view: RequestView; readonly message: CardMessage },
): Promise<void> {
  const where = { conversation: account }
  await within(where, 'chat.postMessage', async () => {
    const channel = directTo(account) ?? idOf(account)
    if (channel === null) throw slackSays('not_a_slack_conversation', where)
    const who = `answer ${about.view.request.id} ${account}`
    await pace.take({ method: 'chat.postMessage', conversation: account, who, urgency: never }, () =>
      client.chat.postMessage({ channel, ...about.message, ...noUnfurls }),
    )
  })
}

/** Whatever goes wrong becomes the port's fault, with the fix for this conversation. */
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

const ours = {
  shared_channel:
    'is shared with another organisation, which would see the parameters: name an internal channel in the policy',
  not_a_slack_conversation: 'is not a Slack conversation: correct the channel in the policy',
  message_unknown: 'has no known message for this card',
  nobody_hears: 'is a user group without members: add somebody to it, or name another one in the policy',
} as const

function slackSays(code: keyof typeof ours, { conversation }: Where): ChannelFault {
  return new ChannelFault({ code, message: `${conversation} ${ours[code]}`, unknown: false })
}
