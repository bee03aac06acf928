import { stopAsPerson } from '../../approvals/stops/asPerson.ts'
import { resumeStop } from '../../approvals/stops/resume.ts'
import { shownStops } from '../../approvals/stops/shown.ts'
import { reasonField } from '../../card/forms/fields.ts'
import { noteRefusal } from '../../channels/noteRefusal.ts'
import { Refusal } from '../../core/refusal.ts'
import { resultWithin } from '../../lifetime/limit.ts'
import type { SlackContext } from '../context.ts'
import { textFor } from '../text/answers.ts'
import { inline } from '../text/escape.ts'
import { inputAction } from '../windows/form.ts'
import { linkWindow } from '../windows/linkForm.ts'
import { revokeAgentWindow } from '../windows/revokeAgentForm.ts'
import { noteModal } from '../windows/shell.ts'
import { aboutResume, aboutStop, resumeWindow, stopWindow } from '../windows/stopForms.ts'
import { revokeAgentSent } from './agentCommands.ts'
import { linkSent } from './linkCommand.ts'
import type { ViewSubmission } from './payloads.ts'
import type { SubmissionAnswer, Submitted } from './submissions.ts'
import { tellPrivately } from './tell.ts'

/** What each window does when it is sent; in words for whoever sent it. */
const sent: Readonly<Record<string, (slack: SlackContext, body: ViewSubmission) => Promise<string>>> = {
  [stopWindow]: stopSent,
  [resumeWindow]: resumeSent,
  [revokeAgentWindow]: revokeAgentSent,
  [linkWindow]: linkSent,
}

export const stopWindows = Object.keys(sent)

/** A window that confirms what was typed was sent. It closes when that is recorded; whatever went wrong takes its place. */
export async function onStopSubmission(slack: SlackContext, { body, ack }: Submitted): Promise<void> {
  const send = sent[body.view.callback_id]
  if (!send) return ack(instead('That window was not ours.'))
  const running = send(slack, body).then(
    (says) => ({ says, answer: undefined }),
    (error: unknown) => {
      noteRefusal(slack, 'click', { account: slack.address(body.user.id), request: null, error })
      return { says: textFor(error), answer: answerTo(error) }
    },
  )
  const now = await resultWithin(running, slack.slowAfter)
  // What is slow goes on, under the name of this sending, and its end is told.
  await ack(now ? now.answer : instead('This takes longer than usual. You will be told how it ended.'))
  const { says, answer } = await running
  if (!now || !answer) await tellPrivately(slack, { user: body.user.id, respond: null }, { text: says })
}

async function stopSent(slack: SlackContext, body: ViewSubmission): Promise<string> {
  const { scope } = aboutStop.parse(JSON.parse(body.view.private_metadata))
  const stop = await stopAsPerson(slack.ports, {
    account: slack.address(body.user.id),
    what: scope,
    reason: reasonIn(body),
    via: 'slack',
    delivery: `slack:${body.trigger_id}`,
  })
  if (!stop) return 'It was stopped by this before.'
  const [shown] = await shownStops(slack.ports.store, [stop])
  return `*Stopped*: ${inline(shown?.what ?? stop.id, 200)}. It holds at every server from now on. To have it resumed: \`/approvals resume ${stop.id}\`.`
}

async function resumeSent(slack: SlackContext, body: ViewSubmission): Promise<string> {
  const { stop } = aboutResume.parse(JSON.parse(body.view.private_metadata))
  const resumed = await resumeStop(slack.ports, {
    stop,
    by: { address: slack.address(body.user.id) },
    reason: reasonIn(body),
    via: 'slack',
    inPerson: true,
    delivery: `slack:${body.trigger_id}`,
  })
  if (resumed.outcome === 'unconfirmed') throw new Error('whoever sends a window is asked nothing more')
  const { id, state } = resumed.request
  if (state === 'pending') return `Asked (\`${id}\`). Until somebody has approved it, the stop holds.`
  return `Nothing is resumed: nobody can decide it as the policy stands (\`${id}\`).`
}

function reasonIn(body: ViewSubmission): string {
  return body.view.state?.values[reasonField]?.[inputAction]?.value ?? ''
}

function answerTo(error: unknown): SubmissionAnswer {
  if (error instanceof Refusal && error.code === 'reason_needed')
    return { response_action: 'errors', errors: { [reasonField]: error.says } }
  return instead(textFor(error))
}

function instead(text: string): SubmissionAnswer {
  return { response_action: 'update', view: noteModal('Not done', text) }
}
