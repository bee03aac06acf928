import { viewOf } from '../../approvals/inspect.ts'
import { doneText, perform } from '../../approvals/perform.ts'
import type { PersonAttempt, PersonCommand } from '../../approvals/personCommand.ts'
import { NoneDecided, toldDeclined } from '../../approvals/sets/declined.ts'
import { StoreUnavailable } from '../../approvals/storeUnavailable.ts'
import type { AccountKey } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import { resultWithin } from '../../lifetime/limit.ts'
import { keyIn } from '../address.ts'
import type { SlackContext } from '../context.ts'
import { noteRefusal } from '../noteRefusal.ts'
import {
  noneText,
  partlyText,
  queuedText,
  refusedText,
  stillQueuedText,
  storeAwayText,
  textFor,
  uncertainText,
} from '../text/answers.ts'

/** A command whose account is still to be looked up. */
export interface CommandDraft {
  readonly request: string
  /** The clicker's Slack user id and, as the payload has it, their team. */
  readonly user: { readonly id: string; readonly team_id?: string | undefined }
  readonly by: (who: Pick<PersonAttempt, 'account' | 'via' | 'queued'>) => PersonCommand
  /** What has to be waited for before it can be done; it may refuse. By then it can be queued already. */
  readonly ready?: () => Promise<unknown>
}

/** How an attempt ended, in words for the one who made it. */
export interface Outcome {
  /** `late`: it is recorded, and the person has to be told that it came too late to change anything. `partly`: not for all the lines of a card. */
  readonly kind: 'recorded' | 'late' | 'partly' | 'repeated' | 'refused' | 'broken' | 'waiting'
  readonly says: string
  /** Present when it was refused. */
  readonly refusal: Refusal | null
  /** What stood in the way, where that may pass and the same can be tried again; null when this is the end of it. */
  readonly passing: string | null
}

/** Whose it is, for the log, and how Slack is told that it arrived. */
interface Delivered {
  readonly user: string
  /** Of a press. Null where the answer itself is the acknowledgement, or Slack has had it already. */
  readonly ack: (() => Promise<void>) | null
}

/** Milliseconds within which a command is queued, or its clicker is told that it is not. */
export const queueWithin = { press: 250, answer: 600 }

/**
 * Does it at once and answers when it is committed. When that takes longer than a click may (threats: slow-work), the
 * command is queued under the name of the same click, so that of the two only one takes effect, and `later` tells how
 * it ended. `now` is there in time for the acknowledgement, always. `prepare` says what is attempted: it looks up what
 * the click was about, and may refuse.
 *
 * A press has nothing to say with its acknowledgement, so it gets that long before its end is known, and nobody is
 * told that it is slow until it is.
 */
export async function doInTime(
  slack: SlackContext,
  { user, ack }: Delivered,
  prepare: () => Promise<CommandDraft>,
): Promise<{ readonly now: Outcome; readonly later: Promise<Outcome> | null }> {
  let draft: CommandDraft | null = null
  const running = outcomeOf(slack, user, async () => {
    draft = await prepare()
    return draft
  })
  const kept = async () => {
    const limit = Math.min(ack ? queueWithin.press : queueWithin.answer, slack.slowAfter)
    // Where not even the click could be looked up there is nothing yet to queue.
    return (draft && (await resultWithin(queue(slack, draft), limit))) ?? false
  }
  const soon = ack ? Math.min(slack.ackAfter, slack.slowAfter) : slack.slowAfter
  const atOnce = await resultWithin(running, soon)
  const keptAtOnce = !atOnce && (await kept())
  await ack?.()
  const now = atOnce ?? (await resultWithin(running, slack.slowAfter - soon))
  if (now) return { now: keptAtOnce ? stillQueued(now) : now, later: null }

  if (keptAtOnce || (ack && (await kept())))
    return { now: outcome('waiting', queuedText), later: running.then(stillQueued) }
  slack.log.error('a slow click could not be queued')
  return { now: outcome('waiting', uncertainText), later: running }
}

/** What could not be done for the click is tried again for the one that is queued: nobody has to click again. */
function stillQueued(end: Outcome): Outcome {
  return end.passing === null ? end : outcome('waiting', `${end.passing} ${stillQueuedText}`)
}

/** Never rejects: whatever happens becomes words. */
async function outcomeOf(
  slack: SlackContext,
  user: string,
  prepare: () => Promise<CommandDraft>,
): Promise<Outcome> {
  let request: string | null = null
  try {
    const draft = await prepare()
    request = draft.request
    await draft.ready?.()
    const command = draft.by({ account: await accountOf(slack, draft.user), via: 'slack' })
    const decided = await perform(slack.ports, command)
    if (decided.repeated) return outcome('repeated', 'This click was counted before.')
    if (decided.declined) return outcome('partly', partlyText(decided.declined.map(toldDeclined)))
    const { says, late } = doneText(command.verb, decided)
    return outcome(late ? 'late' : 'recorded', says)
  } catch (error) {
    noteRefusal(slack, 'click', { user, request, error })
    const passing = passingIn(error)
    if (!(error instanceof Refusal)) return { ...outcome('broken', textFor(error)), passing }
    return { kind: 'refused', says: await refusedWords(slack, request, error), refusal: error, passing }
  }
}

function outcome(kind: Outcome['kind'], says: string): Outcome {
  return { kind, says, refusal: null, passing: null }
}

function passingIn(error: unknown): string | null {
  if (error instanceof StoreUnavailable) return storeAwayText
  return error instanceof Refusal && error.passes ? error.says : null
}

/**
 * The account as the directory names it; if the directory is silent, as the payload does, so that the verb refuses it
 * and records that.
 */
export function accountOf(slack: SlackContext, user: CommandDraft['user']): Promise<AccountKey> {
  return slack.ports.directory.account(slack.address(user.id)).then(
    (found) => found.key,
    () => namedBy(slack, user),
  )
}

async function queue(slack: SlackContext, draft: CommandDraft): Promise<boolean> {
  try {
    // No lookup here: that may be what is slow. The job's verb asks the directory about this account again.
    await slack.later(draft.by({ account: slack.address(draft.user.id), via: 'slack', queued: true }))
    return true
  } catch (error) {
    // Of a database in trouble the store has said once what it is; that nothing was queued is said in any case.
    if (!(error instanceof StoreUnavailable))
      slack.log.error({ err: error, requestId: draft.request }, 'queueing failed')
    return false
  }
}

/**
 * The account as far as the payload names it: only for the record of a refusal, because the payload's team is not
 * believed. In an organisation the key is not in the payload, only the address.
 */
function namedBy(slack: SlackContext, user: CommandDraft['user']): AccountKey {
  if (slack.identity.enterpriseId !== null) return slack.address(user.id)
  return keyIn(user.team_id ?? slack.identity.teamId, user.id)
}

/** The loser of a race is told the real outcome. */
async function refusedWords(slack: SlackContext, id: string | null, refusal: Refusal): Promise<string> {
  if (refusal instanceof NoneDecided && refusal.each.length > 1)
    return noneText(refusal.each.map(toldDeclined))
  if (refusal.code !== 'wrong_state' || id === null) return refusedText(refusal, null)
  const request = await slack.ports.store.request(id).catch(() => null)
  // The refusal is the answer: what is said beside it must not cost it.
  return refusedText(refusal, request && (await viewOf(slack.ports, request).catch(() => null)))
}
