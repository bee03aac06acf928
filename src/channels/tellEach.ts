import type { Logger } from 'pino'
import { ChannelFault } from '../approvals/channelPort.ts'

/** As many as are told at once: a channel takes some dozens of calls a second of one app. */
export const toldAtOnce = 10

/** Milliseconds after which nobody else is tried: a job has to end, and what it tells is news only now. */
export const triedFor = 60_000

/**
 * Tells each of a set of people, a few at a time. Whom the channel, or our own pace, does not take now is tried again when it does. As long
 * as it reached one of them it counts, because telling all of them again would tell the same people twice; how many it did not reach, the log says.
 *
 * @throws the first fault where it reached nobody
 */
export type TellEach = (people: readonly string[], tell: (one: string) => Promise<unknown>) => Promise<void>

/** Somebody who was not told, and why. */
interface Untold {
  readonly one: string
  readonly fault: unknown
}

/** `elapsed`: milliseconds that only ever grow. */
export function createTelling(elapsed: () => number, log: Pick<Logger, 'warn'>): TellEach {
  return async (people, tell) => {
    const until = elapsed() + triedFor
    const isOver = () => elapsed() >= until
    let untold = await tellFew(people, tell, isOver)
    // Nobody knows of it: whoever wants it told comes again, instead of waiting here.
    const [first] = untold
    if (first && untold.length === people.length) throw first.fault
    for (;;) {
      const seconds = Math.min(...untold.map(secondsUntilAgain))
      if (!Number.isFinite(seconds) || elapsed() + seconds * 1_000 >= until) break
      await pause(seconds * 1_000)
      const again = untold.filter((each) => Number.isFinite(secondsUntilAgain(each)))
      const others = untold.filter((each) => !again.includes(each))
      untold = [
        ...others,
        ...(await tellFew(
          again.map(({ one }) => one),
          tell,
          isOver,
        )),
      ]
    }
    if (untold[0] === undefined) return
    const { fault } = untold[0]
    const says = fault instanceof Error ? fault.message : 'unknown'
    log.warn({ untold: untold.length, of: people.length, says }, 'not everybody in a group was reached')
  }
}

/** Whoever was not told. */
async function tellFew(
  people: readonly string[],
  tell: (one: string) => Promise<unknown>,
  isOver: () => boolean,
): Promise<readonly Untold[]> {
  const waiting = people.values()
  const untold: Untold[] = []
  const tellSome = async () => {
    for (const one of waiting) {
      if (isOver()) untold.push({ one, fault: new Error('there was no time to try') })
      else await tell(one).catch((fault: unknown) => untold.push({ one, fault }))
    }
  }
  await Promise.all(Array.from({ length: toldAtOnce }, tellSome))
  return untold
}

/** Infinity for whom waiting does not help. */
function secondsUntilAgain({ fault }: Untold): number {
  const isEarly = fault instanceof ChannelFault && (fault.code === 'rate_limited' || fault.code === 'not_yet')
  return isEarly ? Math.max(1, fault.retryAfterSeconds ?? 1) : Number.POSITIVE_INFINITY
}

/** Keeps no process alive that wants to end. */
function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref()
  })
}
