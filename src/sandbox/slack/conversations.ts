/** Finding and opening conversations. */
import { findMember } from './members.ts'
import { SlackError } from './slackError.ts'
import type { StoredConversation, Workspace } from './workspace.ts'

/** The conversation with this id or `#name`; a member's id means the app's DM with them. Throws `channel_not_found`. */
export function resolveConversation(workspace: Workspace, target: string): StoredConversation {
  const member = findMember(workspace, target)
  if (member !== undefined) return openDirect(workspace, member.id)
  const byId = workspace.conversations.get(target)
  if (byId !== undefined) return byId
  const name = target.replace(/^#/, '')
  const byName = [...workspace.conversations.values()].find((c) => c.kind === 'channel' && c.name === name)
  if (byName === undefined) throw new SlackError('channel_not_found')
  return byName
}

/** The DM between the app and a member, opened if needed. Deactivated people and bots cannot be written to. */
export function openDirect(workspace: Workspace, memberId: string): StoredConversation {
  const member = workspace.members.get(memberId)
  if (member === undefined) throw new SlackError('channel_not_found')
  if (member.deleted) throw new SlackError('channel_not_found')
  if (member.bot) throw new SlackError('cannot_dm_bot')
  const existing = directOf(workspace, memberId)
  if (existing !== undefined) return existing
  const members = [memberId, workspace.app.botUserId]
  const direct: StoredConversation = {
    // The same at every start, so that an app finds the conversation again.
    id: `D${memberId.slice(1)}`,
    kind: 'im',
    name: workspace.app.name,
    topic: '',
    members,
    archived: false,
    shared: false,
    seen: {},
  }
  workspace.conversations.set(direct.id, direct)
  workspace.changed()
  return direct
}

/** The open DM between the app and a member, if there is one. */
export function directOf(workspace: Workspace, memberId: string): StoredConversation | undefined {
  return [...workspace.conversations.values()].find((c) => c.kind === 'im' && c.members.includes(memberId))
}
