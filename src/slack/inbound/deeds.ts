import { breakGlass } from '../../approvals/breakGlass.ts'
import { closeReview } from '../../approvals/closeReview.ts'
import { decide } from '../../approvals/decide.ts'
import { escalate } from '../../approvals/escalate.ts'
import { viewOf } from '../../approvals/inspect.ts'
import type { Deed } from '../../approvals/job.ts'
import type { Ports } from '../../approvals/ports.ts'
import type { AccountKey } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import { resultWithin } from '../../lifetime/limit.ts'
import type { SlackContext } from '../context.ts'
import { noteRefusal } from '../noteRefusal.ts'
import { queuedText, refusalText, stateText, textFor, uncertainText } from '../text/answers.ts'

/** A deed whose account is still to be looked up. */
export interface Intent {
  readonly request: string
  /** The clicker's Slack user id and, as the payload has it, their team. */
  readonly user: { readonly id: string; readonly team_id?: string | undefined }
  readonly by: (who: { readonly account: AccountKey; readonly via: 'slack' }) => Deed
  /** What has to be waited for before it can be done; it may refuse. By then it can be queued already. */
  readonly ready?: () => Promise<unknown>
}

/** How an attempt ended, in words for the one who made it. */
export interface Outcome {
  readonly kind: 'recorded' | 'repeated' | 'refused' | 'broken' | 'waiting'
  readonly says: string
  /** Present when it was refused. */
  readonly refusal: Refusal | null
}

/**
 * Does it at once and answers when it is committed. When that takes longer than a click may (threats: slow-work), the
 * deed is queued under the name of the same click, so that of the two only one takes effect, and `later` tells how
 * it ended. `now` is there in time for the acknowledgement, always. `user` is whose click it is, for the log; `prepare`
 * says what is attempted: it looks up what the click was about, and may refuse.
 */
export async function doInTime(
  slack: SlackContext,
  user: string,
  prepare: () => Promise<Intent>,
): Promise<{ readonly now: Outcome; readonly later: Promise<Outcome> | null }> {
  let intent: Intent | null = null
  const running = outcomeOf(slack, user, async () => {
    intent = await prepare()
    return intent
  })
  const now = await resultWithin(running, slack.slowAfter)
  if (now) return { now, later: null }

  // Not even the click could be looked up: there is nothing yet to queue.
  const queued = intent ? await resultWithin(queue(slack, intent), Math.min(600, slack.slowAfter)) : false
  if (queued) return { now: outcome('waiting', queuedText), later: running }
  slack.log.error('a slow click could not be queued')
  return { now: outcome('waiting', uncertainText), later: running }
}

/** Never rejects: whatever happens becomes words. */
async function outcomeOf(
  slack: SlackContext,
  user: string,
  prepare: () => Promise<Intent>,
): Promise<Outcome> {
  let request: string | null = null
  try {
    const intent = await prepare()
    request = intent.request
    await intent.ready?.()
    const deed = intent.by({ account: await accountOf(slack, intent.user), via: 'slack' })
    const { repeated } = await perform(slack.ports, deed)
    if (repeated) return outcome('repeated', 'This click was counted before.')
    return outcome('recorded', doneText(deed))
  } catch (error) {
    noteRefusal(slack, 'click', { user, request, error })
    if (!(error instanceof Refusal)) return outcome('broken', textFor(error))
    return { kind: 'refused', says: await refusedText(slack, request, error), refusal: error }
  }
}

function outcome(kind: Outcome['kind'], says: string): Outcome {
  return { kind, says, refusal: null }
}

function perform(ports: Ports, deed: Deed): Promise<{ readonly repeated: boolean }> {
  if (deed.task === 'decide') return decide(ports, deed.attempt)
  const { act } = deed
  if (act.verb === 'escalate') return escalate(ports, act.attempt)
  if (act.verb === 'break_glass') return breakGlass(ports, act.attempt)
  return closeReview(ports, act.attempt)
}

const done = {
  decide: 'Your decision is recorded.',
  escalate: 'Escalated, and recorded with your name. They hear of it in the thread.',
  break_glass:
    'You broke the glass. The agent may go ahead, the people whom policy names are told, and somebody else will review it.',
  close_review: 'The review is closed, and recorded with your name.',
} as const

function doneText(deed: Deed): string {
  return done[deed.task === 'decide' ? 'decide' : deed.act.verb]
}

/**
 * The account as the directory names it; if the directory is silent, as the payload does, so that the verb refuses it
 * and records that.
 */
export function accountOf(slack: SlackContext, user: Intent['user']): Promise<AccountKey> {
  return slack.ports.directory.account(`slack:${user.id}`).then(
    (found) => found.key,
    () => namedBy(slack, user),
  )
}

async function queue(slack: SlackContext, intent: Intent): Promise<boolean> {
  try {
    // No lookup here: that may be what is slow. The job's verb asks the directory about this account again.
    await slack.later(intent.by({ account: `slack:${intent.user.id}`, via: 'slack' }))
    return true
  } catch (error) {
    slack.log.error({ err: error, requestId: intent.request }, 'a slow click could not be queued')
    return false
  }
}

/**
 * The account as far as the payload names it: only for the record of a refusal, because the payload's team is not
 * believed. In an organisation the key is not in the payload, only the address.
 */
function namedBy(slack: SlackContext, user: Intent['user']): AccountKey {
  if (slack.identity.enterpriseId !== null) return `slack:${user.id}`
  return `slack:${user.team_id ?? slack.identity.teamId}:${user.id}`
}

/** The loser of a race is told the real outcome. */
async function refusedText(slack: SlackContext, id: string | null, refusal: Refusal): Promise<string> {
  const says = refusalText(refusal)
  if (refusal.code !== 'wrong_state' || id === null) return says
  const request = await slack.ports.store.request(id).catch(() => null)
  if (!request) return says
  // The refusal is the answer: what is said beside it must not cost it.
  const view = await viewOf(slack.ports, request).catch(() => null)
  return view ? `${says} ${stateText(view)}` : says
}
