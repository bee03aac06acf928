/** The payloads of interactions and commands, shaped as Slack's own. */
import type { Member, ViewState } from '../wire.ts'
import type { Parcel } from './delivery/courier.ts'
import { completeState } from './inputs.ts'
import { messageObject, viewObject } from './objects.ts'
import type { ResponseTarget, Triggers } from './triggers.ts'
import type { StoredConversation, StoredMessage, StoredView, Workspace } from './workspace.ts'

/** What every payload is made from. */
export interface Sender {
  readonly workspace: Workspace
  readonly triggers: Triggers
  /** The full address of a response_url. */
  readonly responseUrl: (target: ResponseTarget) => string
}

const token = 'verification-token-is-not-used'

/** `block_actions` for an element of a message. An ephemeral message is not part of the payload, as in Slack. */
export function messageAction(
  sender: Sender,
  from: { member: Member; conversation: StoredConversation; message: StoredMessage },
  action: Readonly<Record<string, unknown>>,
): Parcel {
  const { workspace } = sender
  const { member, conversation, message } = from
  const ephemeral = message.onlyFor !== null
  const thread = message.threadTs === null ? {} : { thread_ts: message.threadTs }
  const payload = {
    ...blockActions(sender, member, action),
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: conversation.id,
      is_ephemeral: ephemeral,
      ...thread,
    },
    channel: { id: conversation.id, name: channelName(conversation) },
    ...(ephemeral ? {} : { message: messageObject(workspace, message) }),
    state: { values: {} },
    response_url: sender.responseUrl({
      conversation: conversation.id,
      user: member.id,
      messageTs: message.ts,
      ephemeral,
      threadTs: message.threadTs,
    }),
  }
  return { kind: 'interactive', payload }
}

/** `block_actions` for an element of a modal or a Home. */
export function viewAction(
  sender: Sender,
  from: { member: Member; view: StoredView; state: ViewState },
  action: Readonly<Record<string, unknown>>,
): Parcel {
  const values = completeState(from.view, from.state)
  const payload = {
    ...blockActions(sender, from.member, action),
    container: { type: 'view', view_id: from.view.id },
    view: viewObject(sender.workspace, from.view, values),
  }
  return { kind: 'interactive', payload }
}

export function viewSubmission(
  sender: Sender,
  from: { member: Member; view: StoredView; values: Readonly<Record<string, unknown>> },
): Parcel {
  const payload = {
    type: 'view_submission',
    ...who(sender.workspace, from.member),
    trigger_id: sender.triggers.issue(from.member.id),
    view: viewObject(sender.workspace, from.view, from.values),
    response_urls: [],
  }
  return { kind: 'interactive', payload }
}

export function viewClosed(
  workspace: Workspace,
  from: { member: Member; view: StoredView; isCleared: boolean },
): Parcel {
  const payload = {
    type: 'view_closed',
    ...who(workspace, from.member),
    view: viewObject(workspace, from.view),
    is_cleared: from.isCleared,
  }
  return { kind: 'interactive', payload }
}

export function slashCommand(
  sender: Sender,
  from: { member: Member; conversation: StoredConversation; command: string; text: string },
): Parcel {
  const { workspace, triggers } = sender
  const { member, conversation, command, text } = from
  const target = {
    conversation: conversation.id,
    user: member.id,
    messageTs: null,
    ephemeral: true,
    threadTs: null,
  }
  const payload = {
    token,
    team_id: workspace.team.enterprise ? member.teamId : workspace.team.id,
    team_domain: workspace.team.domain,
    ...(workspace.team.enterprise && { enterprise_id: workspace.team.enterprise.id }),
    channel_id: conversation.id,
    channel_name: channelName(conversation),
    user_id: member.id,
    user_name: member.name,
    command,
    text,
    api_app_id: workspace.app.id,
    is_enterprise_install: String(workspace.team.organisationWide === true),
    response_url: sender.responseUrl(target),
    trigger_id: triggers.issue(member.id),
  }
  return { kind: 'slash_commands', payload }
}

/** `message_action`: a shortcut that was chosen from the menu of a message. */
export function messageShortcut(
  sender: Sender,
  from: { member: Member; conversation: StoredConversation; message: StoredMessage; callbackId: string },
): Parcel {
  const { workspace, triggers } = sender
  const { member, conversation, message, callbackId } = from
  const payload = {
    type: 'message_action',
    ...who(workspace, member),
    callback_id: callbackId,
    trigger_id: triggers.issue(member.id),
    action_ts: workspace.nextTs(),
    channel: { id: conversation.id, name: channelName(conversation) },
    message_ts: message.ts,
    message: messageObject(workspace, message),
    response_url: sender.responseUrl({
      conversation: conversation.id,
      user: member.id,
      messageTs: message.ts,
      ephemeral: false,
      threadTs: message.threadTs,
    }),
  }
  return { kind: 'interactive', payload }
}

/** `shortcut`: a global one. It comes from nowhere, so nothing can be answered there. */
export function globalShortcut(sender: Sender, from: { member: Member; callbackId: string }): Parcel {
  const { workspace, triggers } = sender
  const payload = {
    type: 'shortcut',
    ...who(workspace, from.member),
    callback_id: from.callbackId,
    trigger_id: triggers.issue(from.member.id),
    action_ts: workspace.nextTs(),
  }
  return { kind: 'interactive', payload }
}

function blockActions(
  sender: Sender,
  member: Member,
  action: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return {
    type: 'block_actions',
    ...who(sender.workspace, member),
    actions: [{ ...action, action_ts: sender.workspace.nextTs() }],
    trigger_id: sender.triggers.issue(member.id),
  }
}

function who(workspace: Workspace, member: Member): Record<string, unknown> {
  return {
    user: { id: member.id, username: member.name, name: member.name, team_id: member.teamId },
    api_app_id: workspace.app.id,
    token,
    ...homeOf(workspace, member),
    is_enterprise_install: workspace.team.organisationWide === true,
  }
}

/** In an organisation the payload names the member's own workspace, which need not be the one where the app is. */
function homeOf({ team }: Workspace, { teamId }: Member): Record<string, unknown> {
  const { enterprise } = team
  if (!enterprise) return { team: { id: team.id, domain: team.domain }, enterprise: null }
  if (team.organisationWide) return { team: null, enterprise }
  const names = { enterprise_id: enterprise.id, enterprise_name: enterprise.name }
  return { team: { id: teamId, domain: team.domain, ...names }, enterprise }
}

function channelName(conversation: StoredConversation): string {
  return conversation.kind === 'im' ? 'directmessage' : conversation.name
}
