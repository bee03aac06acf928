/** What can happen to messages: posted, replaced, deleted, shown to one person. */
import type { Block } from '../wire.ts'
import { isFields } from './blocks/shape.ts'
import { SlackError } from './slackError.ts'
import type { StoredConversation, StoredMessage, Workspace } from './workspace.ts'

/** What a message says; everything else about it the workspace knows. */
export interface Draft {
  readonly text: string
  readonly blocks: readonly Block[]
  readonly attachments?: readonly unknown[]
  readonly metadata?: unknown
  readonly threadTs?: string | null
}

/** Adds a message by a member or by the app. Throws `thread_not_found`, `is_archived`. */
export function addMessage(
  workspace: Workspace,
  place: { conversation: StoredConversation; user: string },
  draft: Draft,
): StoredMessage {
  const { conversation, user } = place
  if (conversation.archived) throw new SlackError('is_archived')
  const message = store(workspace, place, draft)
  const before = workspace.messages.get(conversation.id) ?? []
  workspace.messages.set(conversation.id, [...before, message])
  const seen = { ...conversation.seen, [user]: message.ts }
  workspace.conversations.set(conversation.id, { ...conversation, seen })
  workspace.changed()
  return message
}

/** How many ephemeral messages a viewer keeps; they are gone on reload anyway. */
const ephemeralsKept = 50

/** Shows a message to one person only. */
export function addEphemeral(
  workspace: Workspace,
  place: { conversation: StoredConversation; user: string; onlyFor: string },
  draft: Draft,
): StoredMessage {
  const message = { ...store(workspace, place, draft), onlyFor: place.onlyFor }
  const before = workspace.ephemerals.get(place.onlyFor) ?? []
  workspace.ephemerals.set(place.onlyFor, [...before, message].slice(-ephemeralsKept))
  workspace.changed()
  return message
}

/** The message with this timestamp, unless it was deleted. */
export function findMessage(workspace: Workspace, channel: string, ts: string): StoredMessage | undefined {
  return workspace.messages.get(channel)?.find((message) => message.ts === ts && !message.deleted)
}

/** The ephemeral message with this timestamp that `viewer` sees. */
export function findEphemeral(workspace: Workspace, viewer: string, ts: string): StoredMessage | undefined {
  return workspace.ephemerals.get(viewer)?.find((message) => message.ts === ts)
}

/** Puts `next` where the message with its timestamp is. */
export function replaceMessage(workspace: Workspace, next: StoredMessage): void {
  const swap = (all: readonly StoredMessage[]) => all.map((one) => (one.ts === next.ts ? next : one))
  if (next.onlyFor === null) {
    workspace.messages.set(next.channel, swap(workspace.messages.get(next.channel) ?? []))
  } else {
    workspace.ephemerals.set(next.onlyFor, swap(workspace.ephemerals.get(next.onlyFor) ?? []))
  }
  workspace.changed()
}

/** Takes a message away; one with replies leaves a tombstone, as in Slack. */
export function removeMessage(workspace: Workspace, message: StoredMessage): void {
  if (message.onlyFor !== null) {
    const rest = (workspace.ephemerals.get(message.onlyFor) ?? []).filter((one) => one.ts !== message.ts)
    workspace.ephemerals.set(message.onlyFor, rest)
    workspace.changed()
    return
  }
  replaceMessage(workspace, { ...message, deleted: true, text: 'This message was deleted.', blocks: [] })
}

/** Fills in the block and action ids that the app left out, as Slack does, so that every element can be named. */
export function withIds(workspace: Workspace, blocks: readonly Block[]): Block[] {
  return blocks.map((block) => {
    const id = typeof block.block_id === 'string' ? block.block_id : workspace.nextId('b')
    const named: Record<string, unknown> = { ...block, block_id: id }
    if (Array.isArray(block.elements) && block.type === 'actions') {
      named.elements = block.elements.map((element) => withActionId(workspace, element))
    }
    if (block.element !== undefined) named.element = withActionId(workspace, block.element)
    if (block.accessory !== undefined) named.accessory = withActionId(workspace, block.accessory)
    return { ...named, type: block.type }
  })
}

function withActionId(workspace: Workspace, element: unknown): unknown {
  if (!isFields(element) || element.type === 'image' || typeof element.action_id === 'string') return element
  return { ...element, action_id: workspace.nextId('a') }
}

function store(
  workspace: Workspace,
  place: { conversation: StoredConversation; user: string },
  draft: Draft,
): StoredMessage {
  const { conversation, user } = place
  const { threadTs = null } = draft
  const root = threadTs === null ? undefined : findMessage(workspace, conversation.id, threadTs)
  if (threadTs !== null && root === undefined) throw new SlackError('thread_not_found')
  return {
    ts: workspace.nextTs(),
    channel: conversation.id,
    // A reply to a reply belongs to the thread that the reply is in.
    threadTs: root === undefined ? null : (root.threadTs ?? root.ts),
    user,
    botId: user === workspace.app.botUserId ? workspace.app.botId : null,
    text: draft.text,
    blocks: withIds(workspace, draft.blocks),
    attachments: draft.attachments ?? [],
    metadata: draft.metadata,
    edited: false,
    deleted: false,
    onlyFor: null,
  }
}
