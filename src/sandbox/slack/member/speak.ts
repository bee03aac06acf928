/** A member writes a message, or runs a slash command. */
import type { ActResult, Member, MemberAct } from '../../wire.ts'
import { isFields } from '../blocks/shape.ts'
import type { Ack, Parcel } from '../delivery/courier.ts'
import { isAtHome } from '../members.ts'
import { addMessage } from '../messages.ts'
import { slashCommand } from '../payloads.ts'
import { respond } from '../respond.ts'
import { SlackError } from '../slackError.ts'
import type { StoredConversation, StoredMessage, Workspace } from '../workspace.ts'
import { actor, Impossible, joined, type Stage } from './actor.ts'

export type Post = Extract<MemberAct, { act: 'post' }>
export type Command = Extract<MemberAct, { act: 'command' }>

/** Posts a message. One that mentions the app, where the app is a member, is an `app_mention` to it. */
export function post(stage: Stage, act: Post): ActResult {
  const { workspace } = stage
  const member = actor(workspace, act.as)
  const conversation = joined(workspace, member, act.conversation)
  if (act.text.trim() === '') throw new Impossible('There is nothing to send.')
  const draft = { text: escapeTyped(act.text), blocks: [], threadTs: act.threadTs ?? null }
  announce(stage, conversation, addMessage(workspace, { conversation, user: member.id }, draft))
  return { ok: true }
}

export interface PostedByApp extends Omit<Post, 'act'> {
  /** What Slack says of the app in the event: `app_id`, `bot_profile`, `bot_id`, `subtype`. */
  readonly marks: Readonly<Record<string, unknown>>
}

/** The same message, posted by an app with the member's own token: the member is its user all the same. */
export function postByApp(stage: Stage, post: PostedByApp): void {
  const { workspace } = stage
  const member = actor(workspace, post.as)
  const conversation = joined(workspace, member, post.conversation)
  const draft = { text: escapeTyped(post.text), blocks: [], threadTs: post.threadTs ?? null }
  announce(stage, conversation, addMessage(workspace, { conversation, user: member.id }, draft), post.marks)
}

/** Runs a slash command; its answer, if the acknowledgement has one, is shown to the member only. */
export async function command(stage: Stage, act: Command): Promise<ActResult> {
  const { workspace, outbox } = stage
  const member = actor(workspace, act.as)
  const conversation = joined(workspace, member, act.conversation)
  if (!isAtHome(workspace, member)) {
    throw new Impossible("People from another company cannot use this workspace's commands.")
  }
  const ack = await outbox.send(commandParcel(stage, act, member))
  const { name } = split(act.text)
  if (ack.kind !== 'acked') return { ok: false, error: commandError(name, ack), ackMs: ack.ms }
  return { ...answerInline(stage, { member, conversation, answer: ack.body }), ackMs: ack.ms }
}

/** The command as it travels, without asking whether this member could really run it. */
export function commandParcel(stage: Stage, act: Command, member: Member): Parcel {
  const { workspace } = stage
  const { name, text } = split(act.text)
  const conversation = workspace.conversations.get(act.conversation)
  if (conversation === undefined) throw new Impossible('This conversation is gone.')
  if (!workspace.app.commands.some((one) => one.command === name)) {
    throw new Impossible(`${name} is not a valid command.`)
  }
  return slashCommand(stage, { member, conversation, command: name, text: escapeCommand(workspace, text) })
}

function announce(
  stage: Stage,
  conversation: StoredConversation,
  message: StoredMessage,
  marks: PostedByApp['marks'] = {},
): void {
  const { workspace, events } = stage
  const { app } = workspace
  const said = {
    user: message.user,
    text: message.text,
    ts: message.ts,
    team: workspace.team.id,
    channel: conversation.id,
    event_ts: message.ts,
    ...(message.threadTs === null ? {} : { thread_ts: message.threadTs }),
    ...marks,
  }
  if (!conversation.members.includes(app.botUserId)) return
  if (conversation.kind === 'im') events.emit({ type: 'message', channel_type: 'im', ...said })
  else if (message.text.includes(`<@${app.botUserId}>`)) events.emit({ type: 'app_mention', ...said })
}

/** A text, or a message, in the acknowledgement is an answer; nothing is nothing. */
function answerInline(
  stage: Stage,
  from: { member: Member; conversation: StoredConversation; answer: unknown },
): ActResult {
  const { member, conversation, answer } = from
  const args = typeof answer === 'string' ? { text: answer } : answer
  if (!isFields(args) || (!args.text && !args.blocks && !args.attachments)) return { ok: true }
  try {
    const target = {
      conversation: conversation.id,
      user: member.id,
      messageTs: null,
      ephemeral: true,
      threadTs: null,
    }
    respond(stage.context, target, args)
    return { ok: true }
  } catch (error) {
    if (!(error instanceof SlackError)) throw error
    stage.problem(`the command's answer: ${error.code} ${JSON.stringify(error.details)}`)
    return { ok: false, error: 'The command failed with the error "invalid_command_response"' }
  }
}

function commandError(name: string, ack: Ack): string {
  const error = ack.kind === 'timeout' ? 'operation_timeout' : 'dispatch_failed'
  return `${name} failed with the error "${error}"`
}

function split(typed: string): { name: string; text: string } {
  const line = typed.trim()
  const [name = ''] = line.split(/\s/)
  return { name, text: line.slice(name.length).trim() }
}

/** What a person types is text, except for mentions that the client made of it. */
function escapeTyped(text: string): string {
  const mention = /&lt;(@[UW][A-Z0-9]+|#[CG][A-Z0-9]+|!subteam\^S[A-Z0-9]+)&gt;/g
  return escapeText(text).replace(mention, '<$1>')
}

/** `should_escape`: names become ids, so that nobody can be confused with somebody else. */
function escapeCommand(workspace: Workspace, text: string): string {
  const members = new Map([...workspace.members.values()].map((member) => [member.name, member.id]))
  const groups = new Map([...workspace.usergroups.values()].map((group) => [group.handle, group.id]))
  const channels = new Map([...workspace.conversations.values()].map((one) => [one.name, one.id]))
  return escapeTyped(text).replace(
    /(^|\s)([@#])([\w.-]+)/g,
    (whole, before: string, sign: string, name: string) => {
      const [member, group, channel] = [members.get(name), groups.get(name), channels.get(name)]
      if (sign === '#') return channel === undefined ? whole : `${before}<#${channel}|${name}>`
      if (member !== undefined) return `${before}<@${member}|${name}>`
      return group === undefined ? whole : `${before}<!subteam^${group}|@${name}>`
    },
  )
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
