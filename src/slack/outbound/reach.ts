import type { Health } from '../../approvals/ports.ts'
import { refusalsOfToken } from './tokenFaults.ts'

/** What is heard of each call with the bot's token. */
export interface CallWatch {
  /** Slack took the token and answered, yes or no. */
  answered(): void
  /** Slack refuses the token, in its own word. */
  refused(code: string): void
  /** No answer, or one that says nothing: a time-out, a 500. */
  unanswered(code: string): void
}

/** Whether Slack reaches people for us at all, as far as the calls tell. */
export interface Reach extends CallWatch {
  /** False before the first answer, and while the token is refused. A call that fails in another way changes nothing. */
  readonly reaches: () => boolean
  /**
   * While something is wrong, asks again now and then: when nobody can be asked, nothing else would call Slack. Returns
   * how to stop.
   */
  watch(probe: () => Promise<unknown>, everyMs?: number): () => void
}

/** So many calls in a row without an answer are told to the operator; one is nothing. */
const silence = 5

const probeEveryMs = 15_000

/** Who says that something is wrong, where each of several workspaces may. */
export function partOf(part: string, workspace?: string): string {
  return workspace ? `${part} ${workspace}` : part
}

/** @param workspace of several, one that is not the first: while it refuses us, others may reach people */
export function createReach(health: Health, workspace?: string): Reach {
  let heard = false
  let refusal: string | null = null
  let unansweredInARow = 0

  return {
    reaches: () => heard && refusal === null,
    answered() {
      heard = true
      refusal = null
      unansweredInARow = 0
      if (!workspace) health.clear('nobody_reachable', 'token')
      health.clear('channel_away', partOf('token', workspace))
      health.clear('channel_away', partOf('calls', workspace))
    },
    refused(code) {
      refusal = code
      const where = workspace ? ` of ${workspace}` : ''
      const detail = `Slack refuses our token${where} (${code}): ${refusalsOfToken[code] ?? 'see what Slack says about that error'}.`
      if (!workspace) health.raise('nobody_reachable', detail, 'token')
      health.raise('channel_away', detail, partOf('token', workspace))
    },
    unanswered(code) {
      unansweredInARow += 1
      if (unansweredInARow < silence) return
      const where = workspace ? ` in ${workspace}` : ''
      health.raise(
        'channel_away',
        `Slack does not answer${where} (${code}); messages are tried again.`,
        partOf('calls', workspace),
      )
    },
    watch(probe, everyMs = probeEveryMs) {
      const timer = setInterval(() => {
        // What comes of it is heard like any other call.
        if (refusal !== null || unansweredInARow >= silence) void probe().catch(() => undefined)
      }, everyMs)
      timer.unref()
      return () => clearInterval(timer)
    },
  }
}
