/** What one person sees of the tenant. */
import { membersOf } from './graph.ts'
import { cardFor, type StoredConversation, type Tenant } from './tenant.ts'
import type { TeamsMessageSeen, TeamsSnapshot } from './wire.ts'

/** Private messages are gone after a day. */
const privateMs = 24 * 3_600_000

/** Everything the person may see, or undefined when there is nobody with this id. */
export function snapshotFor(tenant: Tenant, viewer: string): TeamsSnapshot | undefined {
  if (!tenant.people.has(viewer)) return undefined
  const conversations = [...tenant.conversations.values()].filter((one) => one.members.includes(viewer))
  const messages = Object.fromEntries(conversations.map((one) => [one.id, messagesOf(tenant, one, viewer)]))
  const open = tenant.dialogs.get(viewer)
  return {
    tenant: { id: tenant.id, name: tenant.name },
    app: tenant.app,
    viewer,
    people: [...tenant.people.values()],
    groups: [...tenant.groups.values()].map(({ id, name }) => ({
      id,
      name,
      members: [...membersOf(tenant, id)],
    })),
    conversations: conversations.map((one) => {
      const { id, kind, name, topic, members } = one
      const team = one.team === null ? '' : (tenant.teams.get(one.team)?.name ?? '')
      return { id, kind, team, name, topic, members }
    }),
    messages,
    dialog: open === undefined ? null : { id: open.id, title: open.title, card: open.card, text: open.text },
  }
}

function messagesOf(tenant: Tenant, conversation: StoredConversation, viewer: string): TeamsMessageSeen[] {
  const all = tenant.messages.get(conversation.id) ?? []
  const seen = all.filter(
    ({ onlyFor, id }) => onlyFor === null || (onlyFor === viewer && tenant.now() - Number(id) < privateMs),
  )
  const replies = new Map<string, number>()
  for (const { root, deleted } of seen) {
    if (root !== null && !deleted) replies.set(root, (replies.get(root) ?? 0) + 1)
  }
  // A deleted message stays visible only while a thread hangs from it.
  return seen
    .filter((one) => !one.deleted || replies.has(one.id))
    .map((one) => ({
      id: one.id,
      root: one.root,
      from: one.from,
      text: one.text,
      card: cardFor(tenant, one, viewer),
      onlyYou: one.onlyFor !== null,
      edited: one.version > 1,
      deleted: one.deleted,
      replies: replies.get(one.id) ?? 0,
      version: one.version,
    }))
}
