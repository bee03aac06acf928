import type { Card } from '../approvals/records.ts'
import { addressOf, conversationIn, objectIn, tenantIn } from './address.ts'

/** Where a message stands, as Teams names it. */
export interface Place {
  /** The id of the conversation, without its thread. */
  readonly conversation: string
  /** The id of the message there. */
  readonly id: string
}

/** The object id in the key of an account, whose chat with us alone it stands for; or null. */
export function directTo(conversation: string): string | null {
  return tenantIn(conversation) === null ? null : objectIn(conversation)
}

/**
 * The message's id as a card keeps it. Of a chat with one person only Teams says which one it is, so there the message names it as well.
 */
export function messageName(conversation: string, { conversation: chat, id }: Place): string {
  return directTo(conversation) === null ? id : `${chat}/${id}`
}

/** Where a posted card stands; null when its message is not known, or it stands elsewhere than in Teams. */
export function placeOf({ conversation, message }: Pick<Card, 'conversation' | 'message'>): Place | null {
  if (message === null) return null
  if (directTo(conversation) === null) {
    const channel = conversationIn(conversation)
    return channel === null ? null : { conversation: channel, id: message }
  }
  const at = message.lastIndexOf('/')
  return at < 0 ? null : { conversation: message.slice(0, at), id: message.slice(at + 1) }
}

/** Whether what is posted there can stand below a message: only channels of teams have threads. */
export function hasThreads(conversation: string): boolean {
  return /@thread\.(tacv2|skype)$/.test(conversation)
}

/**
 * Whether a press at this place can be one on a card of that conversation, before its message is on record. The chat with one person is only
 * known by its message.
 */
export function fits(conversation: string, { conversation: at }: Place): boolean {
  return directTo(conversation) === null ? conversation === addressOf(at) : !/@thread\./.test(at)
}
