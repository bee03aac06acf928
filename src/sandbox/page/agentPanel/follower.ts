import type { Problem } from './exchange.ts'
import type { AgentRequest, Answer, look as lookAt } from './requestClient.ts'

export interface Followed {
  readonly key: string
  readonly request: AgentRequest
  readonly onAnswer: (answer: Answer) => void
}

export interface Follower {
  /** Follows a request until it is settled, cannot be asked for any more, or `stop`. Resolves then. */
  follow(followed: Followed): Promise<void>
  /**
   * Looks once, at once: something has happened that may be about the request. However often it is called meanwhile, one
   * look is under way and one more follows. What cannot be answered now is left to `follow`.
   */
  glance(followed: Followed): Promise<void>
  stop(): void
}

interface Outside {
  readonly look: typeof lookAt
  /** Resolves after a while. */
  readonly pause: () => Promise<void>
}

const longWaitSeconds = 25

/**
 * Follows many requests over few connections. A browser opens only six to one server (HTTP/1.1), for all windows
 * together, and each window's event stream keeps one. So the newest request waits with a long poll, as an agent
 * should, and those before it are looked at now and then: twelve long polls would leave no connection for a click.
 */
export function createFollower({ look, pause }: Outside): Follower {
  const stopped = new AbortController()
  let newest = new AbortController()
  const glances = new Map<string, { again: boolean }>()

  return {
    async follow({ key, request, onAnswer }) {
      newest.abort()
      const isNewest = new AbortController()
      newest = isNewest
      const { id } = request
      let { state } = request
      while (state === 'pending' && !stopped.signal.aborted) {
        const waiting = !isNewest.signal.aborted
        const signal = waiting ? AbortSignal.any([stopped.signal, isNewest.signal]) : stopped.signal
        const answer = await look({ key, id, waitSeconds: waiting ? longWaitSeconds : 0, signal })
        if (signal.aborted) continue // not an answer: a newer request took the connection
        onAnswer(answer)
        if (answer.is === 'request') state = answer.request.state
        else if (isFinal(answer.problem)) return
        // A server that restarts or tells us to slow down still has what was asked.
        if (!waiting || answer.is === 'problem') await pause()
      }
    },
    async glance({ key, request: { id }, onAnswer }) {
      const underWay = glances.get(id)
      if (underWay) {
        underWay.again = true
        return
      }
      const mine = { again: true }
      glances.set(id, mine)
      while (mine.again && !stopped.signal.aborted) {
        mine.again = false
        const answer = await look({ key, id, waitSeconds: 0, signal: stopped.signal })
        if (answer.is === 'request' && !stopped.signal.aborted) onAnswer(answer)
      }
      glances.delete(id)
    },
    stop: () => stopped.abort(),
  }
}

/** Asking again would get the same answer. */
function isFinal({ status }: Problem): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 429
}
