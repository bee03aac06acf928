import { type ButtonValue, readButtonValue } from '../../channels/buttonValue.ts'
import type { CommandDraft } from '../../channels/doInTime.ts'
import type { Doer } from '../../channels/hearing.ts'
import { notingRefusal, type Tried } from '../../channels/noteRefusal.ts'
import type { SeenNow } from '../../channels/shown.ts'
import { Refusal } from '../../core/refusal.ts'
import type { SlackContext } from '../context.ts'
import { changeModal, openModal } from '../windows/openWindow.ts'
import { noteModal } from '../windows/shell.ts'
import { actorOf } from './actor.ts'
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
    notingRefusal(slack, whoPressed(slack, press), make),
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
export function whoPressed(slack: SlackContext, { body }: Press): Tried {
  const { value } = pressed(body)
  const origin = body.view ? originOf(body.view) : null
  const button = readButtonValue(value) ?? menuChoice(value).button
  return { account: slack.address(body.user.id), request: origin?.request ?? button?.request ?? null }
}

/** What the button carries. @throws Refusal `foreign_payload` */
export function buttonOf(value: string): ButtonValue {
  const button = readButtonValue(value)
  if (!button) throw new Refusal('foreign_payload', 'a button that is not ours')
  return button
}

/**
 * A plain approval. Of one click there is one trigger, so it names the delivery: the same click delivered twice counts
 * once.
 */
export function approval(
  { slack, press }: { readonly slack: SlackContext; readonly press: Press },
  of: SeenNow & {
    readonly id: string
    readonly card: string | null
    readonly message?: string
    readonly conversation?: string
  },
): CommandDraft {
  const { id, ...shown } = of
  const attempt = { request: id, ...shown, delivery: `slack:${press.body.trigger_id}` }
  return {
    request: id,
    actor: actorOf(slack, press.body.user),
    by: (who) => ({
      verb: 'approve',
      attempt: { ...attempt, ...who, reason: null, typed: [] },
    }),
  }
}

/** Who did it, and by which name what they did goes. Of one press there is one trigger. */
export function doerOf(
  slack: SlackContext,
  { body }: { readonly body: Pick<Press['body'], 'user' | 'trigger_id'> },
): Doer {
  return { actor: actorOf(slack, body.user), delivery: `slack:${body.trigger_id}` }
}
