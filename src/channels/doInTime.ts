import { viewOf } from '../approvals/inspect.ts'
import { doneText, perform } from '../approvals/perform.ts'
import type { PersonAttempt, PersonCommand } from '../approvals/personCommand.ts'
import type { Ports } from '../approvals/ports.ts'
import { NoneDecided, toldDeclined } from '../approvals/sets/declined.ts'
import { StoreUnavailable } from '../approvals/storeUnavailable.ts'
import { ours, say, type Text } from '../card/span.ts'
import type { AccountKey } from '../core/identity.ts'
import { Refusal } from '../core/refusal.ts'
import { resultWithin } from '../lifetime/limit.ts'
import {
  type Answer,
  errorText,
  noneText,
  ourAnswer,
  partlyText,
  queuedText,
  refusedAnswer,
  stillQueuedText,
  storeAwayText,
  uncertainText,
} from './answers.ts'
import type { Actor, Hearing } from './hearing.ts'
import { noteRefusal } from './noteRefusal.ts'

/** A command whose account is still to be looked up. */
export interface CommandDraft {
  readonly request: string
  readonly actor: Actor
  readonly by: (who: Pick<PersonAttempt, 'account' | 'via' | 'queued'>) => PersonCommand
  /** What has to be waited for before it can be done; it may refuse. By then it can be queued already. */
  readonly ready?: () => Promise<unknown>
}

/** How an attempt ended, in words for the one who made it. */
export interface Outcome extends Answer {
  /** `late`: it is recorded, and the person has to be told that it came too late to change anything. `partly`: not for all the lines of a card. */
  readonly kind: 'recorded' | 'late' | 'partly' | 'repeated' | 'refused' | 'broken' | 'waiting'
  /** Present when it was refused. */
  readonly refusal: Refusal | null
  /** What stood in the way, where that may pass and the same can be tried again; null when this is the end of it. */
  readonly passing: Text | null
}

/** Whose it is, for the log, and how the channel is told that it arrived. */
interface Delivered {
  /** An address. */
  readonly account: string
  /** Of a press. Null where the answer itself is the acknowledgement, or the channel has had it already. */
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
  hearing: Hearing,
  { account, ack }: Delivered,
  prepare: () => Promise<CommandDraft>,
): Promise<{ readonly now: Outcome; readonly later: Promise<Outcome> | null }> {
  let draft: CommandDraft | null = null
  const running = outcomeOf(hearing, account, async () => {
    draft = await prepare()
    return draft
  })
  const kept = async () => {
    const limit = Math.min(ack ? queueWithin.press : queueWithin.answer, hearing.slowAfter)
    // Where not even the click could be looked up there is nothing yet to queue.
    return (draft && (await resultWithin(queue(hearing, draft), limit))) ?? false
  }
  const soon = ack ? Math.min(hearing.ackAfter, hearing.slowAfter) : hearing.slowAfter
  const atOnce = await resultWithin(running, soon)
  const keptAtOnce = !atOnce && (await kept())
  await ack?.()
  const now = atOnce ?? (await resultWithin(running, hearing.slowAfter - soon))
  if (now) return { now: keptAtOnce ? stillQueued(now) : now, later: null }

  if (keptAtOnce || (ack && (await kept())))
    return { now: outcome('waiting', queuedText), later: running.then(stillQueued) }
  hearing.log.error('a slow click could not be queued')
  return { now: outcome('waiting', uncertainText), later: running }
}

/** What could not be done for the click is tried again for the one that is queued: nobody has to click again. */
function stillQueued(end: Outcome): Outcome {
  return end.passing === null ? end : outcome('waiting', say`${end.passing} ${stillQueuedText}`)
}

/** Never rejects: whatever happens becomes words. */
async function outcomeOf(
  hearing: Hearing,
  account: string,
  prepare: () => Promise<CommandDraft>,
): Promise<Outcome> {
  let request: string | null = null
  try {
    const draft = await prepare()
    request = draft.request
    await draft.ready?.()
    const command = draft.by({ account: await accountOf(hearing.ports, draft.actor), via: hearing.via })
    const decided = await perform(hearing.ports, command)
    if (decided.repeated) return outcome('repeated', say`This click was counted before.`)
    if (decided.declined)
      return outcome('partly', partlyText(hearing.wording, decided.declined.map(toldDeclined)))
    const { says, late } = doneText(command.verb, decided)
    return outcome(late ? 'late' : 'recorded', [ours(says)])
  } catch (error) {
    noteRefusal(hearing, 'click', { account, request, error })
    const passing = passingIn(error)
    if (!(error instanceof Refusal))
      return { ...outcome('broken', errorText(hearing.wording, error)), passing }
    return { kind: 'refused', ...(await refused(hearing, request, error)), refusal: error, passing }
  }
}

function outcome(kind: Outcome['kind'], says: Text): Outcome {
  return { kind, ...ourAnswer(says), refusal: null, passing: null }
}

function passingIn(error: unknown): Text | null {
  if (error instanceof StoreUnavailable) return storeAwayText
  return error instanceof Refusal && error.passes ? [ours(error.says)] : null
}

/**
 * The account as the directory names it; if the directory is silent, as the payload does, so that the verb refuses it
 * and records that.
 */
export function accountOf({ directory }: Pick<Ports, 'directory'>, actor: Actor): Promise<AccountKey> {
  return directory.account(actor.address).then(
    (found) => found.key,
    () => actor.claimed,
  )
}

async function queue(hearing: Hearing, draft: CommandDraft): Promise<boolean> {
  try {
    // No lookup here: that may be what is slow. The job's verb asks the directory about this account again.
    await hearing.later(draft.by({ account: draft.actor.address, via: hearing.via, queued: true }))
    return true
  } catch (error) {
    // Of a database in trouble the store has said once what it is; that nothing was queued is said in any case.
    if (!(error instanceof StoreUnavailable))
      hearing.log.error({ err: error, requestId: draft.request }, 'queueing failed')
    return false
  }
}

/** The loser of a race is told the real outcome. */
async function refused({ ports, wording }: Hearing, id: string | null, refusal: Refusal): Promise<Answer> {
  if (refusal instanceof NoneDecided && refusal.each.length > 1)
    return ourAnswer(noneText(wording, refusal.each.map(toldDeclined)))
  if (refusal.code !== 'wrong_state' || id === null) return refusedAnswer(wording, refusal, null)
  const request = await ports.store.request(id).catch(() => null)
  // The refusal is the answer: what is said beside it must not cost it.
  return refusedAnswer(wording, refusal, request && (await viewOf(ports, request).catch(() => null)))
}

/** What stands over what somebody is told. */
export const outcomeTitles: Readonly<Record<Outcome['kind'], string>> = {
  recorded: 'Recorded',
  late: 'Recorded, too late',
  partly: 'Recorded in part',
  repeated: 'Recorded',
  refused: 'Not possible',
  broken: 'Something went wrong',
  waiting: 'One moment',
}
