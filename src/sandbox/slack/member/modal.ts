/** A member submits or closes a modal, and Slack does what the app answers. */
import type { ActResult, Member, MemberAct } from '../../wire.ts'
import { isFields } from '../blocks/shape.ts'
import type { Parcel } from '../delivery/courier.ts'
import { clientErrors, completeState } from '../inputs.ts'
import { viewClosed, viewSubmission } from '../payloads.ts'
import { SlackError } from '../slackError.ts'
import { closeModals, inputBlockIds, openModal, updateView } from '../views.ts'
import type { StoredView } from '../workspace.ts'
import { actor, type Stage } from './actor.ts'
import { ownView } from './press.ts'

export type Submit = Extract<MemberAct, { act: 'submit' }>
export type Close = Extract<MemberAct, { act: 'close' }>

/** What Slack shows whenever a submission could not be dealt with, whatever the reason was. */
const trouble = 'We had some trouble connecting. Try again?'

/** Submits the modal. Required and too short inputs are refused here already, as Slack's client does. */
export async function submit(stage: Stage, act: Submit): Promise<ActResult> {
  const { workspace } = stage
  const member = actor(workspace, act.as)
  const view = ownView(workspace, member, act.view)
  const values = completeState(view, act.state)
  const errors = clientErrors(view, values)
  if (Object.keys(errors).length > 0) return { ok: false, errors }
  const ack = await stage.outbox.send(viewSubmission(stage, { member, view, values }))
  if (ack.kind !== 'acked') return { ok: false, error: trouble, ackMs: ack.ms }
  return { ...obey(stage, view, ack.body), ackMs: ack.ms }
}

/** The submission as it travels, without asking whether this member could really make it. */
export function submitParcel(stage: Stage, act: Submit, member: Member): Parcel {
  const view = ownView(stage.workspace, member, act.view)
  return viewSubmission(stage, { member, view, values: completeState(view, act.state) })
}

/** Closes the modal; the app hears of it only if the view asks for that. */
export async function close(stage: Stage, act: Close): Promise<ActResult> {
  const { workspace, outbox } = stage
  const member = actor(workspace, act.as)
  const view = ownView(workspace, member, act.view)
  const all = view.sent.clear_on_close === true
  const closed = closeModals(workspace, member.id, all ? 'all' : view)
  const told = closed.filter((one) => one.sent.notify_on_close === true)
  // Nobody waits for the answer to this: the window is closed already.
  for (const one of told) void outbox.send(viewClosed(workspace, { member, view: one, isCleared: all }))
  return { ok: true }
}

function obey(stage: Stage, view: StoredView, answer: unknown): ActResult {
  const { workspace, context, problem } = stage
  if (answer === '' || (isFields(answer) && answer.response_action === undefined)) {
    closeModals(workspace, view.owner, view)
    return { ok: true }
  }
  const action = isFields(answer) ? answer.response_action : undefined
  const given = isFields(answer) ? answer : {}
  try {
    if (action === 'clear') closeModals(workspace, view.owner, 'all')
    else if (action === 'push') openModal(workspace, context, { owner: view.owner, view: given.view })
    else if (action === 'update') {
      updateView(workspace, context, {
        viewId: view.id,
        externalId: undefined,
        hash: undefined,
        view: given.view,
      })
    } else if (action === 'errors') return fieldErrors(stage, view, given.errors)
    else
      return troubled(
        problem,
        `view_submission was answered with something Slack does not know: ${String(action)}`,
      )
    return { ok: true }
  } catch (error) {
    if (!(error instanceof SlackError)) throw error
    return troubled(
      problem,
      `view_submission's ${String(action)}: ${error.code} ${JSON.stringify(error.details)}`,
    )
  }
}

/** Errors belong to input blocks; anything else Slack cannot show. */
function fieldErrors(stage: Stage, view: StoredView, given: unknown): ActResult {
  const entries = isFields(given) ? Object.entries(given) : []
  const inputs = inputBlockIds(view)
  const misplaced = entries.filter(([id, text]) => !inputs.includes(id) || typeof text !== 'string')
  if (entries.length === 0 || misplaced.length > 0) {
    const ids = misplaced.map(([id]) => id).join(', ')
    return troubled(stage.problem, `view_submission's errors name no input block: ${ids || 'nothing given'}`)
  }
  return { ok: false, errors: Object.fromEntries(entries.map(([id, text]) => [id, String(text)])) }
}

function troubled(problem: Stage['problem'], text: string): ActResult {
  problem(text)
  return { ok: false, error: trouble }
}
