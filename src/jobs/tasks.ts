import type { TaskList } from 'graphile-worker'
import type { Logger } from 'pino'
import { announce } from '../approvals/announce.ts'
import { decide } from '../approvals/decide.ts'
import { expire } from '../approvals/expire.ts'
import { type Channel, ChannelFault, type Job, type Ports } from '../approvals/ports.ts'
import { refresh } from '../approvals/refresh.ts'
import { remind } from '../approvals/remind.ts'
import { Refusal } from '../core/refusal.ts'

/** graphile-worker's task list: task name to the work. */
export type Tasks = TaskList

/** What must not wait behind a channel that hangs. */
const urgent: readonly string[] = ['expire', 'decide'] satisfies readonly Job['task'][]

/** The tasks in two shares, each for a worker of its own: what decides or expires, and what talks to a channel. */
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
    decide: ({ attempt }) => decide(ports, attempt).catch(acceptRefusal),
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
