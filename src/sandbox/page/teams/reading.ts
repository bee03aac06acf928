/** What of a conversation is shown where, and what of it is unread. Pure. */
import type { TeamsConversation, TeamsMessageSeen, TeamsPerson, TeamsSnapshot } from '../../teams/wire.ts'

/** What begins a thread, or stands for itself. */
export function topLevel(messages: readonly TeamsMessageSeen[]): readonly TeamsMessageSeen[] {
  return messages.filter((message) => message.root === null)
}

/** A message and its replies, oldest first. */
export function threadOf(messages: readonly TeamsMessageSeen[], id: string): readonly TeamsMessageSeen[] {
  return messages.filter((message) => message.id === id || message.root === id)
}

/** How many messages of others came after `readTo`; all of them where the viewer has not been yet. */
export function unreadIn(conversation: string, snapshot: TeamsSnapshot, readTo: string | undefined): number {
  return topLevel(snapshot.messages[conversation] ?? []).filter(
    (message) => message.from !== snapshot.viewer && message.id > (readTo ?? '') && !message.deleted,
  ).length
}

export function newestIn(conversation: string, snapshot: TeamsSnapshot): string {
  return snapshot.messages[conversation]?.at(-1)?.id ?? ''
}

/**
 * What the viewer finds at the place in the address. Everybody has a chat of their own with the app, so somebody else's
 * leads to the viewer's. Without a place: where cards are, or the first channel.
 */
export function openFor(place: string | null, snapshot: TeamsSnapshot): string {
  const { conversations } = snapshot
  const channels = conversations.filter(({ kind }) => kind === 'channel')
  if (place === null) {
    const used = channels.find(({ id }) => (snapshot.messages[id] ?? []).length > 0)
    return (used ?? channels[0] ?? chatOf(snapshot))?.id ?? ''
  }
  if (conversations.some(({ id }) => id === place) || !place.startsWith('a:')) return place
  return chatOf(snapshot)?.id ?? place
}

/** The chat between the viewer and the app. */
function chatOf({ conversations }: TeamsSnapshot): TeamsConversation | undefined {
  return conversations.find(({ kind }) => kind === 'chat')
}

/** The conversation that has the card of a request, if the viewer can see it: the card carries the request's id. */
export function cardPlace(requestId: string, snapshot: TeamsSnapshot): TeamsConversation | undefined {
  return snapshot.conversations.find(({ id }) =>
    topLevel(snapshot.messages[id] ?? []).some(
      (message) => !message.onlyYou && JSON.stringify(message.card).includes(requestId),
    ),
  )
}

/** The newest message that nobody but the viewer can see, wherever it stands. */
export function newestPrivate(snapshot: TeamsSnapshot): TeamsMessageSeen | undefined {
  return Object.values(snapshot.messages)
    .flat()
    .filter(({ onlyYou }) => onlyYou)
    .reduce<TeamsMessageSeen | undefined>((one, each) => (one && one.id > each.id ? one : each), undefined)
}

export function titleOf(conversation: TeamsConversation): string {
  return conversation.kind === 'channel' ? `${conversation.team} › ${conversation.name}` : conversation.name
}

/** As the avatars and the switcher take people. */
export function faceOf({ id, name, title, color }: TeamsPerson) {
  return { id, name: (name.split(' ')[0] ?? name).toLowerCase(), realName: name, title, color, bot: false }
}

/** What stands beside a name in the switcher: everything that changes whether somebody may decide. */
export function notesOn(id: string, { people, groups, tenant }: TeamsSnapshot): readonly string[] {
  const person = people.find((one) => one.id === id)
  if (person === undefined) return []
  return [
    ...(person.enabled ? [] : ['disabled']),
    ...(person.tenant === tenant.id ? [] : ['another tenant']),
    ...(person.guest ? ['guest'] : []),
    ...groups.filter(({ members }) => members.includes(id)).map(({ name }) => `@${name}`),
  ]
}
