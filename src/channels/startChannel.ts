import type { ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import type { Health } from '../approvals/ports.ts'
import { keepTrying } from '../lifetime/keepTrying.ts'

/** Milliseconds before a channel is asked again who we are; they double. */
const waits = { firstWaitMs: 500, longestWaitMs: 30_000 } as const

interface Stoppable {
  stop(): Promise<void>
}

export interface StartingChannel<T extends Stoppable> {
  /** `Slack`, for the operator. */
  readonly name: string
  /** Who says that it is away. */
  readonly part: string
  /** True where others may reach people while it is away, so that this says nothing about all of them. */
  readonly isBeside: boolean
  /** One attempt, from asking who we are to a channel that has started. */
  readonly connect: () => Promise<T>
  /** Stands in its place until it has arrived. */
  readonly late: (find: () => T | null) => Omit<T, 'stop'>
  readonly health: Health
  readonly log: Logger
  readonly signal?: AbortSignal | undefined
  /** False for a fault of the first attempt that waiting cannot change. */
  readonly mayPass: (fault: unknown) => boolean
  /** What the other side said, for the operator. */
  readonly saysOf: (fault: unknown) => string
  /** Milliseconds that it asked us to wait, if it did. */
  readonly askedToWaitMs: (fault: unknown) => number | null
}

/**
 * Connects to a channel. One call that fails is no reason not to start: what may pass is tried again, later and later, while the server is
 * up without the channel.
 *
 * @throws the fault of the first attempt when waiting cannot change it, or the reason of `signal`
 */
export function startChannel<T extends Stoppable>(
  starting: StartingChannel<T>,
): Promise<T | (Omit<T, 'stop'> & Stoppable)> {
  const { name, connect, health, log } = starting
  const ending = new AbortController()
  const signal = starting.signal ? AbortSignal.any([starting.signal, ending.signal]) : ending.signal
  let found: T | null = null
  const late = {
    ...starting.late(() => found),
    stop: async () => {
      ending.abort(new Error(`stopped before ${name} answered`))
      await found?.stop()
    },
  }
  let isFirst = true
  return new Promise((resolve, reject) => {
    const attempt = async () => {
      const channel = await connect()
      // Nobody waits for it any more.
      if (signal.aborted) await channel.stop()
      return channel
    }
    const onFault = (fault: unknown, waitMs: number) => {
      isFirst = false
      log.warn({ says: starting.saysOf(fault), waitMs }, `${name} did not say who we are; asking again`)
      sayAway(starting, fault)
      resolve(late)
    }
    const mayPass = (fault: unknown) => !isFirst || starting.mayPass(fault)
    const patience = { ...waits, signal, askedToWaitMs: starting.askedToWaitMs, onFault, mayPass }
    keepTrying(attempt, patience).then((channel) => {
      found = channel
      health.clear('channel_away', starting.part)
      if (!starting.isBeside) health.clear('nobody_reachable', starting.part)
      resolve(channel)
    }, reject)
  })
}

function sayAway<T extends Stoppable>(
  { name, part, isBeside, health, saysOf }: StartingChannel<T>,
  fault: unknown,
): void {
  const detail = `${name} has not said yet who we are (${saysOf(fault)}); we keep asking.`
  health.raise('channel_away', detail, part)
  if (!isBeside) health.raise('nobody_reachable', detail, part)
}

/** What deliveries get until the channel is there. */
export async function notYet(res: ServerResponse): Promise<void> {
  res.writeHead(503, { 'retry-after': '2' }).end()
}
