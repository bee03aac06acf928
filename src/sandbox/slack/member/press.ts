/** A member uses a button, a menu or another element of a message, a modal or a Home. */
import type { ActResult, Member, MemberAct } from '../../wire.ts'
import type { Fields } from '../blocks/shape.ts'
import type { Parcel } from '../delivery/courier.ts'
import { chosen, findElement } from '../elementActions.ts'
import { findEphemeral, findMessage } from '../messages.ts'
import { messageAction, viewAction } from '../payloads.ts'
import { findView } from '../views.ts'
import type { StoredMessage, StoredView, Workspace } from '../workspace.ts'
import { actor, Impossible, joined, type Stage, shown } from './actor.ts'

export type Press = Extract<MemberAct, { act: 'press' }>

/** Sends the press to the app and says how that went. */
export async function press(stage: Stage, act: Press): Promise<ActResult> {
  const { workspace } = stage
  const member = actor(workspace, act.as)
  if ('conversation' in act.at) joined(workspace, member, act.at.conversation)
  const ack = await stage.outbox.send(pressParcel(stage, act, member))
  return shown(ack, workspace.app.name)
}

/** The press as it travels, without asking whether this member could really make it. Throws Impossible when the element is gone. */
export function pressParcel(stage: Stage, act: Press, member: Member): Parcel {
  const { workspace } = stage
  if ('view' in act.at) {
    const view = ownView(workspace, member, act.at.view)
    return viewAction(stage, { member, view, state: act.state ?? {} }, usedElement(view.sent.blocks, act))
  }
  const message = shownMessage(workspace, member, act.at)
  const conversation = workspace.conversations.get(message.channel)
  if (conversation === undefined) throw new Impossible('This conversation is gone.')
  return messageAction(stage, { member, conversation, message }, usedElement(message.blocks, act))
}

/** The member's own open view. Throws Impossible when it was closed. */
export function ownView(workspace: Workspace, member: Member, id: string): StoredView {
  const view = findView(workspace, id)
  if (view === undefined || view.owner !== member.id) throw new Impossible('This window was closed.')
  return view
}

function usedElement(blocks: StoredMessage['blocks'], act: Press): Fields {
  const element = findElement(blocks, act.blockId, act.actionId)
  if (element === undefined) throw new Impossible('This button is no longer there.')
  const choice = entered(element, act) ?? chosen(element, act.value)
  if (choice === undefined) throw new Impossible('That option is no longer there.')
  return { type: element.type, action_id: act.actionId, block_id: act.blockId, ...choice }
}

/** Check boxes and multi-selects choose several at once: what the view's state has for them counts. */
function entered(element: Fields, act: Press): Fields | undefined {
  const value = act.state?.[act.blockId]?.[act.actionId]
  return Array.isArray(value?.selected_options) && Array.isArray(element.options)
    ? { selected_options: value.selected_options }
    : undefined
}

function shownMessage(
  workspace: Workspace,
  member: Member,
  at: { conversation: string; ts: string },
): StoredMessage {
  const message = findEphemeral(workspace, member.id, at.ts) ?? findMessage(workspace, at.conversation, at.ts)
  if (message === undefined || message.channel !== at.conversation)
    throw new Impossible('This message was deleted.')
  return message
}
