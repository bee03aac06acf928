import type { ModalView } from '@slack/types'
import { Refusal } from '../core/refusal.ts'
import { decideInTime } from './decision.ts'
import type { Desk } from './desk.ts'
import { factsOf } from './facts.ts'
import { publishHome } from './home.ts'
import { noteModal, reasonField } from './modals.ts'
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

/** The deny modal was sent: decides with its reason. The modal closes when that is recorded, and says why when not. */
export async function onDenySubmitted(desk: Desk, submitted: Submitted): Promise<void> {
  const { body, ack } = submitted
  const origin = originOf(body.view)
  if (!origin) return ack(update('Not possible', 'That window was not ours.'))
  const reason = body.view.state?.values[reasonField.block]?.[reasonField.action]?.value?.trim() ?? ''
  if (reason === '')
    return ack({ response_action: 'errors', errors: { [reasonField.block]: 'A reason is needed.' } })

  const { now, later } = await decideInTime(desk, async () => {
    const request = await desk.ports.store.request(origin.request)
    if (!request) throw new Refusal('unknown_request', 'a denial of a request that does not exist')
    return {
      request: request.id,
      kind: 'deny',
      reason: reason.slice(0, reasonField.max),
      card: origin.card,
      seen: factsOf(request).text,
      delivery: `slack:${body.trigger_id}`,
      user: body.user,
    }
  })
  const done = now.kind === 'recorded' || now.kind === 'repeated'
  await ack(done ? undefined : update(now.kind === 'waiting' ? 'One moment' : 'Not possible', now.says))
  const end = later ? await later : now
  if (later && end.kind !== 'repeated')
    await tellPrivately(desk, { user: body.user.id, respond: null }, { text: end.says })
  if (origin.from === 'home') await publishHome(desk, body.user.id)
}

function update(title: string, text: string): SubmissionAnswer {
  return { response_action: 'update', view: noteModal(title, text) }
}
