import { useCallback, useEffect, useRef, useState } from 'react'
import type { SandboxAgent } from '../../wire.ts'
import { createFollower, type Followed, type Follower } from './follower.ts'
import { type AgentRequest, type Answer, ask, cancel, look, type Problem } from './requestClient.ts'

/** One thing the agent asked for in this window. */
export interface Asked {
  /** The idempotency key, which is there before the server has given an id. */
  readonly id: string
  readonly agent: SandboxAgent
  readonly body: string
  readonly askedAtMs: number
  /** When the agent heard the end; null while it waits. */
  readonly heardAtMs: number | null
  readonly request: AgentRequest | null
  readonly problem: Problem | null
}

const kept = 12
const pauseMs = 3000

/** Newest first. Each one that is pending is followed until it is settled. */
export function useRequests() {
  const [asked, setAsked] = useState<readonly Asked[]>([])
  const { follow, glance } = useFollower()

  const hear = useCallback((id: string, answer: Answer) => {
    setAsked((all) => all.map((each) => (each.id === id ? heard(each, answer) : each)))
  }, [])

  const send = useCallback(
    async (agent: SandboxAgent, body: string) => {
      const id = crypto.randomUUID()
      const fresh: Asked = {
        id,
        agent,
        body,
        askedAtMs: Date.now(),
        heardAtMs: null,
        request: null,
        problem: null,
      }
      setAsked((all) => [fresh, ...all].slice(0, kept))
      const first = await ask({ key: agent.key, body, idempotencyKey: id })
      hear(id, first)
      if (first.is === 'request') {
        const onAnswer = (answer: Answer) => hear(id, answer)
        await follow(id, { key: agent.key, request: first.request, onAnswer })
      }
    },
    [hear, follow],
  )

  const withdraw = useCallback(
    async ({ id, agent, request }: Asked) => {
      if (request) hear(id, await cancel(agent.key, request.id))
    },
    [hear],
  )

  return { asked, send, withdraw, glance }
}

/** Follows requests, by the name that this window has for them. */
function useFollower() {
  const follower = useRef<Follower>(null)
  const followed = useRef(new Map<string, Followed>())
  useEffect(() => {
    const mine = createFollower({ look, pause: () => new Promise((done) => setTimeout(done, pauseMs)) })
    follower.current = mine
    return () => mine.stop()
  }, [])

  const follow = useCallback(async (id: string, request: Followed) => {
    followed.current.set(id, request)
    await follower.current?.follow(request)
    followed.current.delete(id)
  }, [])
  /** Looks at one that is still followed now, without waiting for its end. */
  const glance = useCallback((id: string) => {
    const request = followed.current.get(id)
    if (request) void follower.current?.glance(request)
  }, [])
  return { follow, glance }
}

function heard(asked: Asked, answer: Answer): Asked {
  if (answer.is === 'problem') {
    const refused = asked.request === null // nothing to wait for
    return { ...asked, problem: answer.problem, heardAtMs: refused ? Date.now() : asked.heardAtMs }
  }
  const settled = answer.request.state !== 'pending'
  // Two looks can overtake each other, and what is settled is never pending again.
  if (!settled && asked.heardAtMs !== null) return asked
  const heardAtMs = asked.heardAtMs ?? (settled ? Date.now() : null)
  return { ...asked, request: answer.request, problem: null, heardAtMs }
}
