import type { KnownBlock, ModalView } from '@slack/types'
import type { Card } from '../../approvals/records.ts'
import { factsOf, summaryOf } from '../../card/facts.ts'
import { cut } from '../../card/text.ts'
import type { RequestView } from '../../card/view.ts'
import { notingRefusal } from '../../channels/noteRefusal.ts'
import { linesSeenBy, staffAt } from '../../channels/seeing.ts'
import type { Account } from '../../core/identity.ts'
import type { SlackContext } from '../context.ts'
import { messageName } from '../place.ts'
import { plain, section } from '../text/blocks.ts'
import { whyBlocks } from '../windows/grounds.ts'
import { makeListing } from '../windows/lists.ts'
import { openModal } from '../windows/openWindow.ts'
import { makeRequestModal } from '../windows/reading.ts'
import { noteModal, shell } from '../windows/shell.ts'
import type { MessageShortcut, Shortcut } from './payloads.ts'
import { type Respond, tellPrivately } from './tell.ts'

/** A shortcut that somebody chose, acknowledged within three seconds. */
interface Chosen<Payload> {
  readonly body: Payload
  readonly ack: () => Promise<void>
  /** Null where there is no place to answer to. */
  readonly respond: Respond | null
}

/** "My approvals", from anywhere: the list as a window. Never rejects. */
export async function onMyApprovals(slack: SlackContext, chosen: Chosen<Shortcut>): Promise<void> {
  await openFor(slack, chosen, async (account) => makeListing(slack, chosen.body.user.id, account))
}

/** "Why am I asked?", in the menu of any message: on a card its reasons, elsewhere what it is for. Never rejects. */
export async function onWhyAsked(slack: SlackContext, chosen: Chosen<MessageShortcut>): Promise<void> {
  await openFor(slack, chosen, async (account) => {
    const card = await cardOf(slack, chosen.body, account)
    return card ? whyWindow(slack, chosen.body.user.id, card) : noteModal('Why am I asked?', forCards)
  })
}

const forCards =
  'This says why people are asked, for a card of Countersign: choose it from the menu of the card itself, or of a message in its thread. This message is none. What is waiting for you stands in `/approvals`.'

async function openFor(
  slack: SlackContext,
  { body, ack, respond }: Chosen<Shortcut>,
  make: (account: Account) => Promise<ModalView>,
): Promise<void> {
  await ack()
  const user = body.user.id
  const tried = { account: slack.address(user), request: null }
  const made = async () => make(await staffAt(slack.ports, slack.address(user)))
  const opened = await openModal(slack, body.trigger_id, () => notingRefusal(slack, tried, made, 'shortcut'))
  if (!opened)
    await tellPrivately(
      slack,
      { user, respond },
      { text: 'Slack did not open the window; please try again.' },
    )
}

/** The card that a message is, or in whose thread it stands; whatever became of that copy. */
async function cardOf(
  slack: SlackContext,
  { channel, message }: MessageShortcut,
  { key }: Account,
): Promise<Card | null> {
  const { store } = slack.ports
  for (const ts of [message.ts, ...(message.thread_ts === undefined ? [] : [message.thread_ts])]) {
    const card =
      (await store.cardAt(slack.address(channel.id), ts)) ??
      // Of a direct conversation only the message says which it is.
      (await store.cardAt(key, messageName(key, { channel: channel.id, ts })))
    if (card) return card
  }
  return null
}

/** @throws Refusal `unknown_request` for whoever may not see it */
async function whyWindow(slack: SlackContext, user: string, card: Card): Promise<ModalView> {
  const origin = { request: card.request, card: null, page: 0, from: 'list' } as const
  const lines = await linesSeenBy(slack.ports, slack.address(user), card.request)
  if (!lines) return makeRequestModal(slack, user, { choice: 'why', origin })
  return { ...shell('Why am I asked?', origin), callback_id: 'note', blocks: lineBlocks(lines) }
}

/** Of a card that asks about several, each in turn, all within the hundred blocks of a window. */
function lineBlocks(lines: readonly RequestView[]): KnownBlock[] {
  const most = Math.max(1, Math.floor(98 / lines.length) - 1)
  return lines.flatMap((line, nth) => [
    section(plain(`${nth + 1}. ${cut(summaryOf(factsOf(line.request)), 500)}`)),
    ...whyBlocks(line).slice(0, most),
  ])
}
