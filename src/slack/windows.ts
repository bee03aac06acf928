import type { ModalView } from '@slack/types'
import { z } from 'zod'
import { textFor } from './answers.ts'
import type { Desk } from './desk.ts'
import { slackFault } from './fault.ts'
import { noteModal } from './shell.ts'
import { soon } from './soon.ts'

/** Milliseconds that a modal may take to make before a placeholder is opened: a trigger lives for three seconds. */
const quick = 1_000

const opened = z.object({ view: z.object({ id: z.string() }) })

/**
 * Opens a modal for a click. If it is not ready soon, a placeholder takes the trigger and is filled when it is. A
 * refusal becomes the modal's text. Resolves to false when Slack would not open anything.
 */
export async function openModal(
  desk: Desk,
  trigger: string,
  make: () => Promise<ModalView>,
): Promise<boolean> {
  const making = make().catch((error: unknown) => failed(desk, error))
  const ready = await soon(making, quick)
  try {
    const answer = await desk.clicks.views.open({
      trigger_id: trigger,
      view: ready ?? noteModal('One moment', 'Looking it up…'),
    })
    if (!ready) await desk.clicks.views.update({ view_id: opened.parse(answer).view.id, view: await making })
    return true
  } catch (error) {
    desk.log.warn({ code: slackFault(error).code }, 'a modal could not be opened')
    return false
  }
}

/** Shows something else in an open modal. Resolves to false when the person has closed it meanwhile. */
export async function changeModal(
  desk: Desk,
  viewId: string,
  make: () => Promise<ModalView>,
): Promise<boolean> {
  const view = await make().catch((error: unknown) => failed(desk, error))
  try {
    await desk.clicks.views.update({ view_id: viewId, view })
    return true
  } catch (error) {
    desk.log.warn({ code: slackFault(error).code }, 'a modal could not be changed')
    return false
  }
}

function failed(desk: Desk, error: unknown): ModalView {
  const refused = error instanceof Error && error.name === 'Refusal'
  if (!refused) desk.log.error({ err: error }, 'a modal could not be made')
  return noteModal(refused ? 'Not possible' : 'Something went wrong', textFor(error))
}
