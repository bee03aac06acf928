import type { Health } from '../approvals/ports.ts'

/** What is heard of each call by which a channel reaches people. */
export interface CallWatch {
  /** The channel took us and answered, yes or no. */
  answered(): void
  /** It refuses us, in its own word. */
  refused(code: string): void
  /** No answer, or one that says nothing: a time-out, a 500. */
  unanswered(code: string): void
}

/** Whether a channel reaches people for us at all, as far as the calls tell. */
export interface Reach extends CallWatch {
  /** False before the first answer, and while we are refused. A call that fails in another way changes nothing. */
  readonly reaches: () => boolean
  /**
   * While something is wrong, asks again now and then: when nobody can be asked, nothing else would call. Returns how to stop.
   */
  watch(probe: () => Promise<unknown>, everyMs?: number): () => void
}

/** A channel, as its operator hears of it. */
export interface Reached {
  /** `Slack`, or `Slack in T0EMEA`. */
  readonly name: string
  /** `our token`. */
  readonly proof: string
  /** Who says what is wrong, where each of several places may. */
  readonly part: (of: string) => string
  /** Of several places of one channel, one that is not the first: while it refuses us, others may reach people. */
  readonly isBeside: boolean
  /** What each refusal means, and what helps. */
  readonly fixes: Readonly<Record<string, string>>
}

/** So many calls in a row without an answer are told to the operator; one is nothing. */
const silence = 5

const probeEveryMs = 15_000

export function reachOf(health: Health, { name, proof, part, isBeside, fixes }: Reached): Reach {
  let heard = false
  let refusal: string | null = null
  let unansweredInARow = 0

  return {
    reaches: () => heard && refusal === null,
    answered() {
      heard = true
      refusal = null
      unansweredInARow = 0
      if (!isBeside) health.clear('nobody_reachable', part('token'))
      health.clear('channel_away', part('token'))
      health.clear('channel_away', part('calls'))
    },
    refused(code) {
      refusal = code
      const detail = `${name} refuses ${proof} (${code}): ${fixes[code] ?? 'see what it says about that error'}.`
      if (!isBeside) health.raise('nobody_reachable', detail, part('token'))
      health.raise('channel_away', detail, part('token'))
    },
    unanswered(code) {
      unansweredInARow += 1
      if (unansweredInARow < silence) return
      const detail = `${name} does not answer (${code}); messages are tried again.`
      health.raise('channel_away', detail, part('calls'))
    },
    watch(probe, everyMs = probeEveryMs) {
      let isAsking = false
      const ask = async () => {
        isAsking = true
        try {
          await probe()
        } catch {
          // What comes of it is heard like any other call.
        } finally {
          isAsking = false
        }
      }
      const timer = setInterval(() => {
        // One that is slow to answer is not asked by more and more at once.
        if (!isAsking && (refusal !== null || unansweredInARow >= silence)) void ask()
      }, everyMs)
      timer.unref()
      return () => clearInterval(timer)
    },
  }
}
