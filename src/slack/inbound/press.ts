import type { Listed } from '../../approvals/personCommand.ts'
import { shownWith } from '../../approvals/sets/members.ts'
import { factsWith } from '../../card/declared.ts'
import { type Facts, factsOf } from '../../card/facts.ts'
import { Refusal } from '../../core/refusal.ts'
import type { ActionRequest } from '../../core/request.ts'
import { type ButtonValue, readButtonValue } from '../card/buttonValue.ts'
import type { SlackContext } from '../context.ts'
import { notingRefusal } from '../noteRefusal.ts'
import { changeModal, openModal } from '../windows/openWindow.ts'
import { noteModal } from '../windows/shell.ts'
import type { CommandDraft } from './doInTime.ts'
import { type BlockActions, menuChoice, originOf, pressed } from './payloads.ts'
import { type Respond, tellPrivately } from './tell.ts'

/** One press of an element of ours. `ack` has to happen within three seconds. */
export interface Press {
  readonly body: BlockActions
  readonly ack: () => Promise<void>
  /** Null where the press has no place to answer to: in modals and Home. */
  readonly respond: Respond | null
}

export type Presser = (slack: SlackContext, press: Press) => Promise<void>

/** Opens a window for a press; says so where Slack would not. */
export async function openFor(
  slack: SlackContext,
  press: Press,
  make: Parameters<typeof openModal>[2],
): Promise<void> {
  const opened = await openModal(slack, press.body.trigger_id, () =>
    notingRefusal(slack, whoPressed(press), make),
  )
  if (!opened)
    await answer(slack, press, 'Slack did not open the window. Nothing was decided; please try again.')
}

/** Beside the click on a message; in its window when there is one. */
export async function answer(slack: SlackContext, press: Press, text: string): Promise<void> {
  const { view, user } = press.body
  if (
    view &&
    view.callback_id !== 'home' &&
    (await changeModal(slack, view.id, async () => noteModal('Not possible', text)))
  )
    return
  await tellPrivately(slack, { user: user.id, respond: press.respond }, { text })
}

/** Who pressed, and about which request, as far as what was pressed says. */
export function whoPressed({ body }: Press): { readonly user: string; readonly request: string | null } {
  const { value } = pressed(body)
  const origin = body.view ? originOf(body.view) : null
  const button = readButtonValue(value) ?? menuChoice(value).button
  return { user: body.user.id, request: origin?.request ?? button?.request ?? null }
}

/** What the button carries. @throws Refusal `foreign_payload` */
export function buttonOf(value: string): ButtonValue {
  const button = readButtonValue(value)
  if (!button) throw new Refusal('foreign_payload', 'a button that is not ours')
  return button
}

/** The action as it is rendered, with the rollback that was declared with it. @throws Refusal `unknown_request` */
export async function factsFor(slack: SlackContext, id: string): Promise<Facts> {
  const request = await slack.ports.store.request(id)
  if (!request) throw new Refusal('unknown_request', 'a click for a request that does not exist')
  return factsWith(request, await shownWith(slack.ports, request))
}

/** The requests that a button acts on together, each as its card shows it. @throws Refusal `unknown_request` */
export async function listedFor(slack: SlackContext, ids: readonly string[]): Promise<readonly ListedLine[]> {
  const requests = await slack.ports.store.requestsOf(ids)
  return ids.map((id) => {
    const request = requests.find((one) => one.id === id)
    if (!request) throw new Refusal('unknown_request', 'a click for a request that does not exist')
    return { request, facts: factsOf(request) }
  })
}

interface ListedLine {
  readonly request: ActionRequest
  readonly facts: Facts
}

/**
 * A plain approval. Of one click there is one trigger, so it names the delivery: the same click delivered twice counts
 * once.
 */
export function approval(
  press: Press,
  of: {
    readonly id: string
    readonly card: string | null
    readonly seen: string
    readonly together?: readonly Listed[]
    readonly message?: string
    readonly conversation?: string
  },
): CommandDraft {
  const { id, ...shown } = of
  const attempt = { request: id, ...shown, delivery: `slack:${press.body.trigger_id}` }
  return {
    request: id,
    user: press.body.user,
    by: (who) => ({
      verb: 'approve',
      attempt: { ...attempt, ...who, reason: null, typed: [] },
    }),
  }
}
