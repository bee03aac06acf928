import { setTimeout as delay } from 'node:timers/promises'
import type { Pool } from 'pg'
import type { Logger } from 'pino'
import type { Health, Store } from '../approvals/ports.ts'
import { createLookRound } from './lookRound.ts'
import { createPulse, type PulseOptions, usualPulse } from './pulse.ts'
import { type SessionOptions, startSession, usualHands, type WorkSession } from './session.ts'
import type { Tasks } from './tasks.ts'

export interface WorkerOptions {
  readonly pool: Pool
  /** The share of the jobs that it does. */
  readonly tasks: Tasks
  /** How many of them at once. */
  readonly hands?: number
  readonly log: Logger
  readonly health: Health
  /** When it counts as dead. */
  readonly pulse?: Pick<PulseOptions, 'quietAfter' | 'fullAfter'>
  /** Milliseconds that only ever grow. */
  readonly elapsed?: () => number
  /** Milliseconds between looks for work that nobody announced. */
  readonly pollEvery?: number
  /** How it hears of jobs that are due; without it, of every job that there is. */
  readonly watch?: Store['watch']
}

/** The running worker. `stop` lets jobs in hand finish. */
export interface Worker {
  readonly stop: () => Promise<void>
}

/** Milliseconds. New jobs are announced, and begun at once; this is how late one can be that waits for its time. */
const usualPoll = 2_000

/** Milliseconds between attempts to get to work again. */
const pause = 1_000

/** Milliseconds between looks whether it is alive. */
const feelEvery = 1_000

/**
 * Runs jobs from the database until stopped. A job that throws is tried again (how soon, and how often, is the tasks' own:
 * backoff.ts), so whatever was acknowledged is done in the end. A session that ends by itself, because the database went away
 * under a job, or that does not get any work because its sessions are no good, is followed by another. While nothing answers it when it asks for work, `workers_dead` is raised, with its tasks as the part.
 */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { tasks, log, health, elapsed = () => performance.now() } = options
  const { hands = usualHands, pollEvery = usualPoll } = options
  const share = Object.keys(tasks).join(', ')
  const { quietAfter, fullAfter } = options.pulse ?? usualPulse
  const pulse = createPulse({ quietAfter, fullAfter, elapsed, hands })
  const lookRound = createLookRound({ tasks: Object.keys(tasks), share, log, health })
  const shifts: SessionOptions = { ...options, hands, pulse, lookRound, pollEvery }
  const first = await startSession(shifts)
  const stopping = new AbortController()
  const told = aborted(stopping.signal)
  const vigil = keepVigil({ pulse, health, share, elapsed, patience: quietAfter })
  const working = keepWorking({ ...shifts, first, told, signal: stopping.signal, stuck: vigil.stuck })
  return {
    async stop() {
      stopping.abort()
      vigil.stop()
      await working
    },
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}

interface Vigil {
  /** Resolves when a session that begins now does not get any work, however long it has had. */
  stuck(): Promise<string>
  stop(): void
}

interface VigilOptions extends Pick<SessionOptions, 'pulse'>, Pick<WorkerOptions, 'health'> {
  readonly share: string
  readonly elapsed: () => number
  /** Milliseconds that each session has to get its first work. */
  readonly patience: number
}

/** Tells health whether the share is alive. */
function keepVigil({ pulse, health, share, elapsed, patience }: VigilOptions): Vigil {
  let give: ((why: string) => void) | null = null
  let begunAt = elapsed()
  const feel = () => {
    const why = pulse.deadBecause()
    if (why === null) return health.clear('workers_dead', share)
    health.raise('workers_dead', `${share}: ${why}`, share)
    // The next session gets its own time before it is given up too.
    if (elapsed() - begunAt > patience) give?.(why)
  }
  // After what has arrived meanwhile was heard: a process that had no processor is not dead.
  const timer = setInterval(() => setImmediate(feel), feelEvery)
  timer.unref()
  return {
    stuck() {
      begunAt = elapsed()
      return new Promise((resolve) => {
        give = resolve
      })
    },
    stop: () => clearInterval(timer),
  }
}

interface Work extends SessionOptions {
  readonly first: WorkSession
  readonly told: Promise<void>
  readonly signal: AbortSignal
  readonly stuck: Vigil['stuck']
}

async function keepWorking(work: Work): Promise<void> {
  const { log, signal } = work
  let session: WorkSession | null = work.first
  while (session) {
    const why = await Promise.race([session.ended, work.told, work.stuck()])
    if (!signal.aborted) log.error({ why: why ?? 'it lost its database' }, 'the job worker starts again')
    await session.end()
    if (signal.aborted) return
    session = await nextSession(work)
  }
}

/** Resolves to null when the worker was stopped before the database came back. */
async function nextSession(work: Work): Promise<WorkSession | null> {
  const { log, signal, told } = work
  let said = ''
  while (!signal.aborted) {
    const starting = startSession(work)
    try {
      const session = await Promise.race([starting, told])
      if (!session) void starting.then((late) => late.end()).catch(() => undefined)
      else log.warn('the job worker is back')
      return session ?? null
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      if (why !== said) log.error({ err: error }, 'the job worker could not start again; it keeps trying')
      said = why
      await delay(pause, undefined, { signal }).catch(() => {})
    }
  }
  return null
}
