import type { ActionRequest } from '../../core/request.ts'
import { carrierOf } from '../../core/set.ts'
import type { ChannelFault } from '../channelPort.ts'
import type { Job, TalkingJob, Tried, Tries } from '../job.ts'
import type { Ports } from '../ports.ts'
import type { Failure, Undelivered } from './everywhere.ts'
import { isAsking } from './lines.ts'

/** Seconds before the second, third, … try while somebody waits: people have deadlines, so it never grows beyond the last. */
const waits = [2, 5, 10, 20, 25] as const

/** Seconds: nobody waits for the card of a settled request, but as long as it stands it should not lie. */
const settledWait = 300
const settledFor = 7 * 86_400

/** Whoever was only too early, or overtaken, comes when they are told, at once otherwise, whether anybody waits or not. */
const passing: ReadonlySet<string> = new Set(['not_yet', 'rate_limited', 'card_moved'])

/** Seconds for which an alarm about an overdue review is as urgent as the review was. */
const overdueFor = 3_600

/** As often as one conversation may refuse in a row before people are told directly. */
export const failuresBeforeDirect = 3

/**
 * A channel refused at some addresses: the same job waits again, for as long as it makes sense, and remembers what it
 * met. Its time is ours and not the queue's, whose own back-off grows to hours and ends for good: a channel that was
 * archived for a while has its card within half a minute of being restored (threats: bad-hour).
 *
 * Resolves to the time of the next try, or null when it was given up.
 */
export async function tryAgain(
  ports: Ports,
  job: TalkingJob,
  undelivered: Undelivered,
): Promise<string | null> {
  const request = await ports.store.request(job.request)
  const now = ports.clock().getTime()
  if (!request || (await isHopeless(ports, request, { job, now }))) return null
  const tries = counted(job.tries ?? {}, undelivered)
  const asks = await isAsking(ports, request)
  const waited = [...undelivered.failures].map(([address, { fault }]) => {
    const own = passing.has(fault.code)
      ? 1
      : asks || isAwaited(request, now)
        ? waitFor(tries[address])
        : settledWait
    return Math.max(own, fault.retryAfterSeconds ?? 0)
  })
  const at = new Date(now + Math.min(...waited) * 1_000).toISOString()
  await ports.store.commit({
    entries: [],
    jobs: [
      { ...job, tries, round: (job.round ?? 0) + 1, at },
      ...(asks ? takeOver(job, request, tries) : []),
    ],
  })
  return at
}

/** Whether a fault says that the conversation does not work, not only that we were too fast or in our own way. */
export function isRefusal({ code, retryAfterSeconds }: ChannelFault): boolean {
  if (code === 'rate_limited') return (retryAfterSeconds ?? 0) > Math.max(...waits)
  return !harmless.has(code)
}

/** Nothing of these is the conversation's: others come first, the card moved on, or the whole channel has not answered yet. */
const harmless: ReadonlySet<string> = new Set(['not_yet', 'card_moved', 'channel_away'])

/** True while people can still do something about it, and there is a time by which they have to. */
function isAwaited({ state, brokenGlass }: ActionRequest, now: number): boolean {
  if (state === 'pending') return true
  return (
    brokenGlass !== null && !brokenGlass.review && now < Date.parse(brokenGlass.reviewBy) + overdueFor * 1_000
  )
}

/**
 * What was reported long after the asking has people to tell, too; and what becomes of a rollback, however long ago that ended which it
 * undoes.
 */
async function isHopeless(
  { store }: Ports,
  request: ActionRequest,
  { job, now }: { readonly job: TalkingJob; readonly now: number },
): Promise<boolean> {
  const rollbacks = job.task === 'refresh' && job.anew ? await store.rollbacksOf([request.id]) : []
  return [request, ...rollbacks].every((one) => {
    const since = movedAt(one)
    return since !== null && now > Date.parse(since) + settledFor * 1_000
  })
}

/** When something last became of it; null while people are asked. What is erased years later is taken from its cards then. */
function movedAt(request: ActionRequest): string | null {
  const { settledAt, brokenGlass, executions, unreportedAt, grant, erased } = request
  const told = erased?.at ?? executions?.at(-1)?.at ?? brokenGlass?.review?.at ?? brokenGlass?.reviewBy
  return told ?? unreportedAt ?? grant?.redeemed?.at ?? settledAt
}

function waitFor(tried: Tried | undefined): number {
  // Whoever only came before their turn is told when it is.
  if (!tried || tried.failures === 0) return 1
  return waits[Math.min(tried.failures, waits.length) - 1] ?? 0
}

function counted(before: Tries, { failures }: Undelivered): Tries {
  return Object.fromEntries(
    [...failures].map(([address, failure]) => [address, count(before[address], failure)]),
  )
}

function count(before: Tried | undefined, { fault, unsent, untold }: Failure): Tried {
  return {
    times: (before?.times ?? 0) + 1,
    failures: (before?.failures ?? 0) + (isRefusal(fault) ? 1 : 0),
    ...(unsent !== undefined && { unsent }),
    ...(untold && { untold }),
  }
}

/**
 * A card that stands where nothing can be shown any more is as good as none: announcing takes over, which looks after
 * it and turns to people directly.
 */
function takeOver({ task }: TalkingJob, request: ActionRequest, tries: Tries): readonly Job[] {
  if (task !== 'refresh' && task !== 'remind') return []
  const refusing = Object.entries(tries).filter(([, { failures }]) => failures === failuresBeforeDirect)
  if (refusing.length === 0) return []
  return [{ task: 'announce', request: carrierOf(request), tries: Object.fromEntries(refusing) }]
}
