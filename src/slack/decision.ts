import { type Attempt, decide } from '../approvals/decide.ts'
import { viewOf } from '../approvals/inspect.ts'
import type { AccountKey } from '../core/identity.ts'
import { Refusal } from '../core/refusal.ts'
import { queuedText, refusalText, stateText, textFor, uncertainText } from './answers.ts'
import type { Desk } from './desk.ts'
import { soon } from './soon.ts'

/** An attempt whose account is still to be looked up. */
export interface Intent extends Omit<Attempt, 'account' | 'via'> {
  /** The clicker's Slack user id and, as the payload has it, their team. */
  readonly user: { readonly id: string; readonly team_id?: string | undefined }
}

/** How an attempt ended, in words for the one who made it. */
export interface Outcome {
  readonly kind: 'recorded' | 'repeated' | 'refused' | 'broken' | 'waiting'
  readonly says: string
}

/**
 * Decides at once and answers when it is committed. When that takes longer than a click may (threats: slow-work), the
 * attempt is queued under the name of the same click, so that of the two only one takes effect, and `later` tells how
 * it ended. `now` is there in time for the acknowledgement, always. `prepare` says what is attempted: it looks up
 * what the click was about, and may refuse.
 */
export async function decideInTime(
  desk: Desk,
  prepare: () => Promise<Intent>,
): Promise<{ readonly now: Outcome; readonly later: Promise<Outcome> | null }> {
  let intent: Intent | null = null
  const running = outcomeOf(desk, async () => {
    intent = await prepare()
    return intent
  })
  const now = await soon(running, desk.slowAfter)
  if (now) return { now, later: null }

  // Not even the click could be looked up: there is nothing yet to queue.
  const queued = intent ? await soon(queue(desk, intent), Math.min(600, desk.slowAfter)) : false
  if (queued) return { now: { kind: 'waiting', says: queuedText }, later: running }
  desk.log.error('a slow decision could not be queued')
  return { now: { kind: 'waiting', says: uncertainText }, later: running }
}

/** Never rejects: whatever happens becomes words. */
async function outcomeOf(desk: Desk, prepare: () => Promise<Intent>): Promise<Outcome> {
  let request: string | null = null
  try {
    const intent = await prepare()
    request = intent.request
    const { repeated } = await decide(desk.ports, await attemptOf(desk, intent))
    if (repeated) return { kind: 'repeated', says: 'This click was counted before.' }
    return { kind: 'recorded', says: 'Your decision is recorded.' }
  } catch (error) {
    if (error instanceof Refusal) {
      desk.log.warn({ code: error.code, detail: error.message, requestId: request }, 'a decision was refused')
      return { kind: 'refused', says: await refusedText(desk, request, error) }
    }
    desk.log.error({ err: error, requestId: request }, 'a decision failed')
    return { kind: 'broken', says: textFor(error) }
  }
}

/**
 * The account as the directory names it; if the directory is silent, as the payload does, so that the verb refuses it
 * and records that.
 */
async function attemptOf(desk: Desk, intent: Intent): Promise<Attempt> {
  const { user, ...attempt } = intent
  const account = await desk.ports.directory.account(`slack:${user.id}`).then(
    (found) => found.key,
    () => namedBy(desk, user),
  )
  return { ...attempt, account, via: 'slack' }
}

async function queue(desk: Desk, intent: Intent): Promise<boolean> {
  const { user, ...attempt } = intent
  try {
    // No lookup here: that may be what is slow. The job's verb asks the directory about this account again.
    await desk.decideLater({ ...attempt, account: namedBy(desk, user), via: 'slack' })
    return true
  } catch (error) {
    desk.log.error({ err: error, requestId: intent.request }, 'a slow decision could not be queued')
    return false
  }
}

/** The account as far as the payload names it. In an organisation the key is not in the payload, only the address. */
function namedBy(desk: Desk, user: Intent['user']): AccountKey {
  if (desk.identity.enterpriseId !== null) return `slack:${user.id}`
  return `slack:${user.team_id ?? desk.identity.teamId}:${user.id}`
}

/** The loser of a race is told the real outcome. */
async function refusedText(desk: Desk, id: string | null, refusal: Refusal): Promise<string> {
  const says = refusalText(refusal)
  if (refusal.code !== 'wrong_state' || id === null) return says
  const request = await desk.ports.store.request(id).catch(() => null)
  return request ? `${says} ${stateText(await viewOf(desk.ports, request))}` : says
}
