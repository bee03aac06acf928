/** Slack's own JSON for users, channels, groups, messages and views. */
import type { Member, Usergroup } from '../wire.ts'
import type { StoredConversation, StoredMessage, StoredView, Workspace } from './workspace.ts'

/** A user as `users.info` gives it. The e-mail is there only with the scope `users:read.email`. */
export function userObject(
  workspace: Workspace,
  member: Member,
  withEmail: boolean,
): Record<string, unknown> {
  const profile = profileOf(member, withEmail)
  const common = {
    id: member.id,
    team_id: member.teamId,
    name: member.name,
    deleted: member.deleted,
    profile,
    ...enterpriseUser(member),
  }
  if (member.deleted) return { ...common, is_bot: member.bot, is_app_user: false, updated: 1 }
  return {
    ...common,
    color: member.color.replace('#', ''),
    real_name: member.realName,
    tz: 'Europe/Berlin',
    is_admin: false,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: member.guest !== 'none',
    is_ultra_restricted: member.guest === 'single',
    is_bot: member.bot,
    is_app_user: false,
    is_email_confirmed: member.email !== null && member.emailUnconfirmed !== true,
    is_stranger: member.teamId !== workspace.team.id,
    updated: 1,
  }
}

function enterpriseUser({ enterprise, teamId }: Member): Record<string, unknown> {
  if (enterprise === undefined) return {}
  const { id, userId } = enterprise
  const enterprise_user = { id: userId, enterprise_id: id, enterprise_name: 'Organisation', teams: [teamId] }
  return { enterprise_user }
}

function profileOf(member: Member, withEmail: boolean): Record<string, unknown> {
  const email = withEmail && member.email !== null && !member.bot ? { email: member.email } : {}
  const [first = member.realName, ...rest] = member.realName.split(' ')
  return {
    real_name: member.realName,
    real_name_normalized: member.realName,
    display_name: member.name,
    display_name_normalized: member.name,
    first_name: first,
    last_name: rest.join(' '),
    title: member.title,
    team: member.teamId,
    ...email,
  }
}

/** A channel or DM as `conversations.info` gives it. */
export function conversationObject(
  workspace: Workspace,
  conversation: StoredConversation,
): Record<string, unknown> {
  const { id, name, topic, members, archived, shared } = conversation
  const base = { id, created: 1, is_archived: archived, context_team_id: workspace.team.id, updated: 1 }
  if (conversation.kind === 'im') {
    const user = members.find((member) => member !== workspace.app.botUserId)
    return { ...base, is_im: true, is_org_shared: false, user, is_user_deleted: false, priority: 0 }
  }
  return {
    ...base,
    name,
    name_normalized: name,
    is_channel: true,
    is_group: false,
    is_im: false,
    is_mpim: false,
    is_private: false,
    is_general: name === 'general',
    is_shared: shared,
    is_ext_shared: shared,
    is_org_shared: false,
    is_member: members.includes(workspace.app.botUserId),
    topic: { value: topic, creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
    num_members: members.length,
  }
}

/** A user group as `usergroups.list` gives it; `users` only when they were asked for. */
export function usergroupObject(
  workspace: Workspace,
  group: Usergroup,
  withUsers: boolean,
): Record<string, unknown> {
  return {
    id: group.id,
    team_id: workspace.team.id,
    is_usergroup: true,
    is_subteam: true,
    name: group.name,
    handle: group.handle,
    description: '',
    is_external: false,
    date_create: 1,
    date_update: 1,
    date_delete: group.disabled ? 1 : 0,
    user_count: group.users.length,
    ...(withUsers ? { users: group.users } : {}),
  }
}

/** A message as it appears in answers and in `block_actions`. */
export function messageObject(workspace: Workspace, message: StoredMessage): Record<string, unknown> {
  const all = workspace.messages.get(message.channel) ?? []
  const replies = all.filter((one) => one.threadTs === message.ts && !one.deleted)
  const thread = message.threadTs ?? (replies.length > 0 ? message.ts : null)
  const { app } = workspace
  const byBot = message.botId === null ? {} : { bot_id: message.botId, app_id: app.id }
  return {
    type: 'message',
    user: message.user,
    ts: message.ts,
    ...byBot,
    text: message.text,
    team: workspace.team.id,
    ...(message.blocks.length > 0 ? { blocks: message.blocks } : {}),
    ...(message.attachments.length > 0 ? { attachments: message.attachments } : {}),
    ...(message.metadata === undefined ? {} : { metadata: message.metadata }),
    ...(thread === null ? {} : { thread_ts: thread }),
    ...(replies.length > 0 ? { reply_count: replies.length, latest_reply: replies.at(-1)?.ts } : {}),
    ...(message.edited ? { edited: { user: message.user, ts: message.ts } } : {}),
  }
}

/** A view as the app gets it back; `values` are what the member has filled in. */
export function viewObject(
  workspace: Workspace,
  view: StoredView,
  values: unknown = {},
): Record<string, unknown> {
  const { sent } = view
  return {
    id: view.id,
    team_id: workspace.team.id,
    type: view.type,
    blocks: sent.blocks,
    private_metadata: sent.private_metadata ?? '',
    callback_id: sent.callback_id ?? '',
    external_id: sent.external_id ?? '',
    state: { values },
    hash: view.hash,
    title: sent.title ?? { type: 'plain_text', text: 'View Title', emoji: true },
    submit: sent.submit ?? null,
    close: sent.close ?? null,
    clear_on_close: sent.clear_on_close ?? false,
    notify_on_close: sent.notify_on_close ?? false,
    previous_view_id: view.previousId,
    root_view_id: view.rootId,
    app_id: workspace.app.id,
    app_installed_team_id: workspace.team.id,
    bot_id: workspace.app.botId,
  }
}
