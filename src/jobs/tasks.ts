import type { TaskList } from 'graphile-worker'
import type { Logger } from 'pino'
import { activateApproved } from '../approvals/activateApproved.ts'
import { alarm } from '../approvals/alarm.ts'
import { announce } from '../approvals/announce.ts'
import { breakGlass } from '../approvals/breakGlass.ts'
import { closeReview } from '../approvals/closeReview.ts'
import { decide } from '../approvals/decide.ts'
import { escalate, escalateInTime } from '../approvals/escalate.ts'
import { expire } from '../approvals/expire.ts'
import type { Act, Job } from '../approvals/job.ts'
import { overdueReview } from '../approvals/overdueReview.ts'
import { type Channel, ChannelFault, type Ports } from '../approvals/ports.ts'
import { refresh } from '../approvals/refresh.ts'
import { remind } from '../approvals/remind.ts'
import { Refusal } from '../core/refusal.ts'

/** graphile-worker's task list: task name to the work. */
export type Tasks = TaskList

/** What must not wait behind a channel that hangs. */
const urgent: readonly string[] = [
  'expire',
  'decide',
  'act',
  'escalate',
  'review',
  'activate',
] satisfies readonly Job['task'][]

/** The tasks in two shares, each for a worker of its own: what only writes, and what talks to a channel. */
export function sharesOf(tasks: Tasks): readonly Tasks[] {
  const share = (wanted: boolean) =>
    Object.fromEntries(Object.entries(tasks).filter(([task]) => urgent.includes(task) === wanted))
  return [share(true), share(false)]
}

type Payload<T extends Job['task']> = Omit<Extract<Job, { task: T }>, 'task'>

/** Which job calls which verb. `channel` is where cards stand. */
export function tasksFor(ports: Ports, channel: Channel, log: Logger): Tasks {
  const work: { readonly [T in Job['task']]: (payload: Payload<T>) => Promise<unknown> } = {
    announce: ({ request }) => announce(ports, channel, request),
    refresh: ({ request }) => refresh(ports, channel, request),
    remind: (about) => remind(ports, channel, about),
    expire: ({ request }) => expire(ports, request),
    escalate: (due) => escalateInTime(ports, due),
    alarm: (about) => alarm(ports, channel, about),
    review: ({ request }) => overdueReview(ports, request),
    decide: async ({ attempt }) => {
      refuseUnlessReachable(ports)
      await decide(ports, attempt).catch(acceptRefusal)
    },
    activate: ({ request }) => activateApproved(ports, request),
    act: async ({ act }) => {
      refuseUnlessReachable(ports)
      await perform(ports, act).catch(acceptRefusal)
    },
  }
  const guarded = Object.entries(work).map(([task, run]) => [
    task,
    async (payload: unknown) => {
      try {
        await run(payload as never) // the payload is the job that was committed under this task's name
      } catch (fault) {
        explain(log, task, fault)
        throw fault
      }
    },
  ])
  return Object.fromEntries(guarded)
}

/**
 * What somebody did waits until Slack can say who they are: judged before that, it would be refused for good, although it
 * was acknowledged. @throws Refusal `nobody_reachable`, and the job is tried again
 */
function refuseUnlessReachable(ports: Ports): void {
  if (!ports.reachesPeople()) throw new Refusal('nobody_reachable', 'nobody can be looked up yet')
}

function perform(ports: Ports, act: Act): Promise<unknown> {
  if (act.verb === 'escalate') return escalate(ports, act.attempt)
  if (act.verb === 'break_glass') return breakGlass(ports, act.attempt)
  return closeReview(ports, act.attempt)
}

/** A refusal is an answer: it is recorded, the card shows the state, and trying again would not change it. */
function acceptRefusal(fault: unknown): void {
  if (fault instanceof Refusal && fault.kind !== 'unavailable') return
  throw fault
}

/** The operator's log says why, with the mend where there is one; the job is tried again. */
function explain(log: Logger, task: string, fault: unknown): void {
  if (fault instanceof ChannelFault)
    log.warn(
      { task, code: fault.code, retryAfterSeconds: fault.retryAfterSeconds },
      `the channel refused: ${fault.message}`,
    )
  else log.error({ task, err: fault }, 'a job failed and will be tried again')
}
