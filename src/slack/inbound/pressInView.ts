import type { Verb } from '../../approvals/personCommand.ts'
import { doInTime, type Outcome, outcomeTitles } from '../../channels/doInTime.ts'
import { makeWindow } from '../../channels/makeWindow.ts'
import { notingRefusal } from '../../channels/noteRefusal.ts'
import type { ViewOrigin } from '../../channels/origin.ts'
import type { MenuChoice } from '../../channels/read.ts'
import { seenInFullView } from '../../channels/shown.ts'
import { Refusal } from '../../core/refusal.ts'
import type { SlackContext } from '../context.ts'
import { answerText } from '../text/answers.ts'
import { formModal } from '../windows/form.ts'
import { changeModal } from '../windows/openWindow.ts'
import { makeRequestModal } from '../windows/reading.ts'
import { noteModal } from '../windows/shell.ts'
import { originOf, pressed } from './payloads.ts'
import { approval, doerOf, type Press, type Presser, whoPressed } from './press.ts'
import { tellPrivately } from './tell.ts'

/** Shows another page of the full request, or of its history. */
export async function turnPage(slack: SlackContext, press: Press): Promise<void> {
  await press.ack()
  const { view, origin } = openView(press)
  const page = Number(pressed(press.body).value)
  const choice = view.callback_id === 'history' ? 'history' : 'full'
  await showChoice(slack, press, { view: view.id, choice, origin: { ...origin, page } })
}

/** From the full request to its history, and back. */
export function readInView(choice: MenuChoice): Presser {
  return async (slack, press) => {
    await press.ack()
    const { view, origin } = openView(press)
    await showChoice(slack, press, { view: view.id, choice, origin: { ...origin, page: 0 } })
  }
}

async function showChoice(
  slack: SlackContext,
  press: Press,
  { view, ...show }: { readonly view: string; readonly choice: MenuChoice; readonly origin: ViewOrigin },
): Promise<void> {
  await changeModal(slack, view, () =>
    notingRefusal(slack, whoPressed(slack, press), () => makeRequestModal(slack, press.body.user.id, show)),
  )
}

/** One click approves, on the last page. */
export async function approveInView(slack: SlackContext, press: Press): Promise<void> {
  const { view, origin } = openView(press)
  const delivered = { account: slack.address(press.body.user.id), ack: press.ack }
  const { now, later } = await doInTime(slack, delivered, async () => {
    const seen = await seenInFullView(slack.ports, origin)
    return approval({ slack, press }, { id: origin.request, card: origin.card, seen })
  })
  await showOutcome(slack, press, { view: view.id, origin, outcome: now })
  if (later) await showOutcome(slack, press, { view: view.id, origin, outcome: await later })
}

/** The window of a verb takes the place of the last page. */
export function windowInView(verb: Verb): Presser {
  return async (slack, press) => {
    await press.ack()
    const { view, origin } = openView(press)
    await changeModal(slack, view.id, () =>
      notingRefusal(slack, whoPressed(slack, press), async () => {
        await seenInFullView(slack.ports, origin)
        return formModal(await makeWindow(slack, doerOf(slack, press), { verb, origin }))
      }),
    )
  }
}

async function showOutcome(
  slack: SlackContext,
  press: Press,
  shown: { readonly view: string; readonly origin: ViewOrigin; readonly outcome: Outcome },
): Promise<void> {
  const { outcome, origin } = shown
  const says = answerText(outcome)
  const changed = await changeModal(slack, shown.view, async () =>
    noteModal(outcomeTitles[outcome.kind], says),
  )
  if (!changed && outcome.kind !== 'recorded')
    await tellPrivately(slack, { user: press.body.user.id, respond: null }, { text: says })
  if (origin.from === 'home') await slack.homes.opened(press.body.user.id)
}

type OpenView = NonNullable<Press['body']['view']>

function openView(press: Press): { readonly view: OpenView; readonly origin: ViewOrigin } {
  const { view } = press.body
  const origin = view ? originOf(view) : null
  if (!view || !origin) throw new Refusal('foreign_payload', 'a view that is not ours')
  return { view, origin }
}
