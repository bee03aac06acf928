/** What a person does, one act at a time. */
import type { Activity } from '../delivery.ts'
import { findMessage } from '../tenant.ts'
import type { TeamsAct, TeamsActResult } from '../wire.ts'
import { closeDialog, submitDialog } from './dialog.ts'
import { look, type Press, press, pressActivity } from './press.ts'
import { actor, Impossible, joined, type Stage } from './stage.ts'
import { write } from './write.ts'

/** Does it. What Teams does not let the person do is an error that they see. */
export async function performAct(stage: Stage, act: TeamsAct): Promise<TeamsActResult> {
  try {
    return await perform(stage, act)
  } catch (error) {
    if (error instanceof Impossible) return { ok: false, error: error.message }
    throw error
  }
}

/** A press as it would travel, whoever makes it: change it, and `send` it. */
export function composePress(stage: Stage, act: Press): Activity {
  const { tenant } = stage
  const person = tenant.people.get(act.as) ?? actor(tenant, act.as)
  const conversation = tenant.conversations.get(act.conversation) ?? joined(tenant, person, act.conversation)
  const message = findMessage(tenant, conversation.id, act.message)
  if (message === undefined) throw new Impossible('This message was deleted.')
  return pressActivity(stage, act, { person, conversation, message })
}

function perform(stage: Stage, act: TeamsAct): Promise<TeamsActResult> | TeamsActResult {
  switch (act.act) {
    case 'write':
      return write(stage, act)
    case 'press':
      return press(stage, act)
    case 'look':
      return look(stage, act)
    case 'submit':
      return submitDialog(stage, act)
    case 'close':
      return closeDialog(stage, act)
  }
}
