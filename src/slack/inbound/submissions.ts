import type { ModalView } from '@slack/types'
import { viewOf } from '../../approvals/inspect.ts'
import type { Verb } from '../../approvals/personCommand.ts'
import { asksOf } from '../../approvals/sets/asks.ts'
import { shownWith } from '../../approvals/sets/members.ts'
import { factsWith } from '../../card/declared.ts'
import { Refusal } from '../../core/refusal.ts'
import type { ActionRequest } from '../../core/request.ts'
import { resultWithin } from '../../lifetime/limit.ts'
import type { SlackContext } from '../context.ts'
import { refusalText, textFor } from '../text/answers.ts'
import { inputAction, noteBlock, reasonBlock } from '../windows/fields.ts'
import { noteModal, type ViewOrigin } from '../windows/shell.ts'
import { shownIn } from '../windows/shownIn.ts'
import { doInTime, type Outcome } from './doInTime.ts'
import { originOf, type ViewSubmission } from './payloads.ts'
import { listedFor } from './press.ts'
import { tellPrivately } from './tell.ts'
import { slackVerbs, verbOfWindow, writtenCommand } from './verbs.ts'

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

  const first = await reviewed(slack, body, { origin, verb })
  if (first) return ack(first)
  const { now, later } = await doInTime(slack, body.user.id, async () => {
    const request = await slack.ports.store.request(origin.request)
    if (!request) throw new Refusal('unknown_request', 'a window for a request that does not exist')
    // Of one sending there is one trigger, so it names the delivery.
    const attempt = { request: request.id, card: origin.card, delivery: `slack:${body.trigger_id}` }
    const written = {
      request,
      origin,
      ...(await seenIn(slack, origin, request)),
      field: (block: string) => writtenIn(body, block),
      ticked: (block: string) => pickedIn(body, block).length > 0,
      picked: (block: string) => pickedIn(body, block),
      chosen: (block: string) =>
        body.view.state?.values[block]?.[inputAction]?.selected_option?.value ?? null,
    }
    return {
      request: request.id,
      user: body.user,
      by: (who) => writtenCommand(verb, { ...written, by: { ...attempt, ...who } }),
    }
  })
  await ack(answerTo(body, now))
  const end = later ? await later : now
  if (later && end.kind !== 'repeated')
    await tellPrivately(slack, { user: body.user.id, respond: null }, { text: end.says })
  if (origin.from === 'home') await slack.homes.opened(body.user.id)
}

/** What has to be shown before it counts; null where nothing has. In time, or not at all: nothing is attempted by then. */
async function reviewed(
  slack: SlackContext,
  body: ViewSubmission,
  { origin, verb }: { readonly origin: ViewOrigin; readonly verb: Verb },
): Promise<SubmissionAnswer | null> {
  const { review, window } = slackVerbs[verb]
  if (!review) return null
  const look = async (): Promise<SubmissionAnswer | 'counts'> => {
    const request = await slack.ports.store.request(origin.request)
    if (!request) return update('Not possible', 'There is no such request.')
    const sent = {
      field: (block: string) => writtenIn(body, block),
      picked: (block: string) => pickedIn(body, block),
    }
    const found = review({ ...sent, origin, view: await viewOf(slack.ports, request) })
    if (!found) return 'counts'
    if ('show' in found) return { response_action: 'update', view: { ...found.show, callback_id: window } }
    const refusal = new Refusal('not_narrower', 'a window that lowers nothing', found.problems)
    return answerTo(body, { kind: 'refused', says: refusalText(refusal), refusal, passing: null }) ?? 'counts'
  }
  const looked = await resultWithin(
    look().catch((error: unknown) => update('Not possible', textFor(error))),
    slack.slowAfter,
  )
  if (looked === 'counts') return null
  return (
    looked ??
    update('One moment', 'This takes longer than usual. Nothing was decided: try again in a moment.')
  )
}

/** What the window showed: of one request what is recorded as seen, of several lines that of each. */
async function seenIn(slack: SlackContext, origin: ViewOrigin, request: ActionRequest) {
  if (!origin.together) {
    const { text } = factsWith(shownIn(origin, request), await shownWith(slack.ports, request))
    return { seen: text, asks: asksOf([request]) }
  }
  const lines = await listedFor(slack, origin.together)
  return {
    seen: '',
    asks: asksOf(lines.map((line) => line.request)),
    together: lines.map((line) => ({ request: line.request.id, seen: line.facts.text })),
  }
}

function answerTo(body: ViewSubmission, { kind, says, refusal }: Outcome): SubmissionAnswer | undefined {
  if (kind === 'recorded' || kind === 'repeated') return undefined
  const errors = refusal ? besideFields(body, refusal) : []
  if (errors.length > 0) return { response_action: 'errors', errors: Object.fromEntries(errors) }
  return update(titles[kind], says)
}

const titles = {
  late: 'Recorded, too late',
  partly: 'Recorded in part',
  refused: 'Not possible',
  broken: 'Not possible',
  waiting: 'One moment',
} as const

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

function writtenIn(body: ViewSubmission, block: string): string {
  return body.view.state?.values[block]?.[inputAction]?.value ?? ''
}

function pickedIn(body: ViewSubmission, block: string): readonly string[] {
  return (body.view.state?.values[block]?.[inputAction]?.selected_options ?? []).map(({ value }) => value)
}

function update(title: string, text: string): SubmissionAnswer {
  return { response_action: 'update', view: noteModal(title, text) }
}
