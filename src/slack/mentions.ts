import type { KnownBlock } from '@slack/types'
import type { PersonAttempt } from '../approvals/attempt.ts'
import { escalationsLeft } from '../approvals/escalate.ts'
import type { Deed } from '../approvals/job.ts'
import type { RequestView } from '../approvals/ports.ts'
import { recordRefusal } from '../approvals/recordRefusal.ts'
import type { Card } from '../approvals/records.ts'
import { Refusal } from '../core/refusal.ts'
import { stateText, textFor } from './answers.ts'
import { askedIn, type Doing } from './asked.ts'
import { accountOf, doInTime } from './deeds.ts'
import type { Desk } from './desk.ts'
import { factsOf } from './facts.ts'
import { slackFault } from './fault.ts'
import { whyBlocks } from './grounds.ts'
import { idOf, plainSources } from './mrkdwn.ts'
import type { Mention } from './payloads.ts'
import { seenBy } from './requestModals.ts'
import { isLiftable } from './titles.ts'

const helpLine =
  "In a card's thread I understand `approve`, `approve because …`, `deny because …`, `escalate because …`, `why` and `status`; anywhere, `/approvals`."

/**
 * Somebody mentioned us. In the thread of a card the same verb runs with the same checks; elsewhere one line of help.
 * Never rejects. What became of a decision, or why not, is said to them only: the thread hears of it as of any other.
 */
export async function onMention(desk: Desk, mention: Mention): Promise<void> {
  const { event } = mention
  // An edited message was answered when it was first sent, and what we said ourselves asks us nothing.
  if (!event.user || event.edited !== undefined || event.user === desk.identity.botUserId) return
  try {
    if (isPlainlyTheirs(event)) await respond(desk, mention, event.user)
    else await refusePosted(desk, mention, event.user)
  } catch (error) {
    if (!(error instanceof Refusal)) desk.log.error({ err: error }, 'a mention failed')
    await whisper(desk, mention, textFor(error))
  }
}

/**
 * An app that holds somebody's token posts in their name: the message names them as its user, and what gives it away is
 * one of these (threats: posted-by-app). Commands and clicks have no such way in: no token of a person makes them, only
 * a client that the person sits at.
 */
function isPlainlyTheirs({ bot_id, app_id, bot_profile, subtype }: Mention['event']): boolean {
  return [bot_id, app_id, bot_profile, subtype].every((mark) => mark === undefined || mark === null)
}

/** They hear that it did not count. If it was to do something with a request, that is recorded like any other refusal. */
async function refusePosted(desk: Desk, mention: Mention, user: string): Promise<void> {
  const { event } = mention
  const found = await desk.ports.directory.account(`slack:${user}`).catch(() => null)
  // A bot speaks for itself: nobody has to be told, and its words decide nothing.
  if (found && !found.human) return
  const asked = askedIn(event.text, desk.identity.botUserId)
  const refusal = new Refusal('posted_by_app', 'a mention that an app posted, or that is no plain message')
  const card = await cardOf(desk, mention)
  if (!card || !('reason' in asked)) {
    if (desk.firstTime(mention.event_id)) await whisper(desk, mention, textFor(refusal))
    return
  }
  const attempt = {
    request: card.request,
    account: await accountOf(desk, { id: user }),
    via: 'slack',
    card: card.id,
    delivery: `slack:${mention.event_id}`,
  }
  if (await recordRefusal(desk.ports, attempt, { kind: asked.word, refusal }))
    await whisper(desk, mention, textFor(refusal))
}

/** The card in whose thread it was said, if it was. */
async function cardOf(desk: Desk, { event }: Mention): Promise<Card | null> {
  return event.thread_ts ? desk.ports.store.cardAt(`slack:${event.channel}`, event.thread_ts) : null
}

async function respond(desk: Desk, mention: Mention, user: string): Promise<void> {
  const { event } = mention
  const asked = askedIn(event.text, desk.identity.botUserId)
  const card = await cardOf(desk, mention)
  if (card && 'reason' in asked) {
    const other = asked.word === 'escalate' && asked.to !== null ? await notNext(desk, card, asked.to) : null
    if (other === null) return doByMention(desk, { mention, user, card, asked })
    return desk.firstTime(mention.event_id) ? whisper(desk, mention, other) : undefined
  }
  // An event that Slack delivers again is answered once; a decision is told apart by its record.
  if (!desk.firstTime(mention.event_id)) return
  if (!card || asked.word === 'help' || 'reason' in asked) return reply(desk, mention, { text: helpLine })
  const { view } = await seenBy(desk, user, card.request)
  await reply(desk, mention, asked.word === 'why' ? whyReply(view) : statusReply(view))
}

/** Policy fixes who comes next; whoever names somebody else is told, and nothing happens. Null when it is they. */
async function notNext(desk: Desk, card: Card, named: string): Promise<string | null> {
  const request = await desk.ports.store.request(card.request)
  const [next] = request ? escalationsLeft(request) : []
  if (!next || idOf(next.to.address) === named) return null
  return `Policy names ${plainSources([next.to])} as the next to be told. Write \`escalate because …\` to tell them now.`
}

async function doByMention(
  desk: Desk,
  said: { readonly mention: Mention; readonly user: string; readonly card: Card; readonly asked: Doing },
): Promise<void> {
  const { mention, card, asked } = said
  const { now, later } = await doInTime(desk, async () => {
    if (card.status !== 'posted')
      throw new Refusal('foreign_payload', 'a mention under a card that was replaced')
    const request = await desk.ports.store.request(card.request)
    if (!request) throw new Refusal('unknown_request', 'a mention for a request that does not exist')
    const facts = factsOf(request)
    if (asked.word === 'approve' && !facts.fits)
      throw new Refusal('view_needed', 'a mention cannot approve what its card does not show')
    // Slack delivers an event again under the same id.
    const attempt = { request: request.id, card: card.id, delivery: `slack:${mention.event_id}` }
    return {
      request: request.id,
      user: { id: said.user },
      by: (who) => deedOf(asked, { ...attempt, ...who }, facts.text),
    }
  })
  if (now.kind !== 'repeated') await whisper(desk, mention, now.says)
  const end = later ? await later : null
  if (end && end.kind !== 'repeated') await whisper(desk, mention, end.says)
}

function deedOf(asked: Doing, by: PersonAttempt, seen: string): Deed {
  const { request } = by
  if (asked.word === 'escalate') {
    const to = asked.to === null ? {} : { to: `slack:${asked.to}` }
    return {
      task: 'act',
      request,
      act: { verb: 'escalate', attempt: { ...by, ...to, reason: asked.reason } },
    }
  }
  // Nothing is typed to confirm in a mention: an action that needs that is approved on its card.
  const attempt = { ...by, kind: asked.word, reason: asked.reason || null, typed: [], seen }
  return { task: 'decide', request, attempt }
}

function whyReply(view: RequestView): { text: string; blocks: KnownBlock[] } {
  return {
    text: isLiftable(view.request) ? 'Why it is denied' : 'Why people are asked',
    blocks: whyBlocks(view),
  }
}

function statusReply(view: RequestView): { text: string } {
  // Asking for the status is no reminder: the groups that are still needed are not mentioned.
  const pending = view.request.state === 'pending'
  return {
    text:
      pending && !isLiftable(view.request)
        ? `${stateText(view)} The card shows who is still needed.`
        : stateText(view),
  }
}

async function reply(
  desk: Desk,
  { event }: Mention,
  message: { text: string; blocks?: KnownBlock[] },
): Promise<void> {
  const thread_ts = event.thread_ts ?? event.ts
  await desk.clicks.chat.postMessage({
    channel: event.channel,
    thread_ts,
    unfurl_links: false,
    unfurl_media: false,
    ...message,
  })
}

/** To the one who mentioned us only; in a direct message when Slack does not show it in the thread. */
async function whisper(desk: Desk, { event }: Mention, text: string): Promise<void> {
  if (!event.user) return
  try {
    await desk.clicks.chat.postEphemeral({
      channel: event.channel,
      user: event.user,
      thread_ts: event.thread_ts ?? event.ts,
      text,
    })
  } catch {
    await desk.clicks.chat
      .postMessage({ channel: event.user, text, unfurl_links: false, unfurl_media: false })
      .catch((error: unknown) => {
        desk.log.warn(
          { code: slackFault(error).code },
          'somebody could not be told what became of their mention',
        )
      })
  }
}
