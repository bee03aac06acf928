/** What of a conversation is shown where, and what of it is unread. Pure. */
import type { Conversation, Message, Snapshot } from '../wire.ts'
import { homePlace } from './place.ts'

/** The messages of the conversation itself: everything that is not a reply. */
export function topLevel(messages: readonly Message[]): readonly Message[] {
  return messages.filter((message) => message.threadTs === null || message.threadTs === message.ts)
}

/** A message and its replies, oldest first; the root alone when nobody answered. */
export function threadOf(messages: readonly Message[], ts: string): readonly Message[] {
  return messages.filter((message) => message.ts === ts || message.threadTs === ts)
}

/**
 * How many messages of others came after `readTo`. Without it, the server's own count stands: the viewer has
 * not been here yet. Slack does not count replies in threads here, and neither do we.
 */
export function unreadIn(conversation: Conversation, snapshot: Snapshot, readTo: string | undefined): number {
  if (readTo === undefined) return conversation.unread
  const messages = topLevel(snapshot.messages[conversation.id] ?? [])
  return messages.filter(
    (message) => message.user !== snapshot.viewer && message.ts > readTo && !message.deleted,
  ).length
}

/** The `ts` up to which everything in a conversation has been seen once it is open. */
export function newestIn(conversation: string, snapshot: Snapshot): string {
  return snapshot.messages[conversation]?.at(-1)?.ts ?? ''
}

/** The direct message between the viewer and the app. */
export function appConversation(snapshot: Snapshot): Conversation | undefined {
  return snapshot.conversations.find((each) => each.kind === 'im' && isWithApp(each, snapshot))
}

/** Some servers list both sides of a DM, some only the other one. */
function isWithApp(conversation: Conversation, snapshot: Snapshot): boolean {
  return conversation.members.includes(snapshot.app.botUserId) || conversation.name === snapshot.app.name
}

/**
 * What the viewer finds at the place in the address. Everybody has a direct message of their own with the app,
 * so somebody else's (Slack's ids for them begin with D) leads to the viewer's. Without a place: where something
 * waits, or the first channel.
 */
export function openFor(place: string | null, snapshot: Snapshot): string {
  const { conversations } = snapshot
  const channels = conversations.filter((each) => each.kind === 'channel')
  if (place === null) return (channels.find((each) => each.unread > 0) ?? channels[0])?.id ?? homePlace
  const visible = place === homePlace || conversations.some((each) => each.id === place)
  if (visible || !place.startsWith('D')) return place
  return appConversation(snapshot)?.id ?? place
}

/** The conversation that has the card of a request, if the viewer can see it: the card carries the request's id. */
export function cardPlace(requestId: string, snapshot: Snapshot): Conversation | undefined {
  return snapshot.conversations.find((each) =>
    topLevel(snapshot.messages[each.id] ?? []).some(
      (message) => !message.ephemeral && JSON.stringify(message.blocks).includes(requestId),
    ),
  )
}

/** The newest message that nobody but the viewer can see, wherever it stands. */
export function newestPrivate(snapshot: Snapshot): Message | undefined {
  return Object.values(snapshot.messages)
    .flat()
    .filter((message) => message.ephemeral)
    .reduce<Message | undefined>((newest, each) => (newest && newest.ts > each.ts ? newest : each), undefined)
}
