import type { KnownBlock } from '@slack/types'
import type { Card, RequestView } from '../approvals/ports.ts'
import { Refusal } from '../core/refusal.ts'
import { stateText, textFor } from './answers.ts'
import { decideInTime } from './decision.ts'
import type { Desk } from './desk.ts'
import { factsOf } from './facts.ts'
import { slackFault } from './fault.ts'
import { whyBlocks } from './modals.ts'
import type { Mention } from './payloads.ts'
import { seenBy } from './requestModals.ts'
import { unescapeText } from './text.ts'

/** What a mention asks for. */
export type Asked =
  | { readonly word: 'approve' | 'why' | 'status' | 'help' }
  | { readonly word: 'deny'; readonly reason: string }

const helpLine =
  "In a card's thread I understand `approve`, `deny because …`, `why` and `status`; anywhere, `/approvals`."

/**
 * Reads what was said to us. Deciding words count only when nothing else is said: "approve it if …" is not an approval.
 */
export function askedIn(text: string, botUserId: string): Asked {
  const said = unescapeText(text.replaceAll(new RegExp(`<@${botUserId}(?:\\|[^>]*)?>`, 'g'), ' ')).trim()
  const only = said.toLowerCase().replace(/[.!?]+$/, '')
  if (only === 'approve' || only === 'why' || only === 'status') return { word: only }
  const denial = /^deny\b[\s:,]*(?:because\b[\s:,]*)?([\s\S]*)$/i.exec(said)
  return denial ? { word: 'deny', reason: (denial[1] ?? '').trim().slice(0, 1_000) } : { word: 'help' }
}

/**
 * Somebody mentioned us. In the thread of a card the same verb runs with the same checks; elsewhere one line of help.
 * Never rejects. What became of a decision, or why not, is said to them only: the thread hears of it as of any other.
 */
export async function onMention(desk: Desk, mention: Mention): Promise<void> {
  const { event } = mention
  // Bots do not decide, and an edited message was answered when it was first sent.
  if (!event.user || event.bot_id || event.edited !== undefined) return
  try {
    await respond(desk, mention, event.user)
  } catch (error) {
    if (!(error instanceof Refusal)) desk.log.error({ err: error }, 'a mention failed')
    await whisper(desk, mention, textFor(error))
  }
}

async function respond(desk: Desk, mention: Mention, user: string): Promise<void> {
  const { event } = mention
  const asked = askedIn(event.text, desk.identity.botUserId)
  const card = event.thread_ts
    ? await desk.ports.store.cardAt(`slack:${event.channel}`, event.thread_ts)
    : null
  if (card && (asked.word === 'approve' || asked.word === 'deny'))
    return decideByMention(desk, { mention, user, card, asked })
  // An event that Slack delivers again is answered once; a decision is told apart by its record.
  if (!desk.firstTime(mention.event_id)) return
  if (!card || asked.word === 'help') return reply(desk, mention, { text: helpLine })
  const { view } = await seenBy(desk, user, card.request)
  await reply(desk, mention, asked.word === 'why' ? whyReply(view) : statusReply(view))
}

async function decideByMention(
  desk: Desk,
  said: { readonly mention: Mention; readonly user: string; readonly card: Card; readonly asked: Asked },
): Promise<void> {
  const { mention, card, asked } = said
  const { now, later } = await decideInTime(desk, async () => {
    if (card.status !== 'posted')
      throw new Refusal('foreign_payload', 'a mention under a card that was replaced')
    const request = await desk.ports.store.request(card.request)
    if (!request) throw new Refusal('unknown_request', 'a mention for a request that does not exist')
    const facts = factsOf(request)
    if (asked.word === 'approve' && !facts.fits)
      throw new Refusal('view_needed', 'a mention cannot approve what its card does not show')
    return {
      request: request.id,
      kind: asked.word === 'deny' ? 'deny' : 'approve',
      reason: asked.word === 'deny' ? asked.reason || null : null,
      card: card.id,
      seen: facts.text,
      // Slack delivers an event again under the same id.
      delivery: `slack:${mention.event_id}`,
      user: { id: said.user },
    }
  })
  if (now.kind !== 'repeated') await whisper(desk, mention, now.says)
  const end = later ? await later : null
  if (end && end.kind !== 'repeated') await whisper(desk, mention, end.says)
}

function whyReply(view: RequestView): { text: string; blocks: KnownBlock[] } {
  return { text: 'Why people are asked', blocks: whyBlocks(view) }
}

function statusReply(view: RequestView): { text: string } {
  // Asking for the status is no reminder: the groups that are still needed are not mentioned.
  const pending = view.request.state === 'pending'
  return { text: pending ? `${stateText(view)} The card shows who is still needed.` : stateText(view) }
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
