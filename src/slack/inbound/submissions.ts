import type { ModalView } from '@slack/types'
import type { PersonAttempt } from '../../approvals/attempt.ts'
import type { Deed } from '../../approvals/job.ts'
import { Refusal } from '../../core/refusal.ts'
import type { ActionRequest } from '../../core/request.ts'
import { factsOf } from '../card/facts.ts'
import type { SlackContext } from '../context.ts'
import { firstPoints } from '../text/text.ts'
import { inputAction, longestProse, noteBlock, reasonBlock, typedBlock } from '../windows/fields.ts'
import { type FormName, isForm } from '../windows/forms.ts'
import { publishHome } from '../windows/home.ts'
import { noteModal, type ViewOrigin } from '../windows/shell.ts'
import { doInTime, type Outcome } from './deeds.ts'
import { originOf, type ViewSubmission } from './payloads.ts'
import { tellPrivately } from './tell.ts'

/** How Slack wants a submitted modal answered: nothing closes it. */
export type SubmissionAnswer =
  | { readonly response_action: 'errors'; readonly errors: Record<string, string> }
  | { readonly response_action: 'update'; readonly view: ModalView }

export interface Submitted {
  readonly body: ViewSubmission
  readonly ack: (answer?: SubmissionAnswer) => Promise<void>
}

/** What was sent, as the verbs want it. */
interface Filled {
  readonly by: PersonAttempt
  readonly origin: ViewOrigin
  readonly request: ActionRequest
  /** The facts of the action as they were rendered. */
  readonly seen: string
  readonly field: (block: string) => string
}

/** What sending each window does. */
const deeds: Readonly<Record<FormName, (filled: Filled) => Deed>> = {
  deny: ({ by, seen, field }) => ({
    task: 'decide',
    request: by.request,
    attempt: { ...by, kind: 'deny', reason: prose(field(reasonBlock)), typed: [], seen },
  }),
  approve_form: ({ by, request, seen, field }) => ({
    task: 'decide',
    request: by.request,
    attempt: {
      ...by,
      kind: 'approve',
      reason: request.requirement?.reason ? prose(field(reasonBlock)) : null,
      typed: (request.requirement?.confirm ?? []).map((_, nth) => field(typedBlock(nth))),
      seen,
    },
  }),
  escalate: ({ by, origin, field }) => ({
    task: 'act',
    request: by.request,
    act: { verb: 'escalate', attempt: { ...by, ...shownIn(origin), reason: prose(field(reasonBlock)) } },
  }),
  break_glass: ({ by, seen, field }) => ({
    task: 'act',
    request: by.request,
    act: { verb: 'break_glass', attempt: { ...by, reason: prose(field(reasonBlock)), seen } },
  }),
  close_review: ({ by, field }) => ({
    task: 'act',
    request: by.request,
    act: { verb: 'close_review', attempt: { ...by, note: prose(field(noteBlock)) } },
  }),
}

/**
 * A window was sent: does what it is for. The window closes when that is recorded; what was not written as policy asks
 * is said beside the field, and anything else takes the window's place.
 */
export async function onSubmission(slack: SlackContext, submitted: Submitted): Promise<void> {
  const { body, ack } = submitted
  const origin = originOf(body.view)
  const form = body.view.callback_id
  if (!origin || !isForm(form)) return ack(update('Not possible', 'That window was not ours.'))

  const { now, later } = await doInTime(slack, body.user.id, async () => {
    const request = await slack.ports.store.request(origin.request)
    if (!request) throw new Refusal('unknown_request', 'a window for a request that does not exist')
    // Of one sending there is one trigger, so it names the delivery.
    const attempt = { request: request.id, card: origin.card, delivery: `slack:${body.trigger_id}` }
    const filled = {
      request,
      origin,
      seen: factsOf(request).text,
      field: (block: string) => written(body, block),
    }
    return {
      request: request.id,
      user: body.user,
      by: (who) => deeds[form]({ ...filled, by: { ...attempt, ...who } }),
    }
  })
  await ack(answerTo(body, now))
  const end = later ? await later : now
  if (later && end.kind !== 'repeated')
    await tellPrivately(slack, { user: body.user.id, respond: null }, { text: end.says })
  if (origin.from === 'home') await publishHome(slack, body.user.id)
}

function answerTo(body: ViewSubmission, { kind, says, refusal }: Outcome): SubmissionAnswer | undefined {
  if (kind === 'recorded' || kind === 'repeated') return undefined
  const errors = refusal ? besideFields(body, refusal) : []
  if (errors.length > 0) return { response_action: 'errors', errors: Object.fromEntries(errors) }
  return update(kind === 'waiting' ? 'One moment' : 'Not possible', says)
}

/** The places a refusal names are our inputs' block ids. Slack takes errors only for inputs that the window has. */
function besideFields(body: ViewSubmission, refusal: Refusal): [block: string, says: string][] {
  const blocks = Object.keys(body.view.state?.values ?? {})
  if (refusal.code === 'reason_needed')
    return blocks
      .filter((block) => block === reasonBlock || block === noteBlock)
      .map((block) => [block, refusal.says])
  return refusal.problems.flatMap(({ pointer, detail }): [string, string][] => {
    const block = pointer.slice(1)
    return blocks.includes(block) ? [[block, detail]] : []
  })
}

function shownIn({ to }: ViewOrigin): { readonly to?: string } {
  return to === undefined ? {} : { to }
}

function written(body: ViewSubmission, block: string): string {
  return body.view.state?.values[block]?.[inputAction]?.value ?? ''
}

/** What is typed to confirm is taken letter by letter; prose is not. */
function prose(text: string): string {
  return firstPoints(text.trim(), longestProse)
}

function update(title: string, text: string): SubmissionAnswer {
  return { response_action: 'update', view: noteModal(title, text) }
}
