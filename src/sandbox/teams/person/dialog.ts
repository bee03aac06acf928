/** A window of the app: opened by what a `task/fetch` is answered with, sent by `task/submit`. */
import { checkedCard } from '../cardCheck.ts'
import { isPart } from '../cardWalk.ts'
import type { Activity, Answer } from '../delivery.ts'
import { TeamsError } from '../teamsError.ts'
import type { OpenDialog, StoredConversation } from '../tenant.ts'
import type { TeamsAct, TeamsActResult, TeamsPerson } from '../wire.ts'
import { invoke } from './activity.ts'
import { clientErrors, completed } from './inputs.ts'
import { actor, failed, Impossible, type Stage } from './stage.ts'

export type SubmitDialog = Extract<TeamsAct, { act: 'submit' }>
export type CloseDialog = Extract<TeamsAct, { act: 'close' }>

interface Where {
  readonly person: TeamsPerson
  readonly conversation: StoredConversation
  readonly root: string | null
}

/** What Teams shows whenever a dialog could not be dealt with, whatever the reason was. */
const trouble = 'Something went wrong. Please try again.'

/** Opens what the app answers, or shows what it says, or closes what is open. */
export function openDialog(stage: Stage, answer: Answer, where: Where): TeamsActResult {
  const { tenant } = stage
  if (answer.kind !== 'answered' || answer.status !== 200) return failed(answer)
  const ackMs = answer.ms
  const task = isPart(answer.body) ? answer.body.task : undefined
  if (answer.body === '' || (isPart(answer.body) && task === undefined)) {
    if (tenant.dialogs.delete(where.person.id)) tenant.changed()
    return { ok: true, ackMs }
  }
  try {
    const opened = dialogIn(stage, task, where)
    tenant.dialogs.set(where.person.id, opened)
    tenant.changed()
    return { ok: true, ackMs }
  } catch (error) {
    if (!(error instanceof TeamsError)) throw error
    stage.problem(error.message)
    return { ok: false, error: trouble, ackMs }
  }
}

/** Sends the dialog. What is missing or wrong is refused here already, as the client does. */
export async function submitDialog(stage: Stage, act: SubmitDialog): Promise<TeamsActResult> {
  const { tenant, courier } = stage
  const person = actor(tenant, act.as)
  const dialog = ownDialog(stage, person, act.dialog)
  const inputs = completed(dialog.card ?? {}, act.inputs ?? {})
  const errors = clientErrors(dialog.card ?? {}, inputs)
  if (Object.keys(errors).length > 0) return { ok: false, errors }
  const where = whereOf(stage, person, dialog)
  let answer = await courier.send(submitActivity(stage, where, { ...act, inputs }))
  // The client tries again where nobody answered, as something new.
  for (let tries = 1; tries < stage.submits && answer.kind !== 'answered'; tries += 1) {
    answer = await courier.send(submitActivity(stage, where, { ...act, inputs }))
  }
  if (answer.kind !== 'answered' || answer.status !== 200) return { ...failed(answer), error: trouble }
  return openDialog(stage, answer, where)
}

/** The dialog as it travels. */
function submitActivity(
  stage: Stage,
  where: Where,
  { action, inputs = {} }: Pick<SubmitDialog, 'action' | 'inputs'>,
): Activity {
  if (action.type !== 'Action.Submit') throw new Impossible('A dialog is sent by a submit.')
  const value = { data: { ...action.data, ...inputs }, context: { theme: 'default' } }
  return invoke(stage, where, { name: 'task/submit', value })
}

/** Closes the dialog; the app hears nothing of it. */
export function closeDialog(stage: Stage, act: CloseDialog): TeamsActResult {
  const person = actor(stage.tenant, act.as)
  ownDialog(stage, person, act.dialog)
  stage.tenant.dialogs.delete(person.id)
  stage.tenant.changed()
  return { ok: true }
}

function dialogIn({ tenant }: Stage, task: unknown, where: Where): OpenDialog {
  const made = {
    id: tenant.nextId('d'),
    conversation: where.conversation.id,
    root: where.root,
  }
  if (isPart(task) && task.type === 'message' && typeof task.value === 'string') {
    return { ...made, title: tenant.app.name, card: null, text: task.value }
  }
  const value = isPart(task) && task.type === 'continue' && isPart(task.value) ? task.value : null
  const attached = value !== null && isPart(value.card) ? value.card : null
  if (value === null || attached?.contentType !== 'application/vnd.microsoft.card.adaptive') {
    throw new TeamsError(400, 'BadSyntax', {
      message: 'a dialog was answered with something Teams does not know',
    })
  }
  const { title } = value
  if (typeof title !== 'string' || title === '')
    throw new TeamsError(400, 'BadSyntax', { message: 'a dialog has no title' })
  return { ...made, title, card: checkedCard(tenant, attached.content), text: '' }
}

function ownDialog({ tenant }: Stage, person: TeamsPerson, id: string): OpenDialog {
  const dialog = tenant.dialogs.get(person.id)
  if (dialog === undefined || dialog.id !== id) throw new Impossible('This window was closed.')
  return dialog
}

function whereOf({ tenant }: Stage, person: TeamsPerson, dialog: OpenDialog): Where {
  const conversation = tenant.conversations.get(dialog.conversation)
  if (conversation === undefined) throw new Impossible('This conversation is gone.')
  return { person, conversation, root: dialog.root }
}
