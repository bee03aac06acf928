import type { WebClient } from '@slack/web-api'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { Channel } from '../../approvals/channelPort.ts'
import type { MessageAt } from '../../approvals/job.ts'
import type { Card } from '../../approvals/records.ts'
import { sentDirectly } from '../../card/sentDirectly.ts'
import { withSpared } from '../../card/spared.ts'
import type { RequestView } from '../../card/view.ts'
import { createPace, type Pace, type Turn } from '../../channels/pace.ts'
import { createTelling } from '../../channels/tellEach.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { AgeClock } from '../../lifetime/ageClock.ts'
import { createCache } from '../../lifetime/cache.ts'
import { idIn } from '../address.ts'
import { accountChangeMessage } from '../card/accountChange.ts'
import { alarmOf, unheard } from '../card/alarm.ts'
import { type CardMessage, renderCard } from '../card/card.ts'
import { classicCard, textCard } from '../card/classic.ts'
import { disownedMessage } from '../card/confirmation.ts'
import { delegationMessage } from '../card/delegation.ts'
import { keyEndMessage } from '../card/keyEnd.ts'
import { type Home, localView } from '../card/localView.ts'
import { newsMessage } from '../card/news.ts'
import { cardIsHere, oldCopy, placeToShow } from '../card/oldCopy.ts'
import { tokenMessage } from '../card/personalToken.ts'
import { questionMessage } from '../card/question.ts'
import { queuedAnswer } from '../card/queuedAnswer.ts'
import { reminderOf, tellEntries } from '../card/timeline.ts'
import { directTo, messageName, placeOf } from '../place.ts'
import { contextOf } from '../text/spans.ts'
import { crowdCards } from './crowdCards.ts'
import { slackFault } from './fault.ts'
import { slackLimits } from './pace.ts'
import { linkTo } from './permalink.ts'
import { noUnfurls, type Post, placeKnown, postAnswer, slackSays, within } from './posting.ts'
import { askToConfirm, sound, write } from './toPeople.ts'

/** How long we believe that a channel is not shared with another organisation; an event shortens it. */
const sharedKept = { seconds: 60, capacity: 500 } as const

/** The `Channel` port over Slack, and what Slack's events make it forget. */
export interface SlackChannel extends Channel {
  /** For whoever else posts where cards stand. */
  readonly pace: Pace
  forgetConversation(channelId: string): void
}

const conversationAnswer = z.object({
  channel: z.object({ is_ext_shared: z.boolean().optional(), is_pending_ext_shared: z.boolean().optional() }),
})

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

interface ChannelOptions {
  readonly client: WebClient
  readonly ages: AgeClock
  readonly log: Logger
  /** The workspace that it posts in, where there are several. */
  readonly home?: Home | null
}

/** Posts and updates cards through `client`, which must not try again by itself. */
export function createChannel(options: ChannelOptions): SlackChannel {
  const { by, here, shared } = postingIn(options)
  // Whom a card spares is recorded by what sets are called from outside.
  const cardHere = (card: Card, view: RequestView) => here(withSpared(view, card.spared))
  const posted = new Map<string, string>()
  return {
    async post(card, view) {
      const message = await within(card, 'chat.postMessage', () => post(by, card, cardHere(card, view)))
      posted.set(card.id, message)
      const [oldest] = posted.keys()
      if (posted.size > remembered && oldest !== undefined) posted.delete(oldest)
      return message
    },
    postedAt: async (card) => posted.get(card.id) ?? null,
    update: (card, view) => within(card, 'chat.update', () => update(by, card, cardHere(card, view))),
    disown: (copy, known) => within(copy, 'chat.update', () => disown(by, copy, known)),
    mayTell: async (card) => by.pace.look(turnToTell(card)),
    tell: (card, view, entries) =>
      reply(by, card, { turn: turnToTell(card), message: tellEntries(here(view), entries) }),
    remind: (card, view) => remind(by, card, here(view)),
    alarm: async (address, view, alarm) => {
      const message = alarmOf(here(view), alarm)
      const but = unheard(alarm)
      if (message) await sound(by, { address, but, message, who: `alarm ${view.request.id}` })
    },
    answer: (account, view, ending) =>
      write(by, account, {
        who: `answer ${view.request.id} ${account}`,
        message: queuedAnswer(here(view), ending),
      }),
    question: async (account, view, note) => {
      const message = questionMessage(here(view), note)
      if (message) await write(by, account, { who: `question ${view.request.id} ${account}`, message })
    },
    askToConfirm: (asked, confirmation, code) => askToConfirm(by, { asked, confirmation, code }),
    ...tellingOne(by),
    ...beside(by, options.home ?? null),
    pace: by.pace,
    forgetConversation: (id) => shared.forget(id),
  }
}

/** What is no card and concerns one person. */
type TellingOne = 'tellOfToken' | 'tellOfDelegation' | 'soundDisowned' | 'soundAccount' | 'tellKeyEnd'

function tellingOne(by: Post): Pick<Channel, TellingOne> {
  return {
    tellOfToken: (token, news) =>
      write(by, token.account, { who: `token ${token.id}`, message: tokenMessage(token, news) }),
    tellOfDelegation: (account, about, people) =>
      write(by, account, {
        who: `delegation ${about.delegation}`,
        message: delegationMessage(about, people),
      }),
    soundDisowned: (address, confirmation) => {
      const who = `disowned ${confirmation.id}`
      return sound(by, { address, but: new Set(), message: disownedMessage(confirmation), who })
    },
    soundAccount: (address, changed) => {
      const who = `account ${changed.changed.account}`
      return sound(by, { address, but: new Set(), message: accountChangeMessage(changed), who })
    },
    tellKeyEnd: (account, about) =>
      write(by, account, { who: `key ${about.key}`, message: keyEndMessage(about) }),
  }
}

function postingIn({ client, ages, log, home = null }: ChannelOptions) {
  const shared = createCache({ ...sharedKept, ages, ask: (id) => askShared(client, id) })
  const team = home?.team ?? null
  const by: Post = {
    client,
    pace: createPace(ages.elapsed, slackLimits),
    team,
    isShared: (id) => shared.get(id),
    tellEach: createTelling(ages.elapsed, log),
  }
  return { by, shared, here: (view: RequestView) => localView(view, home) }
}

/** Lines under a card wait until every card has its turn: it says the same. */
const never = Number.MAX_SAFE_INTEGER

function turnToTell({ id, conversation }: Card): Turn {
  return { method: 'chat.postMessage', conversation, who: `tell ${id}`, urgency: never }
}

function untilExpiry({ request }: RequestView): number {
  return request.expiresAt === null ? never : Date.parse(request.expiresAt)
}

/** What is told of several requests at once. */
function beside(
  by: Post,
  home: Home | null,
): Pick<Channel, 'tellNews' | keyof ReturnType<typeof crowdCards>> {
  return {
    tellNews: (account, news) => write(by, account, { who: `news ${account}`, message: newsMessage(news) }),
    ...crowdCards(by, home),
  }
}

async function post({ client, pace, isShared, team }: Post, card: Card, view: RequestView): Promise<string> {
  const { conversation } = card
  const channel = directTo(conversation) ?? channelOf(card, team)
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
  const place = placeKnown(card)
  const { id: who, conversation } = card
  const turn = { method: 'chat.update', conversation, who, urgency: untilExpiry(view) }
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
  const at = placeKnown(copy)
  const place = placeToShow(known, at)
  const link = place && (await linkTo(client, place, cardIsHere))
  const { conversation } = copy
  const who = `disown ${at.channel} ${at.ts}`
  await pace.take({ method: 'chat.update', conversation, who, urgency: never }, () =>
    client.chat.update({ ...at, ...oldCopy(known.request.id, link) }),
  )
}

/** A card, and whoever gets it directly is told why. */
function messageFor(card: Card, view: RequestView): CardMessage {
  const message = renderCard(card, view)
  if (directTo(card.conversation) === null || view.request.state !== 'pending') return message
  return { ...message, blocks: [...message.blocks, contextOf(new Map(), sentDirectly)] }
}

async function remind(by: Post, card: Card, view: RequestView): Promise<void> {
  const place = placeOf(card)
  const link = place && (await linkTo(by.client, place, 'Open the card'))
  const { conversation } = card
  const turn = {
    method: 'chat.postMessage',
    conversation,
    who: `remind ${card.id}`,
    urgency: untilExpiry(view),
  }
  await reply(by, card, { turn, message: reminderOf(view, link) })
}

async function reply(
  { client, pace }: Post,
  card: Card,
  { turn, message }: { readonly turn: Turn; readonly message: CardMessage | null },
): Promise<void> {
  if (message === null) return
  await within(card, 'chat.postMessage', async () => {
    const { channel, ts } = placeKnown(card)
    const where = { channel, thread_ts: ts }
    await pace.take(turn, () => client.chat.postMessage({ ...where, ...message, ...noUnfurls }))
  })
}

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

function channelOf(card: Card, team: string | null): string {
  const id = idIn(team, card.conversation)
  if (id === null) throw slackSays('not_a_slack_conversation', card)
  return id
}
