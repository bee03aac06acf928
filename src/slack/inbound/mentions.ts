import type { KnownBlock } from '@slack/types'
import { linesOf } from '../../approvals/cards/lines.ts'
import { ChannelFault } from '../../approvals/channelPort.ts'
import type { Verb } from '../../approvals/personCommand.ts'
import { recordRefusal } from '../../approvals/recordRefusal.ts'
import type { Card } from '../../approvals/records.ts'
import { shownWith } from '../../approvals/sets/members.ts'
import { factsWith } from '../../card/declared.ts'
import { isLiftable } from '../../card/titles.ts'
import type { RequestView } from '../../card/view.ts'
import { accountOf, doInTime } from '../../channels/doInTime.ts'
import { noteRefusal } from '../../channels/noteRefusal.ts'
import { linesSeenBy, seenBy } from '../../channels/seeing.ts'
import { channelVerbs, saidCommand, usages } from '../../channels/verbs.ts'
import { escalationsLeft } from '../../core/escalations.ts'
import { Refusal } from '../../core/refusal.ts'
import type { SlackContext } from '../context.ts'
import { slackFault } from '../outbound/fault.ts'
import { answerText, stateText, textFor } from '../text/answers.ts'
import { listed, plainSources } from '../text/mrkdwn.ts'
import { whyBlocks } from '../windows/grounds.ts'
import { actorOf } from './actor.ts'
import { askedIn, type Doing } from './asked.ts'
import type { Mention } from './payloads.ts'

const helpLine = `In a card's thread I understand ${listed([...usages, 'why', 'status'].map((usage) => `\`${usage}\``))}; anywhere, \`/approvals\`.`

/** Whoever named a verb without saying it hears that nothing happened, and how it is said. */
function helpFor(meant: Verb | null): string {
  const usage = meant === null ? [] : (channelVerbs[meant].thread?.usage ?? [])
  if (usage.length === 0) return helpLine
  const forms = usage.map((one) => `\`${one}\``).join(' or ')
  return `Nothing was changed by that. To do it, write ${forms}, and nothing else beside it. ${helpLine}`
}

/**
 * Somebody mentioned us. In the thread of a card the same verb runs with the same checks; elsewhere one line of help.
 * Never rejects. What became of a decision, or why not, is said to them only: the thread hears of it as of any other.
 */
export async function onMention(slack: SlackContext, mention: Mention): Promise<void> {
  const { event } = mention
  // An edited message was answered when it was first sent, and what we said ourselves asks us nothing.
  if (!event.user || event.edited !== undefined || event.user === slack.identity.botUserId) return
  try {
    if (isPlainlyTheirs(event)) await respond(slack, mention, event.user)
    else await refusePosted(slack, mention, event.user)
  } catch (error) {
    noteRefusal(slack, 'mention', { account: slack.address(event.user), request: null, error })
    const doing = 'reason' in askedIn(event.text, slack.identity.botUserId)
    await whisper(slack, mention, textFor(error, doing ? 'doing' : 'looking'))
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
async function refusePosted(slack: SlackContext, mention: Mention, user: string): Promise<void> {
  const { event } = mention
  const found = await slack.ports.directory.account(slack.address(user)).catch(() => null)
  // A bot speaks for itself: nobody has to be told, and its words decide nothing.
  if (found && !found.human) return
  const asked = askedIn(event.text, slack.identity.botUserId)
  const refusal = new Refusal('posted_by_app', 'a mention that an app posted, or that is no plain message')
  const card = await cardOf(slack, mention)
  if (!card || !('reason' in asked)) {
    if (slack.firstTime(mention.event_id)) await whisper(slack, mention, textFor(refusal))
    return
  }
  const attempt = {
    request: card.request,
    account: await accountOf(slack.ports, actorOf(slack, { id: user })),
    via: 'slack',
    way: 'thread' as const,
    card: card.id,
    delivery: `slack:${mention.event_id}`,
  }
  if (await recordRefusal(slack.ports, attempt, { verb: asked.word, refusal }))
    await whisper(slack, mention, textFor(refusal))
}

/** The card in whose thread it was said, if it was. */
async function cardOf(slack: SlackContext, { event }: Mention): Promise<Card | null> {
  return event.thread_ts ? slack.ports.store.cardAt(slack.address(event.channel), event.thread_ts) : null
}

async function respond(slack: SlackContext, mention: Mention, user: string): Promise<void> {
  const { event } = mention
  const asked = askedIn(event.text, slack.identity.botUserId)
  const card = await cardOf(slack, mention)
  if (card && 'reason' in asked) {
    const other = asked.to ? await notNext(slack, card, asked.to) : null
    if (other === null) return doByMention(slack, { mention, user, card, asked })
    return slack.firstTime(mention.event_id) ? whisper(slack, mention, other) : undefined
  }
  // An event that Slack delivers again is answered once; a decision is told apart by its record.
  if (!slack.firstTime(mention.event_id)) return
  if (asked.word === 'help') return reply(slack, mention, { text: helpFor(card && asked.meant) })
  if (!card || 'reason' in asked) return reply(slack, mention, { text: helpLine })
  const several = await linesSeenBy(slack.ports, slack.address(user), card.request)
  if (several) return reply(slack, mention, linesReply(several))
  const { view } = await seenBy(slack.ports, slack.address(user), card.request)
  await reply(slack, mention, asked.word === 'why' ? whyReply(view) : statusReply(view))
}

/** Words in a thread name no line, so under a card with several its buttons decide. */
async function asksOfSeveral({ ports }: SlackContext, id: string): Promise<boolean> {
  const request = await ports.store.request(id)
  return request !== null && (await linesOf(ports, request)).length > 1
}

/** Policy fixes who comes next; whoever names somebody else is told, and nothing happens. Null when it is they. */
async function notNext(slack: SlackContext, card: Card, named: string): Promise<string | null> {
  const request = await slack.ports.store.request(card.request)
  const [next] = request ? escalationsLeft(request) : []
  if (!next || next.to.address === slack.address(named)) return null
  return `Policy names ${plainSources([next.to])} as the next to be told. Write \`escalate because …\` to tell them now.`
}

async function doByMention(
  slack: SlackContext,
  said: { readonly mention: Mention; readonly user: string; readonly card: Card; readonly asked: Doing },
): Promise<void> {
  const { mention, card, asked } = said
  const { now, later } = await doInTime(slack, { account: slack.address(said.user), ack: null }, async () => {
    if (await asksOfSeveral(slack, card.request))
      throw new Refusal('line_unnamed', 'a mention under a card that asks about several requests')
    if (card.status !== 'posted')
      throw new Refusal('foreign_payload', 'a mention under a card that was replaced')
    const request = await slack.ports.store.request(card.request)
    if (!request) throw new Refusal('unknown_request', 'a mention for a request that does not exist')
    const facts = factsWith(request, await shownWith(slack.ports, request))
    if (channelVerbs[asked.word].letsThrough && !facts.fits)
      throw new Refusal('view_needed', 'a mention cannot let through what its card does not show')
    // Slack delivers an event again under the same id.
    const attempt = {
      request: request.id,
      card: card.id,
      way: 'thread' as const,
      delivery: `slack:${mention.event_id}`,
    }
    return {
      request: request.id,
      actor: actorOf(slack, { id: said.user }),
      by: (who) =>
        saidCommand(asked.word, {
          ...asked,
          ...(asked.to && { to: slack.address(asked.to) }),
          by: { ...attempt, ...who },
          seen: facts.text,
        }),
    }
  })
  if (now.kind !== 'repeated') await whisper(slack, mention, answerText(now))
  const end = later ? await later : null
  if (end && end.kind !== 'repeated') await whisper(slack, mention, answerText(end))
}

/** How each line stands; why people are asked about each stands on the card. */
function linesReply(lines: readonly RequestView[]): { text: string } {
  return { text: lines.map((line, at) => `*${at + 1}* ${stateText(line)}`).join('\n') }
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

/** Nobody who asks us something can hold up a card. */
const last = Number.MAX_SAFE_INTEGER

/** For everybody in the thread; where nothing more may be posted now, for the one who asked. */
async function reply(
  slack: SlackContext,
  mention: Mention,
  message: { text: string; blocks?: KnownBlock[] },
): Promise<void> {
  const { channel, ts, thread_ts = ts } = mention.event
  const turn = { method: 'chat.postMessage', conversation: slack.address(channel), who: null, urgency: last }
  const post = { channel, thread_ts, unfurl_links: false, unfurl_media: false, ...message }
  try {
    await slack.channel.pace.take(turn, () => slack.clicks.chat.postMessage(post))
  } catch (fault) {
    if (!(fault instanceof ChannelFault) || fault.code !== 'not_yet') throw fault
    await slack.clicks.chat.postEphemeral({ channel, user: mention.event.user ?? '', thread_ts, ...message })
  }
}

/** To the one who mentioned us only; in a direct message when Slack does not show it in the thread. */
async function whisper(slack: SlackContext, { event }: Mention, text: string): Promise<void> {
  if (!event.user) return
  try {
    await slack.clicks.chat.postEphemeral({
      channel: event.channel,
      user: event.user,
      thread_ts: event.thread_ts ?? event.ts,
      text,
    })
  } catch {
    await slack.clicks.chat
      .postMessage({ channel: event.user, text, unfurl_links: false, unfurl_media: false })
      .catch((error: unknown) => {
        slack.log.warn(
          { code: slackFault(error).code },
          'somebody could not be told what became of their mention',
        )
      })
  }
}
