import type { JobHelpers, TaskList } from 'graphile-worker'
import type { Logger } from 'pino'
import { cancelRevoked } from '../approvals/cancelOfRevoked.ts'
import { accountAlarm } from '../approvals/cards/accountAlarm.ts'
import { alarm } from '../approvals/cards/alarm.ts'
import { announceAgain } from '../approvals/cards/announce.ts'
import { answer } from '../approvals/cards/answer.ts'
import { correct } from '../approvals/cards/correct.ts'
import { disownedAlarm } from '../approvals/cards/disownedAlarm.ts'
import { Undelivered } from '../approvals/cards/everywhere.ts'
import { ownAttempts } from '../approvals/cards/ownAttempts.ts'
import { putQuestion } from '../approvals/cards/question.ts'
import { refresh } from '../approvals/cards/refresh.ts'
import { remind } from '../approvals/cards/remind.ts'
import { showConfirmation } from '../approvals/cards/showConfirmation.ts'
import { tellKeyEnd } from '../approvals/cards/tellKeyEnd.ts'
import { tellOfToken } from '../approvals/cards/tellOfToken.ts'
import { tryAgain } from '../approvals/cards/tryAgain.ts'
import { type Channel, ChannelFault } from '../approvals/channelPort.ts'
import { lookAtClaims } from '../approvals/claimsAlarm.ts'
import { keepCrowd, strayCrowd } from '../approvals/crowds/keepCrowd.ts'
import { tellOfDelegation } from '../approvals/delegations/tell.ts'
import { eraseApproved } from '../approvals/erasure/eraseApproved.ts'
import { applyRetention } from '../approvals/erasure/retention.ts'
import { escalateInTime } from '../approvals/escalate.ts'
import { expire } from '../approvals/expire.ts'
import { tendKeys } from '../approvals/grants/tendKeys.ts'
import { lapseUnredeemed } from '../approvals/grants/unredeemed.ts'
import { giveUpUnreported } from '../approvals/grants/unreported.ts'
import { cardsChangedBy, type Job, type TalkingJob } from '../approvals/job.ts'
import { endDueLease } from '../approvals/leases/due.ts'
import { endCovered } from '../approvals/leases/endCovered.ts'
import { sweepTargets } from '../approvals/leases/sweep.ts'
import { tellNews, type Untold } from '../approvals/news/tellNews.ts'
import { noteTrouble } from '../approvals/news/trouble.ts'
import { overdueReview } from '../approvals/overdueReview.ts'
import { partApproved } from '../approvals/partApproved.ts'
import { lapse } from '../approvals/people/lapse.ts'
import { lookAtAccounts } from '../approvals/people/lookAtAccounts.ts'
import { perform } from '../approvals/perform.ts'
import { activateApproved } from '../approvals/policy/activateApproved.ts'
import type { Ports } from '../approvals/ports.ts'
import { makePreview, type NotMade } from '../approvals/previews/make.ts'
import { proposeConfirmed } from '../approvals/proposeConfirmed.ts'
import { prunePassing } from '../approvals/prunePassing.ts'
import { endWhenOver } from '../approvals/shadow/endWhenOver.ts'
import { hold } from '../approvals/stops/hold.ts'
import { resumeApproved } from '../approvals/stops/resumeApproved.ts'
import { StoreUnavailable } from '../approvals/storeUnavailable.ts'
import { type Attempted, deliver } from '../approvals/webhooks/deliver.ts'
import { pruneDeliveries } from '../approvals/webhooks/prune.ts'
import { Refusal } from '../core/refusal.ts'
import { limitBackoff } from './backoff.ts'
import { createTurns, type Turn } from './turns.ts'

/** graphile-worker's task list: task name to the work. */
export type Tasks = TaskList

/** What must not wait behind a channel that hangs. */
const urgent: readonly string[] = [
  'expire',
  'keys',
  'command',
  'escalate',
  'review',
  'attempts',
  'claims',
  'cancel',
  'activate',
  'endShadow',
  'part',
  'unredeemed',
  'unreported',
  'hold',
  'resume',
  'lapse',
  'propose',
  'trouble',
  'endLease',
  'endLeases',
  'sweepTargets',
  'prune',
  'retain',
] satisfies readonly Job['task'][]

/** What talks to servers of others, of which any number may be slow at once. */
const outside: readonly string[] = ['deliver', 'preview'] satisfies readonly Job['task'][]

/** Some of the jobs, and how many of them are done at once; the usual number where it says none. */
export interface Share {
  readonly tasks: Tasks
  readonly hands?: number
}

/**
 * The tasks in three shares, each for a worker of its own: what only writes, what talks to a channel, and what talks to servers of
 * others. There, a job waits for somebody else's server most of its time, and holds no connection meanwhile.
 */
export function sharesOf(tasks: Tasks): readonly Share[] {
  const share = (wanted: (task: string) => boolean) =>
    Object.fromEntries(Object.entries(tasks).filter(([task]) => wanted(task)))
  return [
    { tasks: share((task) => urgent.includes(task)) },
    { tasks: share((task) => !urgent.includes(task) && !outside.includes(task)) },
    { tasks: share((task) => outside.includes(task)), hands: 12 },
  ]
}

type Payload<T extends Job['task']> = Omit<Extract<Job, { task: T }>, 'task'>

/** Which job calls which verb. `channel` is where cards stand; `again`: an earlier run of the job did not end well. */
export function tasksFor(ports: Ports, channel: Channel, log: Logger): Tasks {
  const work = workOf(ports, channel, log)
  const turns = createTurns()
  const guarded = Object.entries(work).map(([task, run]) => [
    task,
    async (payload: unknown, helpers: JobHelpers) => {
      // The payload is the job that was committed under this task's name; another attempt follows a run that did not end.
      const job = { task, ...(payload as object) } as Job
      const again = helpers.job.attempts > 1
      const once = () =>
        run(payload as never, again).catch((fault: unknown) => waitAgain(ports, job, { fault, log }))
      try {
        const turn = turnOf(job, again)
        await (turn ? turns.take(turn, async () => void (await once())) : once())
      } catch (fault) {
        explain(log, task, fault)
        await limitBackoff(helpers)
        throw fault
      }
    },
  ])
  return Object.fromEntries(guarded)
}

type Work = { readonly [T in Job['task']]: (payload: Payload<T>, again: boolean) => Promise<unknown> }

function workOf(ports: Ports, channel: Channel, log: Logger): Work {
  return {
    announce: (about) => announceAgain(ports, channel, about),
    refresh: (about, again) => refresh(ports, channel, { ...about, again }),
    remind: (about) => remind(ports, channel, about),
    deliver: async (about) => explainDelivery(log, about.delivery, await deliver(ports, about)),
    preview: async ({ request }) => explainPreview(log, request, await makePreview(ports, request)),
    expire: ({ request }) => expire(ports, request),
    escalate: (due) => escalateInTime(ports, due),
    alarm: (about) => alarm(ports, channel, about),
    correct: (about) => correct(ports, channel, about),
    answer: (about) => answer(ports, channel, about),
    keyEnd: (about) => tellKeyEnd(ports, channel, about),
    question: (about) => putQuestion(ports, channel, about),
    keys: (due) => tendKeys(ports, due),
    review: ({ request }) => overdueReview(ports, request),
    attempts: ({ request }) => ownAttempts(ports, request),
    claims: ({ request }) => lookAtClaims(ports, request),
    cancel: ({ request }) => cancelRevoked(ports, request),
    activate: ({ request }) => activateApproved(ports, request),
    endShadow: (about) => endWhenOver(ports, about),
    part: ({ request }) => partApproved(ports, request),
    unredeemed: ({ request }) => lapseUnredeemed(ports, request),
    unreported: ({ request }) => giveUpUnreported(ports, request),
    endLease: (about) => endDueLease(ports, about),
    endLeases: (which) => endCovered(ports, which),
    sweepTargets: () => sweepTargets(ports),
    prune: () => pruneDeliveries(ports).then(() => prunePassing(ports)),
    retain: (from) => applyRetention(ports, from),
    hold: (about) => hold(ports, about),
    resume: ({ request }) => resumeApproved(ports, request),
    erase: ({ request }) => eraseApproved(ports, request),
    confirm: ({ confirmation }) => showConfirmation(ports, channel, confirmation),
    lapse: ({ confirmation }) => lapse(ports, confirmation),
    lookAtAccounts: () => lookAtAccounts(ports),
    ...toPeople(ports, channel, log),
    propose: ({ confirmation }) => proposeConfirmed(ports, confirmation),
    command: async ({ command }) => {
      refuseUnlessReachable(ports)
      await perform(ports, command).catch(acceptRefusal)
    },
  }
}

/** What is no card of one request: what one person is told, and what stands for several. */
type ToPeople =
  | 'disowned'
  | 'accountAlarm'
  | 'token'
  | 'delegation'
  | 'news'
  | 'trouble'
  | 'crowd'
  | 'strayCrowd'

function toPeople(ports: Ports, channel: Channel, log: Logger): Pick<Work, ToPeople> {
  return {
    disowned: (about) => disownedAlarm(ports, channel, about),
    accountAlarm: (news) => accountAlarm(ports, channel, news),
    token: (news) => tellOfToken(ports, channel, news),
    delegation: (news) => tellOfDelegation(ports, channel, news),
    news: async (about) => explainNews(log, await tellNews(ports, channel, { task: 'news', ...about })),
    trouble: (about) => noteTrouble(ports, about),
    crowd: async (about) => explainCrowd(log, about.conversation, await keepCrowd(ports, channel, about)),
    strayCrowd: (about) => strayCrowd(ports, channel, about),
  }
}

/** Of several that refresh the same cards one is enough, unless it knows of a run that did not end well. */
function turnOf(job: Job, again: boolean): Turn | null {
  const name = cardsChangedBy(job)
  if (name === null) return null
  return { name, same: job.task === 'refresh' && !job.tries && !job.anew && !again ? job.task : null }
}

/**
 * What was not delivered waits under a time of its own. Where even that cannot be written, the job fails like any other,
 * and the queue tries it again. @throws every other fault
 */
async function waitAgain(
  ports: Ports,
  job: Job,
  { fault, log }: { readonly fault: unknown; readonly log: Logger },
): Promise<void> {
  if (!(fault instanceof Undelivered)) throw fault
  const next = await tryAgain(ports, job as TalkingJob, fault) // only these throw it
  explainUndelivered(log, job.task, { fault, next })
}

/**
 * What somebody did waits until Slack can say who they are: judged before that, it would be refused for good, although it
 * was acknowledged. @throws Refusal `nobody_reachable`, and the job is tried again
 */
function refuseUnlessReachable(ports: Ports): void {
  if (!ports.reachesPeople()) throw new Refusal('nobody_reachable', 'nobody can be looked up yet')
}

/** A refusal is an answer: it is recorded, the card shows the state, and trying again would not change it, unless it passes. */
function acceptRefusal(fault: unknown): void {
  if (fault instanceof Refusal && !fault.passes) return
  throw fault
}

/** The operator's log says what refused and why, with the fix where there is one. */
function explainUndelivered(
  log: Logger,
  task: string,
  what: { readonly fault: Undelivered; readonly next: string | null },
): void {
  for (const [address, { fault }] of what.fault.failures) {
    const { code, retryAfterSeconds, message } = fault
    const about = { task, address, code, retryAfterSeconds, next: what.next }
    if (what.next === null)
      log.error(about, `the channel refused for so long that this was given up: ${message}`)
    else if (code === 'not_yet') log.debug(about, message)
    else log.warn(about, `the channel refused: ${message}`)
  }
}

/** An address that does not answer is its owner's affair, until a message is given up. */
function explainDelivery(log: Logger, delivery: string, attempted: Attempted): void {
  if (attempted?.ended === 'again')
    log.info({ delivery, next: attempted.next }, `a webhook is sent again: ${attempted.last}`)
  else if (attempted?.ended === 'dead')
    log.error({ delivery }, `a webhook was not delivered and is given up: ${attempted.last}`)
}

/** It is looked after again in seconds, whatever was refused. */
function explainCrowd(log: Logger, address: string, fault: ChannelFault | null): void {
  if (fault && fault.code !== 'not_yet')
    log.warn({ task: 'crowd', address, code: fault.code }, `the channel refused: ${fault.message}`)
}

/** Of several kinds of refusal only the channel knows which one lasts: it is tried ever less often, for a day. */
function explainNews(log: Logger, untold: Untold | null): void {
  if (!untold || untold.fault.code === 'not_yet') return
  const { fault, next } = untold
  log.warn({ task: 'news', code: fault.code, next }, `somebody could not be told directly: ${fault.message}`)
}

/** Its card goes out without one, and says so. */
function explainPreview(log: Logger, request: string, notMade: NotMade | null): void {
  if (notMade) log.warn({ request, target: notMade.target }, `there is no preview: ${notMade.because}`)
}

/** Something unavailable passes; anything else is a bug of ours. The job is tried again. */
function explain(log: Logger, task: string, fault: unknown): void {
  if (fault instanceof Refusal) log.warn({ task, code: fault.code }, 'a job has to wait')
  // The store has said once, loudly, what is wrong with it.
  else if (fault instanceof StoreUnavailable)
    log.info({ task, reason: fault.reason }, 'a job has to wait for the database')
  else if (fault instanceof ChannelFault && fault.code === 'not_yet')
    log.debug({ task }, 'a job has to wait for its turn')
  else if (fault instanceof ChannelFault)
    log.warn({ task, code: fault.code }, 'a job has to wait for its channel')
  else log.error({ task, err: fault }, 'a job failed and will be tried again')
}
