import { errorText } from '../../channels/answers.ts'
import { noteRefusal } from '../../channels/noteRefusal.ts'
import { Refusal } from '../../core/refusal.ts'
import { resultWithin } from '../../lifetime/limit.ts'
import type { TeamsContext } from '../context.ts'
import type { DialogActivity } from './activities.ts'
import { windowFor } from './open.ts'
import type { Reply } from './receiver.ts'
import { showing, showingOutcome, slowLook } from './replies.ts'
import { doSubmitted, sentIn } from './submissions.ts'
import { accountIn } from './who.ts'

/** A window is asked for, or was sent. Never rejects: what cannot be done is said in a window, to whoever wanted it only. */
export async function onDialog(teams: TeamsContext, activity: DialogActivity): Promise<Reply> {
  const { name, value } = activity
  const isSent = name === 'task/submit' && value.data.send !== undefined
  return isSent ? onSubmission(teams, activity) : inTime(teams, activity, () => shown(teams, activity))
}

async function shown(teams: TeamsContext, activity: DialogActivity): Promise<Reply> {
  return showing(await windowFor(teams, activity))
}

async function onSubmission(teams: TeamsContext, activity: DialogActivity): Promise<Reply> {
  const sent = await saying(teams, activity, async () => sentIn(teams, activity))
  if ('status' in sent) return sent
  if (sent.kind === 'form') return saying(teams, activity, () => doSubmitted(teams, activity, sent))
  return inTime(teams, activity, async () => showing(await sent.make()))
}

/** What only shows something is told as slow when it is: nothing was attempted. */
async function inTime(
  teams: TeamsContext,
  activity: DialogActivity,
  work: () => Promise<Reply>,
): Promise<Reply> {
  const now = await resultWithin(saying(teams, activity, work), teams.slowAfter)
  return now ?? showingOutcome({ kind: 'waiting', ...slowLook })
}

/** What the work throws is said. */
async function saying<T>(
  teams: TeamsContext,
  activity: DialogActivity,
  work: () => Promise<T>,
): Promise<T | Reply> {
  try {
    return await work()
  } catch (error) {
    const { origin, value } = activity.value.data
    const named = [origin, value].filter((one) => typeof one === 'string').join(' ')
    const request = /req_[0-9a-z]{1,60}/.exec(named)?.[0] ?? null
    noteRefusal(teams, 'click', { account: accountIn(activity), request, error })
    const kind = error instanceof Refusal ? 'refused' : 'broken'
    return showingOutcome({ kind, says: errorText(teams.wording, error, 'looking'), people: new Map() })
  }
}
