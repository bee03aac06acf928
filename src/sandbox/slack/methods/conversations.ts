/** conversations.*: looking at channels and their messages, opening DMs. */
import { type Args, optionalText, requiredText } from '../args.ts'
import { directOf, openDirect, resolveConversation } from '../conversations.ts'
import { findMessage } from '../messages.ts'
import { conversationObject, messageObject } from '../objects.ts'
import { page } from '../pages.ts'
import { SlackError } from '../slackError.ts'
import type { StoredConversation, StoredMessage, Workspace } from '../workspace.ts'
import type { Methods } from './method.ts'

export const conversationMethods: Methods = {
  'conversations.info': {
    token: 'bot',
    scope: 'channels:read',
    run: ({ workspace }, args) => ({ channel: conversationObject(workspace, byId(workspace, args)) }),
  },
  'conversations.list': {
    token: 'bot',
    scope: 'channels:read',
    run: ({ workspace }, args) => {
      const kinds = (optionalText(args, 'types') ?? 'public_channel').split(',')
      const wanted = [...workspace.conversations.values()].filter((c) =>
        kinds.includes(c.kind === 'im' ? 'im' : 'public_channel'),
      )
      const { items, response_metadata } = page(wanted, args)
      return { channels: items.map((c) => conversationObject(workspace, c)), response_metadata }
    },
  },
  'conversations.members': {
    token: 'bot',
    scope: 'channels:read',
    run: ({ workspace }, args) => {
      const { items, response_metadata } = page(byId(workspace, args).members, args)
      return { members: items, response_metadata }
    },
  },
  'conversations.open': {
    token: 'bot',
    scope: 'im:write',
    run: ({ workspace }, args) => {
      const users = requiredText(args, 'users').split(',')
      const [user] = users
      if (user === undefined || users.length > 1)
        throw new SlackError('method_not_supported_for_channel_type')
      const member = workspace.members.get(user)
      if (member === undefined) throw new SlackError('user_not_found')
      if (member.deleted) throw new SlackError('user_disabled')
      const already = directOf(workspace, user) !== undefined
      const direct = openDirect(workspace, user)
      return { channel: { id: direct.id }, no_op: already, already_open: already }
    },
  },
  'conversations.history': {
    token: 'bot',
    scope: 'channels:history',
    run: ({ workspace }, args) => {
      const conversation = readable(workspace, args)
      const roots = visible(workspace, conversation).filter((message) => message.threadTs === null)
      return listed(workspace, roots.reverse(), args)
    },
  },
  'conversations.replies': {
    token: 'bot',
    scope: 'channels:history',
    run: ({ workspace }, args) => {
      const conversation = readable(workspace, args)
      const root = findMessage(workspace, conversation.id, requiredText(args, 'ts'))
      if (root === undefined) throw new SlackError('thread_not_found')
      const thread = visible(workspace, conversation).filter(
        (m) => m.ts === root.ts || m.threadTs === root.ts,
      )
      return listed(workspace, thread, args)
    },
  },
}

function byId(workspace: Workspace, args: Args): StoredConversation {
  const conversation = workspace.conversations.get(requiredText(args, 'channel'))
  if (conversation === undefined) throw new SlackError('channel_not_found')
  return conversation
}

function readable(workspace: Workspace, args: Args): StoredConversation {
  const conversation = resolveConversation(workspace, requiredText(args, 'channel'))
  if (!conversation.members.includes(workspace.app.botUserId)) throw new SlackError('not_in_channel')
  return conversation
}

function visible(workspace: Workspace, conversation: StoredConversation): StoredMessage[] {
  return (workspace.messages.get(conversation.id) ?? []).filter((message) => !message.deleted)
}

function listed(
  workspace: Workspace,
  messages: readonly StoredMessage[],
  args: Args,
): Record<string, unknown> {
  const { items, response_metadata } = page(messages, args)
  return {
    messages: items.map((message) => messageObject(workspace, message)),
    has_more: response_metadata.next_cursor !== '',
    response_metadata,
  }
}
