/** Everything a member can do, in one table. */
import type { ActResult, MemberAct } from '../../wire.ts'
import { openDirect } from '../conversations.ts'
import type { Parcel } from '../delivery/courier.ts'
import { viewObject } from '../objects.ts'
import { viewClosed } from '../payloads.ts'
import { SlackError } from '../slackError.ts'
import { actor, Impossible, type Stage } from './actor.ts'
import { close, submit, submitParcel } from './modal.ts'
import { ownView, press, pressParcel } from './press.ts'
import { shortcut, shortcutParcel } from './shortcut.ts'
import { command, commandParcel, post } from './speak.ts'

/** Does what the member does and says what Slack would show them. Never rejects for what a member may get wrong. */
export async function performAct(stage: Stage, act: MemberAct): Promise<ActResult> {
  try {
    return await perform(stage, act)
  } catch (error) {
    if (error instanceof Impossible) return { ok: false, error: error.message }
    if (error instanceof SlackError) return { ok: false, error: error.code }
    throw error
  }
}

/** An act as it would travel, whoever makes it: for forgeries and for clicks that race a deactivation. */
export function composeAct(stage: Stage, act: Exclude<MemberAct, { act: 'post' | 'home' }>): Parcel {
  const member = stage.workspace.members.get(act.as)
  if (member === undefined) throw new Impossible(`There is no member ${act.as} in this workspace.`)
  switch (act.act) {
    case 'press':
      return pressParcel(stage, act, member)
    case 'submit':
      return submitParcel(stage, act, member)
    case 'command':
      return commandParcel(stage, act, member)
    case 'shortcut':
      return shortcutParcel(stage, act, member)
    case 'close':
      return viewClosed(stage.workspace, {
        member,
        view: ownView(stage.workspace, member, act.view),
        isCleared: false,
      })
  }
}

function perform(stage: Stage, act: MemberAct): Promise<ActResult> | ActResult {
  switch (act.act) {
    case 'post':
      return post(stage, act)
    case 'command':
      return command(stage, act)
    case 'shortcut':
      return shortcut(stage, act)
    case 'press':
      return press(stage, act)
    case 'submit':
      return submit(stage, act)
    case 'close':
      return close(stage, act)
    case 'home':
      return openHome(stage, act.as)
  }
}

/** Opening Home tells the app, with the view that is there already. */
function openHome(stage: Stage, id: string): ActResult {
  const { workspace, events } = stage
  const member = actor(workspace, id)
  const home = workspace.homes.get(member.id)
  events.emit({
    type: 'app_home_opened',
    user: member.id,
    channel: openDirect(workspace, member.id).id,
    event_ts: workspace.nextTs(),
    tab: 'home',
    ...(home === undefined ? {} : { view: viewObject(workspace, home) }),
  })
  return { ok: true }
}
