import type { Directory } from '../../approvals/ports.ts'
import type { Card } from '../../approvals/records.ts'
import type { Pace } from '../../channels/pace.ts'
import type { TellEach } from '../../channels/tellEach.ts'
import type { Cache } from '../../lifetime/cache.ts'
import { conversationIn, objectIn, tenantIn } from '../address.ts'
import { type CardMessage, withoutCalls } from '../card/message.ts'
import { hasThreads, messageName, type Place, placeOf } from '../place.ts'
import { teamsSays, within } from './channelFault.ts'
import type { Connector } from './connector.ts'
import { ConnectorFault } from './fault.ts'

/** What the methods of the channel work with. */
export interface Post {
  readonly connector: Connector
  readonly pace: Pace
  readonly tenant: string
  readonly directory: Pick<Directory, 'account' | 'members'>
  /** The chat with one person alone, by their object id. */
  readonly chats: Cache<string>
  /** Tells each of many, a few at a time. */
  readonly tellEach: TellEach
}

/** In whose turn something is sent. */
export interface Waiting {
  readonly who: string
  readonly urgency: number
}

/** What can wait for everything else, because it says the same. */
export const never = Number.MAX_SAFE_INTEGER

/**
 * Posts to an address or into somebody's chat; resolves to the message's id as a card keeps it.
 *
 * @throws ChannelFault
 */
export function postTo(
  by: Post,
  conversation: string,
  { message, ...turn }: Waiting & { readonly message: CardMessage },
): Promise<string> {
  return within({ method: 'post', conversation }, async () => {
    const person = personIn(by, conversation)
    const channel = conversationIn(conversation)
    if (person === null && channel === null) throw teamsSays('not_a_teams_conversation', conversation)
    const post = async (chat: string) => {
      const id = await drawn(message, (one) => by.connector.post({ conversation: chat }, one))
      return messageName(conversation, { conversation: chat, id })
    }
    return by.pace.take({ method: 'post', conversation, ...turn }, () =>
      channel === null ? inChatWith(by, person ?? '', post) : post(channel),
    )
  })
}

/** Sends something in the chat with one person, by their object id. */
export async function inChatWith<T>(
  { chats }: Pick<Post, 'chats'>,
  person: string,
  send: (chat: string) => Promise<T>,
): Promise<T> {
  const chat = await chats.get(person)
  try {
    return await send(chat)
  } catch (error) {
    // They may have removed the app since, and another chat begins when it is there again. One that only takes no more now is still theirs.
    if (!isRateLimited(error)) chats.forget(person)
    throw error
  }
}

export function isRateLimited(error: unknown): boolean {
  return error instanceof ConnectorFault && error.code === 'rate_limited'
}

/** @throws ChannelFault */
export function updateAt(
  by: Post,
  at: Pick<Card, 'conversation' | 'message'>,
  { message, ...turn }: Waiting & { readonly message: CardMessage },
): Promise<void> {
  const { conversation } = at
  return within({ method: 'update', conversation }, () => {
    const place = placeKnown(at)
    return by.pace.take({ method: 'update', conversation, ...turn }, () =>
      drawn(message, (one) => by.connector.update(place, one)),
    )
  })
}

/** In the thread below a message, where there are threads. @throws ChannelFault */
export function replyTo(
  by: Post,
  at: Pick<Card, 'conversation' | 'message'>,
  { message, ...turn }: Waiting & { readonly message: CardMessage },
): Promise<void> {
  const { conversation } = at
  return within({ method: 'post', conversation }, async () => {
    const place = placeKnown(at)
    const to = hasThreads(place.conversation)
      ? { conversation: place.conversation, root: place.id }
      : { conversation: place.conversation }
    await by.pace.take({ method: 'post', conversation, ...turn }, () =>
      drawn(message, (one) => by.connector.post(to, one)),
    )
  })
}

/** Where a message stands that has to be known. @throws ChannelFault */
function placeKnown(at: Pick<Card, 'conversation' | 'message'>): Place {
  const place = placeOf(at)
  if (!place) throw teamsSays('message_unknown', at.conversation)
  return place
}

/** The object id of a person, by a key or an address. A queued command names its account by address, because nobody was looked up. */
function personIn({ tenant }: Post, account: string): string | null {
  const its = tenantIn(account)
  if (its !== null && its !== tenant) throw teamsSays('other_tenant', account)
  return objectIn(account)
}

/** Whoever cannot be called must not keep the message from everybody else: Teams refuses all of it for one mention of nobody. */
async function drawn<T>(message: CardMessage, send: (message: CardMessage) => Promise<T>): Promise<T> {
  try {
    return await send(message)
  } catch (error) {
    const quiet = withoutCalls(message)
    if (!(error instanceof ConnectorFault) || error.status !== 400 || quiet === null) throw error
    return send(quiet)
  }
}
