/** What one member sees of the workspace. */

import type { Conversation, Message, Snapshot, View } from '../wire.ts'
import { isFields } from './blocks/shape.ts'
import type { StoredConversation, StoredMessage, StoredView, Workspace } from './workspace.ts'

/** Everything the member may see, or undefined when there is no such member. */
export function snapshotFor(workspace: Workspace, viewer: string): Snapshot | undefined {
  if (!workspace.members.has(viewer)) return undefined
  const { team, app } = workspace
  const home = workspace.homes.get(viewer)
  const conversations = [...workspace.conversations.values()].filter((one) => one.members.includes(viewer))
  return {
    team: { id: team.id, name: team.name },
    app: { id: app.id, name: app.name, botUserId: app.botUserId },
    viewer,
    members: [...workspace.members.values()],
    usergroups: [...workspace.usergroups.values()],
    conversations: conversations.map((one) => seenBy(workspace, one, viewer)),
    messages: Object.fromEntries(conversations.map((one) => [one.id, messagesOf(workspace, one, viewer)])),
    modals: (workspace.modals.get(viewer) ?? []).map(drawn),
    home: home === undefined ? null : drawn(home),
    commands: app.commands,
    shortcuts: app.shortcuts,
  }
}

function seenBy(workspace: Workspace, conversation: StoredConversation, viewer: string): Conversation {
  const { id, kind, name, topic, members, seen } = conversation
  const since = seen[viewer] ?? ''
  const all = workspace.messages.get(id) ?? []
  const unread = all.filter((m) => m.threadTs === null && !m.deleted && m.user !== viewer && m.ts > since)
  return { id, kind, name, topic, members, unread: unread.length }
}

function messagesOf(workspace: Workspace, conversation: StoredConversation, viewer: string): Message[] {
  const all = workspace.messages.get(conversation.id) ?? []
  const mine = (workspace.ephemerals.get(viewer) ?? []).filter((one) => one.channel === conversation.id)
  const replies = new Map<string, number>()
  for (const { threadTs, deleted } of all) {
    if (threadTs !== null && !deleted) replies.set(threadTs, (replies.get(threadTs) ?? 0) + 1)
  }
  // A deleted message stays visible only while a thread hangs from it.
  const shown = all.filter((one) => !one.deleted || replies.has(one.ts))
  return [...shown, ...mine]
    .sort((a, b) => (a.ts < b.ts ? -1 : 1))
    .map((one) => asSeen(one, replies.get(one.ts) ?? 0))
}

function asSeen(message: StoredMessage, replies: number): Message {
  const { ts, threadTs, user, text, blocks, onlyFor, edited, deleted } = message
  return { ts, threadTs, user, text, blocks, ephemeral: onlyFor !== null, edited, deleted, replies }
}

function drawn(view: StoredView): View {
  const { sent } = view
  return {
    id: view.id,
    type: view.type,
    callbackId: textOf(sent.callback_id) ?? '',
    title: textOf(sent.title) ?? '',
    submit: textOf(sent.submit),
    close: textOf(sent.close),
    blocks: sent.blocks,
    privateMetadata: textOf(sent.private_metadata) ?? '',
    hash: view.hash,
  }
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value
  return isFields(value) && typeof value.text === 'string' ? value.text : null
}
