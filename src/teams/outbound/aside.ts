import { ChannelFault } from '../../approvals/channelPort.ts'
import { addressOf } from '../address.ts'
import type { TeamsMessage } from './connector.ts'
import { ConnectorFault } from './fault.ts'
import { inChatWith, isRateLimited, never, type Post } from './posting.ts'

/** Who is told something by themselves, and where they are. */
export interface Aside {
  readonly conversation: string
  /** The message whose thread it is; null where there is none. */
  readonly root: string | null
  /** Whether that is their chat with us. */
  readonly isChat: boolean
  /** As the conversation calls them. */
  readonly id: string
  /** Their object id; null for somebody who has no account of Entra. */
  readonly object: string | null
}

/**
 * Tells one person something where they are, so that nobody else sees it; where Teams does not show it there, or others come first, in their
 * chat with us. It takes a turn like a card and never stands in line for one: whoever asks us something again and again holds up no card
 * by more than one turn. Where Teams wants fewer calls nothing more is tried.
 *
 * @throws ConnectorFault, or ChannelFault `not_yet`
 */
export async function tellAside(by: Post, to: Aside, message: TeamsMessage): Promise<void> {
  const { conversation, root, isChat, id, object } = to
  const { connector } = by
  if (isChat) {
    const chat = addressOf(object ?? conversation)
    return inTurn(by, chat, async () => void (await connector.post({ conversation }, message)))
  }
  try {
    const where = { conversation, person: id, ...(root !== null && { root }) }
    await inTurn(by, addressOf(conversation), () => connector.whisper(where, message))
  } catch (fault) {
    if (object === null || !wasNotShown(fault)) throw fault
    await inTurn(by, addressOf(object), () =>
      inChatWith(by, object, async (chat) => void (await connector.post({ conversation: chat }, message))),
    )
  }
}

/** Both kinds of call count alike for a conversation, and for all of them together. */
function inTurn(by: Post, conversation: string, call: () => Promise<void>): Promise<void> {
  return by.pace.take({ method: 'post', conversation, who: null, urgency: never }, call)
}

/** What may have been shown is not shown twice. */
function wasNotShown(fault: unknown): boolean {
  if (fault instanceof ChannelFault) return fault.code === 'not_yet'
  return fault instanceof ConnectorFault && !fault.unknown && !isRateLimited(fault)
}
