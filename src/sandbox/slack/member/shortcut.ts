/** A member chooses a shortcut: of a message from its menu, or a global one. */
import type { ActResult, Member, MemberAct } from '../../wire.ts'
import type { Parcel } from '../delivery/courier.ts'
import { isAtHome } from '../members.ts'
import { findMessage } from '../messages.ts'
import { globalShortcut, messageShortcut } from '../payloads.ts'
import { actor, Impossible, joined, type Stage, shown } from './actor.ts'

type Chosen = Extract<MemberAct, { act: 'shortcut' }>

/** Sends it to the app and says how that went. */
export async function shortcut(stage: Stage, act: Chosen): Promise<ActResult> {
  const { workspace } = stage
  const member = actor(workspace, act.as)
  if (act.at) joined(workspace, member, act.at.conversation)
  // Slack offers an app's shortcuts to the members of the workspaces it is installed in.
  if (!isAtHome(workspace, member))
    throw new Impossible("People from another company cannot use this workspace's shortcuts.")
  return shown(await stage.outbox.send(shortcutParcel(stage, act, member)), workspace.app.name)
}

/** The shortcut as it travels. Throws Impossible when the app has none of that name there, or the message is gone. */
export function shortcutParcel(stage: Stage, { callbackId, at }: Chosen, member: Member): Parcel {
  const { workspace } = stage
  const type = at ? 'message' : 'global'
  if (!workspace.app.shortcuts.some((one) => one.callbackId === callbackId && one.type === type))
    throw new Impossible(`${workspace.app.name} has no such shortcut there.`)
  if (!at) return globalShortcut(stage, { member, callbackId })
  const conversation = workspace.conversations.get(at.conversation)
  // What only one person sees has no such menu.
  const message = findMessage(workspace, at.conversation, at.ts)
  if (!conversation || !message) throw new Impossible('This message was deleted.')
  return messageShortcut(stage, { member, conversation, message, callbackId })
}
