/** chat.*: posting, changing and deleting messages. */
import { type Args, optionalText, requiredText } from '../args.ts'
import { codePoints, isFields } from '../blocks/shape.ts'
import { resolveConversation } from '../conversations.ts'
import { type Content, readContent } from '../draft.ts'
import { findMember } from '../members.ts'
import { addEphemeral, addMessage, findMessage, removeMessage, replaceMessage, withIds } from '../messages.ts'
import { messageObject } from '../objects.ts'
import { SlackError } from '../slackError.ts'
import type { StoredConversation, StoredMessage, Workspace } from '../workspace.ts'
import type { Context, Methods } from './method.ts'

const updateTextLimit = 4000

export const chatMethods: Methods = {
  'chat.postMessage': { token: 'bot', scope: 'chat:write', run: post },
  'chat.postEphemeral': { token: 'bot', scope: 'chat:write', run: postEphemeral },
  'chat.update': { token: 'bot', scope: 'chat:write', run: update },
  'chat.delete': {
    token: 'bot',
    scope: 'chat:write',
    run: ({ workspace }, args) => {
      const message = ownMessage(workspace, args, 'cant_delete_message')
      removeMessage(workspace, message)
      return { channel: message.channel, ts: message.ts }
    },
  },
  'chat.getPermalink': {
    token: 'bot',
    scope: null,
    run: ({ workspace, origin }, args) => {
      const conversation = resolveConversation(workspace, requiredText(args, 'channel'))
      const message = findMessage(workspace, conversation.id, requiredText(args, 'message_ts'))
      if (message === undefined) throw new SlackError('message_not_found')
      const thread = message.threadTs === null ? '' : `&thread=${message.threadTs}`
      // Where the sandbox's page shows this message, so that the link works there.
      const permalink = `${origin()}/sandbox/#in=${conversation.id}&ts=${message.ts}${thread}`
      return { channel: conversation.id, permalink }
    },
  },
}

function post(context: Context, args: Args): Record<string, unknown> {
  const { workspace, limits } = context
  const content = readContent(args, context)
  const conversation = writable(workspace, args)
  const wait = limits.postWait(conversation.id)
  if (wait > 0) throw new SlackError('ratelimited', { retryAfter: wait })
  const message = addMessage(
    workspace,
    { conversation, user: workspace.app.botUserId },
    { ...filled(content), threadTs: optionalText(args, 'thread_ts') ?? null },
  )
  return { channel: conversation.id, ts: message.ts, message: messageObject(workspace, message) }
}

function postEphemeral(context: Context, args: Args): Record<string, unknown> {
  const { workspace } = context
  const content = readContent(args, context)
  const conversation = writable(workspace, args)
  const viewer = findMember(workspace, requiredText(args, 'user'))
  if (viewer === undefined || viewer.deleted || !conversation.members.includes(viewer.id)) {
    throw new SlackError('user_not_in_channel')
  }
  const message = addEphemeral(
    workspace,
    { conversation, user: workspace.app.botUserId, onlyFor: viewer.id },
    { ...filled(content), threadTs: optionalText(args, 'thread_ts') ?? null },
  )
  return { message_ts: message.ts }
}

function update(context: Context, args: Args): Record<string, unknown> {
  const { workspace } = context
  const content = readContent(args, context)
  if (codePoints(content.text ?? '') > updateTextLimit) throw new SlackError('msg_too_long')
  const before = ownMessage(workspace, args, 'cant_update_message')
  const after: StoredMessage = {
    ...before,
    text: content.text ?? before.text,
    blocks: updatedBlocks(workspace, before, content),
    // Attachments and metadata stay unless they are emptied on purpose.
    attachments: content.attachments ?? before.attachments,
    metadata: updatedMetadata(before, content),
  }
  replaceMessage(workspace, after)
  return { channel: after.channel, ts: after.ts, text: after.text, message: messageObject(workspace, after) }
}

/** New text without blocks removes the blocks that were there. */
function updatedBlocks(
  workspace: Workspace,
  before: StoredMessage,
  content: Content,
): StoredMessage['blocks'] {
  if (content.blocks !== undefined) return withIds(workspace, content.blocks)
  return content.text === undefined ? before.blocks : []
}

function updatedMetadata(before: StoredMessage, content: Content): unknown {
  if (content.metadata === undefined) return before.metadata
  return isFields(content.metadata) && Object.keys(content.metadata).length === 0
    ? undefined
    : content.metadata
}

function writable(workspace: Workspace, args: Args): StoredConversation {
  const conversation = resolveConversation(workspace, requiredText(args, 'channel'))
  if (conversation.archived) throw new SlackError('is_archived')
  if (!conversation.members.includes(workspace.app.botUserId)) throw new SlackError('not_in_channel')
  return conversation
}

function ownMessage(workspace: Workspace, args: Args, otherwise: string): StoredMessage {
  // Unlike posting, changing takes the conversation's own id only.
  const channel = requiredText(args, 'channel')
  if (!workspace.conversations.has(channel)) throw new SlackError('channel_not_found')
  const message = findMessage(workspace, channel, requiredText(args, 'ts'))
  if (message === undefined) throw new SlackError('message_not_found')
  if (message.user !== workspace.app.botUserId) throw new SlackError(otherwise)
  return message
}

function filled(content: Content): {
  text: string
  blocks: StoredMessage['blocks']
  attachments: readonly unknown[]
  metadata: unknown
} {
  const { text = '', blocks = [], attachments = [], metadata } = content
  return { text, blocks, attachments, metadata }
}
