import type { ModalView } from '@slack/types'
import { doInTime, type Outcome, outcomeTitles } from '../../channels/doInTime.ts'
import { besideFields, draftOf, type Reviewed, reviewed } from '../../channels/submitted.ts'
import { verbOfWindow } from '../../channels/verbs.ts'
import type { Fields } from '../../channels/written.ts'
import type { SlackContext } from '../context.ts'
import { answerText } from '../text/answers.ts'
import { formModal, inputAction } from '../windows/form.ts'
import { noteModal } from '../windows/shell.ts'
import { originOf, type ViewSubmission } from './payloads.ts'
import { doerOf } from './press.ts'
import { tellPrivately } from './tell.ts'

/** How Slack wants a submitted modal answered: nothing closes it. */
export type SubmissionAnswer =
  | { readonly response_action: 'errors'; readonly errors: Record<string, string> }
  | { readonly response_action: 'update'; readonly view: ModalView }

export interface Submitted {
  readonly body: ViewSubmission
  readonly ack: (answer?: SubmissionAnswer) => Promise<void>
}

/**
 * A window was sent: does what it is for. The window closes when that is recorded; what was not written as policy asks
 * is said beside the field, and anything else takes the window's place.
 */
export async function onSubmission(slack: SlackContext, submitted: Submitted): Promise<void> {
  const { body, ack } = submitted
  const origin = originOf(body.view)
  const verb = verbOfWindow(body.view.callback_id)
  if (!origin || !verb) return ack(update('Not possible', 'That window was not ours.'))

  const sent = { doer: doerOf(slack, submitted), verb, origin, fields: fieldsIn(body) }
  const first = await reviewed(slack, sent)
  if (first) return ack(answerToReview(body, first))
  const delivered = { account: slack.address(body.user.id), ack: null }
  const { now, later } = await doInTime(slack, delivered, () => draftOf(slack, sent))
  await ack(answerTo(body, now))
  const end = later ? await later : now
  if (later && end.kind !== 'repeated')
    await tellPrivately(slack, { user: body.user.id, respond: null }, { text: answerText(end) })
  if (origin.from === 'home') await slack.homes.opened(body.user.id)
}

function answerToReview(body: ViewSubmission, found: Reviewed): SubmissionAnswer | undefined {
  if ('outcome' in found) return answerTo(body, found.outcome)
  return { response_action: 'update', view: formModal(found.show) }
}

function answerTo(body: ViewSubmission, outcome: Outcome): SubmissionAnswer | undefined {
  const { kind, refusal } = outcome
  if (kind === 'recorded' || kind === 'repeated') return undefined
  // Slack takes errors only for inputs that the window has.
  const errors = refusal ? besideFields(refusal, Object.keys(body.view.state?.values ?? {})) : []
  if (errors.length > 0) return { response_action: 'errors', errors: Object.fromEntries(errors) }
  return update(outcomeTitles[kind], answerText(outcome))
}

/** The blocks of our inputs have the names of their fields. */
function fieldsIn(body: ViewSubmission): Fields {
  return {
    field: (block) => writtenIn(body, block),
    ticked: (block) => pickedIn(body, block).length > 0,
    picked: (block) => pickedIn(body, block),
    chosen: (block) => body.view.state?.values[block]?.[inputAction]?.selected_option?.value ?? null,
  }
}

function writtenIn(body: ViewSubmission, block: string): string {
  return body.view.state?.values[block]?.[inputAction]?.value ?? ''
}

function pickedIn(body: ViewSubmission, block: string): readonly string[] {
  return (body.view.state?.values[block]?.[inputAction]?.selected_options ?? []).map(({ value }) => value)
}

function update(title: string, text: string): SubmissionAnswer {
  return { response_action: 'update', view: noteModal(title, text) }
}
