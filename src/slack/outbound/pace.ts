import { ChannelFault } from '../../approvals/channelPort.ts'
import { slackFault } from './fault.ts'

/** A call that may have to wait for its turn. */
export interface Turn {
  readonly method: string
  /** The conversation that is posted to; null for calls that only their method limits. */
  readonly conversation: string | null
  /** Names who waits, so that coming again is not waiting twice. */
  readonly who: string
  /** Whoever has the smallest number goes first: milliseconds at which it is too late. */
  readonly urgency: number
}

export interface Pace {
  /**
   * Makes the call when it is its turn. Otherwise it refuses at once and says how long to wait, instead of keeping a
   * worker: the job comes again then.
   *
   * @throws ChannelFault `rate_limited`
   */
  take<T>(turn: Turn, call: () => Promise<T>): Promise<T>
}

/** Calls a second, once Slack has said that we were too fast. */
const perSecond: Readonly<Record<string, number>> = { conversation: 1, 'chat.postMessage': 4, other: 0.8 }

/** Calls that may come together after a pause. When a line has been empty for as long, nobody waits any more. */
const burst = 4

/** Seconds for which somebody who was told when to come keeps their place. */
const placeKept = 15

/** What was once too fast: from then on calls are counted, and whoever waits for theirs stands in line. */
interface Line {
  readonly rate: number
  tokens: number
  at: number
  /** Who waits, in the order in which they came: how urgent it is, and until when their place is kept. */
  readonly waiting: Map<string, { readonly urgency: number; readonly until: number }>
}

/**
 * Slack allows one message a second and conversation, bursts beyond that, and so many calls of a method; how many it
 * does not say. So we are as fast as it lets us; when it answers 429, nobody in this process calls there until its
 * `Retry-After` is over, and from then on at its pace, the most urgent first, until nobody waits. An answer of 429 to a
 * posting is about its conversation; only when two conversations are told so at once it is about the workspace.
 * `now` in milliseconds.
 */
export function createPace(now: () => number): Pace {
  const lines: Lines = new Map()
  return {
    async take(turn, call) {
      const before = namesOf(turn).flatMap((name) => open(lines, name, now()) ?? [])
      const wait = Math.max(0, ...before.map((line) => standIn(line, turn, now())))
      if (wait > 0) throw notYet(turn, wait)
      for (const line of before) {
        line.tokens -= 1
        line.waiting.delete(turn.who)
      }
      try {
        return await call()
      } catch (error) {
        const { code, retryAfterSeconds } = slackFault(error)
        if (code === 'rate_limited')
          hold(lines, turn, { seconds: Math.max(1, retryAfterSeconds ?? 1), at: now() })
        throw error
      }
    },
  }
}

/** By name: `to slack:C0DATA` for a conversation, the method's for the workspace. */
type Lines = Map<string, Line>

function namesOf({ conversation, method }: Turn): readonly string[] {
  return conversation === null ? [method] : [`to ${conversation}`, method]
}

/** The line, as long as there is one: when nobody waits and it has rested, there is none any more. */
function open(lines: Lines, name: string, at: number): Line | undefined {
  const line = lines.get(name)
  if (!line) return undefined
  refill(line, at)
  if (line.tokens < burst || line.waiting.size > 0) return line
  lines.delete(name)
  return undefined
}

/** Slack said to wait: until that is over not one token grows. */
function hold(
  lines: Lines,
  { conversation, method }: Turn,
  until: { readonly seconds: number; readonly at: number },
): void {
  const stop = (name: string, rate: number) => {
    const waiting = lines.get(name)?.waiting ?? new Map()
    lines.set(name, { rate, waiting, tokens: 1 - until.seconds * rate, at: until.at })
  }
  const own = `to ${conversation}`
  const others = [...lines].some(
    ([name, line]) => name.startsWith('to ') && name !== own && isHeld(line, until.at),
  )
  if (conversation !== null) stop(own, perSecond.conversation ?? 1)
  if (conversation === null || others) stop(method, perSecond[method] ?? perSecond.other ?? 1)
}

function refill(line: Line, at: number): void {
  const elapsed = Math.max(0, at - line.at) / 1_000
  line.tokens = Math.min(burst, line.tokens + elapsed * line.rate)
  line.at = at
  for (const [who, { until }] of line.waiting) if (until < at) line.waiting.delete(who)
}

function isHeld(line: Line, at: number): boolean {
  refill(line, at)
  return line.tokens < 1
}

/** Seconds until it is this one's turn; 0 when it is now. */
function standIn(line: Line, { who, urgency }: Turn, at: number): number {
  const before = aheadOf(line, who, urgency)
  const missing = before + 1 - line.tokens
  const wait = missing <= 0 ? 0 : Math.max(1, Math.ceil(missing / line.rate))
  if (wait > 0) line.waiting.set(who, { urgency, until: at + (wait + placeKept) * 1_000 })
  return wait
}

/** Of those who are equally urgent whoever came first goes first: were each behind the other, none would ever go. */
function aheadOf({ waiting }: Line, who: string, urgency: number): number {
  const names = [...waiting.keys()]
  const mine = waiting.has(who) ? names.indexOf(who) : names.length
  return [...waiting.values()].filter(
    (one, place) => one.urgency < urgency || (one.urgency === urgency && place < mine),
  ).length
}

function notYet({ method, conversation }: Turn, seconds: number): ChannelFault {
  return new ChannelFault({
    code: 'rate_limited',
    message: `${method}: not yet, others come first${conversation === null ? '' : ` in ${conversation}`}`,
    unknown: false,
    retryAfterSeconds: seconds,
  })
}
