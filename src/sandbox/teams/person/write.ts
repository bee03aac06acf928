/** Somebody writes. */
import { addMessage, findMessage } from '../tenant.ts'
import type { TeamsAct, TeamsActResult } from '../wire.ts'
import { written } from './activity.ts'
import { actor, failed, Impossible, joined, type Stage } from './stage.ts'

export type Write = Extract<TeamsAct, { act: 'write' }>

/** The app hears what is written to it: in its own chat everything, in a channel where it is mentioned. */
export async function write(stage: Stage, act: Write): Promise<TeamsActResult> {
  const { tenant } = stage
  const person = actor(tenant, act.as)
  const conversation = joined(tenant, person, act.conversation)
  const text = act.text.trim()
  if (text === '') throw new Impossible('There is nothing to send.')
  const begun = act.root === undefined ? undefined : findMessage(tenant, conversation.id, act.root)
  if (act.root !== undefined && begun === undefined) throw new Impossible('This thread is gone.')
  const root = begun === undefined ? null : (begun.root ?? begun.id)
  const message = addMessage(tenant, {
    conversation: conversation.id,
    root,
    from: person.id,
    text,
    card: null,
    onlyFor: null,
  })
  const isHeard =
    conversation.kind === 'chat' ||
    (text.includes(`@${tenant.app.name}`) && isThere(stage, conversation.team))
  if (!isHeard) return { ok: true }
  const where = { person, conversation, root: conversation.kind === 'chat' ? null : (root ?? message.id) }
  const answer = await stage.courier.send({ ...written(stage, where, text), id: message.id })
  const taken = answer.kind === 'answered' && answer.status >= 200 && answer.status < 300
  // A message that no app takes just stands there.
  if (!taken) stage.problem(`a message was not taken: ${failed(answer).error}`)
  return { ok: true, ackMs: answer.ms }
}

function isThere({ tenant }: Stage, team: string | null): boolean {
  return team !== null && tenant.teams.get(team)?.installed === true
}
