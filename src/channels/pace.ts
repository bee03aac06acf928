import { ChannelFault } from '../approvals/channelPort.ts'
import { aheadOf, type Waiting } from './waitingLine.ts'

/** A call that may have to wait for its turn. */
export interface Turn {
  readonly method: string
  /** Where it shows. */
  readonly conversation: string
  /** Names who waits, so that coming again is not waiting twice. Null for somebody who does not come again. */
  readonly who: string | null
  /** Whoever has the smallest number goes first: milliseconds at which it is too late. */
  readonly urgency: number
}

export interface Pace {
  /**
   * Makes the call when it is its turn. Otherwise it refuses at once and says how long to wait, instead of keeping a
   * worker: the job comes again then.
   *
   * @throws ChannelFault `not_yet`
   */
  take<T>(turn: Turn, call: () => Promise<T>): Promise<T>
  /** Whether it is its turn; whoever has to wait stands in line from now on. @throws ChannelFault `not_yet` */
  look(turn: Turn): void
}

/** How fast one channel takes what. */
export interface Limits {
  /** Calls a second of one conversation, always. */
  readonly perConversation: number
  /** Calls a second of a method, once the channel has said that we were too fast. */
  readonly perMethod: (method: string) => number
  /** Calls that may come together after a pause. */
  readonly burst: number
  /** Whether a call of this method counts for the pace of its conversation. */
  readonly counts: (method: string) => boolean
  /** Seconds for which the channel wants no such call any more, where that is what this failure says; null of any other. */
  readonly restAsked: (error: unknown) => number | null
  /** What a conversation is called, the same whichever of its addresses it is named by. */
  readonly placeOf: (conversation: string) => string
}

/** Seconds after which whoever waits comes again at the latest: others may have left the line. */
const longestWait = 25

/** Seconds for which somebody who was told when to come keeps their place. */
const placeKept = 15

/** As many lines as are kept although nobody is in them. */
const emptyLines = 500

/** A bucket of tokens, one for each call, and whoever waits for theirs. */
interface Line {
  readonly rate: number
  tokens: number
  at: number
  /** Until then the channel wants no call. */
  readonly heldUntil: number
  readonly waiting: Map<string, Waiting & { readonly until: number }>
  /** When each conversation last had its turn. */
  readonly served: Map<string, number>
}

/**
 * Channels take about one message a second and conversation, and short bursts; so does each conversation here. How many
 * calls of a method they take they do not say, so there we are as fast as they let us. When one answers 429, nobody in
 * this process calls there until its `Retry-After` is over, and a method from then on at a pace, until nobody waits: one
 * conversation after the other, in each the most urgent first. An answer of 429 to what counts for a conversation is about that; only
 * when two of them that had rested are told so at once it is about all of them. `now` in milliseconds.
 */
export function createPace(now: () => number, limits: Limits): Pace {
  const lines: Lines = { open: new Map(), limits }
  const look = (turn: Turn): readonly Line[] => {
    const before = linesFor(lines, turn, now())
    const wait = Math.max(0, ...before.map((line) => standIn(line, turn, now())))
    if (wait > 0) throw notYet(turn, wait)
    return before
  }
  return {
    look: (turn) => void look(turn),
    async take(turn, call) {
      const before = look(turn)
      const rested = before.every((line) => line.tokens >= limits.burst)
      for (const line of before) {
        line.tokens -= 1
        if (turn.who !== null) line.waiting.delete(turn.who)
        line.served.set(turn.conversation, now())
      }
      try {
        return await call()
      } catch (error) {
        const seconds = limits.restAsked(error)
        if (seconds !== null) hold(lines, turn, { seconds: Math.max(1, seconds), at: now(), rested })
        throw error
      }
    },
  }
}

interface Lines {
  readonly limits: Limits
  /** By name: `to C0DATA` for a conversation, the method's for all of them. */
  readonly open: Map<string, Line>
}

function linesFor(lines: Lines, { conversation, method }: Turn, at: number): readonly Line[] {
  const { perConversation: rate, burst: tokens, counts, placeOf } = lines.limits
  const ofMethod = open(lines, method, at)
  const limiting = ofMethod ? [ofMethod] : []
  if (!counts(method)) return limiting
  const name = `to ${placeOf(conversation)}`
  const own = open(lines, name, at) ?? begin(lines, name, { rate, tokens, at })
  return [own, ...limiting]
}

/** The line, as long as there is one: when nobody waits and it has rested, there is none any more. */
function open(lines: Lines, name: string, at: number): Line | undefined {
  const line = lines.open.get(name)
  if (!line) return undefined
  const { burst } = lines.limits
  refill(line, burst, at)
  if (line.tokens < burst || line.waiting.size > 0) return line
  lines.open.delete(name)
  return undefined
}

function begin(
  lines: Lines,
  name: string,
  how: Pick<Line, 'rate' | 'tokens' | 'at'> & Partial<Pick<Line, 'heldUntil'>>,
): Line {
  const { open: all } = lines
  if (all.size >= emptyLines) for (const other of [...all.keys()]) open(lines, other, how.at)
  // Whoever waits goes on waiting.
  const { waiting = new Map(), served = new Map() } = all.get(name) ?? {}
  const line: Line = { heldUntil: how.at, ...how, waiting, served }
  all.set(name, line)
  return line
}

/** The channel said to wait: until that is over not one token grows. */
function hold(
  lines: Lines,
  { conversation, method }: Turn,
  until: { readonly seconds: number; readonly at: number; readonly rested: boolean },
): void {
  const { seconds, at, rested } = until
  const heldUntil = at + seconds * 1_000
  const stop = (name: string, rate: number) =>
    begin(lines, name, { rate, tokens: 1 - seconds * rate, at, heldUntil })
  const { perConversation, perMethod, counts, placeOf } = lines.limits
  if (!counts(method)) return void stop(method, perMethod(method))
  const own = `to ${placeOf(conversation)}`
  const others = [...lines.open].some(
    ([name, line]) => name.startsWith('to ') && name !== own && at < line.heldUntil,
  )
  stop(own, perConversation)
  if (rested && others) stop(method, perMethod(method))
}

function refill(line: Line, burst: number, at: number): void {
  const elapsed = Math.max(0, at - line.at) / 1_000
  line.tokens = Math.min(burst, line.tokens + elapsed * line.rate)
  line.at = at
  for (const [who, { until }] of line.waiting) if (until < at) line.waiting.delete(who)
}

/** Seconds until it is this one's turn; 0 when it is now. */
function standIn(line: Line, { who, urgency, conversation }: Turn, at: number): number {
  const missing = aheadOf(line, who ?? '', { urgency, conversation }) + 1 - line.tokens
  const wait = missing <= 0 ? 0 : Math.min(longestWait, Math.max(1, Math.ceil(missing / line.rate)))
  if (wait > 0 && who !== null)
    line.waiting.set(who, { urgency, conversation, until: at + (wait + placeKept) * 1_000 })
  return wait
}

function notYet({ method, conversation }: Turn, seconds: number): ChannelFault {
  return new ChannelFault({
    code: 'not_yet',
    message: `${method}: not yet, others come first in ${conversation}`,
    unknown: false,
    retryAfterSeconds: seconds,
  })
}
