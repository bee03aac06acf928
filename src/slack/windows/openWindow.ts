import type { ModalView } from '@slack/types'
import { z } from 'zod'
import { StoreUnavailable } from '../../approvals/storeUnavailable.ts'
import { Refusal } from '../../core/refusal.ts'
import { resultWithin } from '../../lifetime/limit.ts'
import type { SlackContext } from '../context.ts'
import { slackFault } from '../outbound/fault.ts'
import { textFor } from '../text/answers.ts'
import { noteModal } from './shell.ts'

/** Milliseconds that a modal may take to make before a placeholder is opened: a trigger lives for three seconds. */
const quick = 1_000

const opened = z.object({ view: z.object({ id: z.string() }) })

/**
 * Opens a modal for a click. If it is not ready soon, a placeholder takes the trigger and is filled when it is. A
 * refusal becomes the modal's text. Resolves to false when Slack would not open anything.
 */
export async function openModal(
  slack: SlackContext,
  trigger: string,
  make: () => Promise<ModalView>,
): Promise<boolean> {
  const making = make().catch((error: unknown) => failed(error))
  const ready = await resultWithin(making, quick)
  try {
    const answer = await slack.clicks.views.open({
      trigger_id: trigger,
      view: ready ?? noteModal('One moment', 'Looking it up…'),
    })
    if (!ready) await slack.clicks.views.update({ view_id: opened.parse(answer).view.id, view: await making })
    return true
  } catch (error) {
    slack.log.warn({ code: slackFault(error).code }, 'a modal could not be opened')
    return false
  }
}

/** Shows something else in an open modal. Resolves to false when the person has closed it meanwhile. */
export async function changeModal(
  slack: SlackContext,
  viewId: string,
  make: () => Promise<ModalView>,
): Promise<boolean> {
  const view = await make().catch((error: unknown) => failed(error))
  try {
    await slack.clicks.views.update({ view_id: viewId, view })
    return true
  } catch (error) {
    slack.log.warn({ code: slackFault(error).code }, 'a modal could not be changed')
    return false
  }
}

/** Windows only show something, so nothing can have been recorded. Whoever asked for one has told the log why it is none. */
function failed(error: unknown): ModalView {
  const title =
    error instanceof Refusal
      ? 'Not possible'
      : error instanceof StoreUnavailable
        ? 'Not possible just now'
        : 'Something went wrong'
  return noteModal(title, textFor(error, 'looking'))
}
