import { Refusal } from '../core/refusal.ts'
import { doInTime, type Outcome } from './deeds.ts'
import type { Desk } from './desk.ts'
import type { FormName } from './forms.ts'
import { publishHome } from './home.ts'
import { pageCount } from './modals.ts'
import { originOf, pressed } from './payloads.ts'
import { approval, factsFor, type Press, type Presser } from './press.ts'
import { makeForm, makeRequestModal } from './requestModals.ts'
import { noteModal, type ViewOrigin } from './shell.ts'
import { tellPrivately } from './tell.ts'
import { changeModal } from './windows.ts'

/** Shows another page of the full request. */
export async function turnPage(desk: Desk, press: Press): Promise<void> {
  await press.ack()
  const { view, origin } = openView(press)
  const page = Number(pressed(press.body).value)
  await changeModal(desk, view.id, () =>
    makeRequestModal(desk, press.body.user.id, { choice: 'full', origin: { ...origin, page } }),
  )
}

/** One click approves, on the last page. */
export async function approveInView(desk: Desk, press: Press): Promise<void> {
  const { view, origin } = openView(press)
  const { now, later } = await doInTime(desk, async () => {
    await refuseUnlessLastPage(desk, origin)
    const { text } = await factsFor(desk, origin.request)
    return approval(press, { id: origin.request, card: origin.card, seen: text })
  })
  await press.ack()
  await showOutcome(desk, press, { view: view.id, origin, outcome: now })
  if (later) await showOutcome(desk, press, { view: view.id, origin, outcome: await later })
}

/** A form takes the place of the last page. */
export function formInView(form: FormName): Presser {
  return async (desk, press) => {
    await press.ack()
    const { view, origin } = openView(press)
    await changeModal(desk, view.id, async () => {
      await refuseUnlessLastPage(desk, origin)
      return makeForm(desk, press.body.user.id, { form, origin })
    })
  }
}

async function showOutcome(
  desk: Desk,
  press: Press,
  shown: { readonly view: string; readonly origin: ViewOrigin; readonly outcome: Outcome },
): Promise<void> {
  const { outcome, origin } = shown
  const titles = {
    recorded: 'Recorded',
    repeated: 'Recorded',
    refused: 'Not possible',
    broken: 'Something went wrong',
    waiting: 'One moment',
  }
  const changed = await changeModal(desk, shown.view, async () =>
    noteModal(titles[outcome.kind], outcome.says),
  )
  if (!changed && outcome.kind !== 'recorded')
    await tellPrivately(desk, { user: press.body.user.id, respond: null }, { text: outcome.says })
  if (origin.from === 'home') await publishHome(desk, press.body.user.id)
}

/** The whole action has been shown only when its last page is (threats: too-long). */
async function refuseUnlessLastPage(desk: Desk, origin: ViewOrigin): Promise<void> {
  const request = await desk.ports.store.request(origin.request)
  if (!request) throw new Refusal('unknown_request', 'a view of a request that does not exist')
  if (origin.page !== pageCount(request) - 1)
    throw new Refusal('view_needed', 'a decision before the last page')
}

function openView(press: Press): { readonly view: { readonly id: string }; readonly origin: ViewOrigin } {
  const { view } = press.body
  const origin = view ? originOf(view) : null
  if (!view || !origin) throw new Refusal('foreign_payload', 'a view that is not ours')
  return { view, origin }
}
