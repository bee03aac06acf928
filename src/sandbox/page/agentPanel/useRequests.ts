import { useCallback, useEffect, useRef, useState } from 'react'
import type { SandboxAgent } from '../../wire.ts'
import { type Act, actionOf, type Held, type Said } from './acts.ts'
import type { Problem } from './exchange.ts'
import { createFollower, type Followed, type Follower } from './follower.ts'
import { perform } from './grantClient.ts'
import { type AgentRequest, type Answer, ask, cancel, look } from './requestClient.ts'
import { hasEnded, progressOf } from './story.ts'

/** One thing the agent asked for in this window. */
export interface Asked extends Held {
  /** The idempotency key, which is there before the server has given an id; of what was taken up, the request's id. */
  readonly id: string
  readonly agent: SandboxAgent
  readonly body: string
  readonly askedAtMs: number
  /** When the agent heard the end; null while it waits. */
  readonly heardAtMs: number | null
  readonly request: AgentRequest | null
  readonly problem: Problem | null
  /** What came of what the agent did after the yes, in order. */
  readonly said: readonly Said[]
  /** Whether an answer to such an act is awaited. */
  readonly acting: boolean
}

export type Requests = ReturnType<typeof useRequests>

const kept = 12
const pauseMs = 3000
const lookMs = 10_000

/** Newest first. Each one that is pending is followed until it is settled, and looked at when something happens until it has ended. */
export function useRequests() {
  const [asked, setAsked] = useState<readonly Asked[]>([])
  const { follow, glance, forget } = useFollower()

  const hear = useCallback(
    (id: string, answer: Answer) => {
      setAsked((all) => all.map((each) => (each.id === id ? heard(each, answer) : each)))
      if (answer.is === 'request' && hasEnded(answer.request)) forget(id)
    },
    [forget],
  )

  const takeUp = useTakingUp({ setAsked, hear, follow })
  const send = useCallback(
    async (agent: SandboxAgent, body: string) => {
      const id = crypto.randomUUID()
      const fresh = freshly({ id, agent, body })
      setAsked((all) => [fresh, ...all].slice(0, kept))
      const first = await ask({ key: agent.key, body, idempotencyKey: id })
      if (first.is === 'requests') {
        setAsked((all) => all.filter((each) => each.id !== id))
        // The first of them stands on top in the end.
        for (const made of first.ids.toReversed()) await takeUp(agent, made)
        return
      }
      hear(id, first)
      if (first.is === 'request' && !hasEnded(first.request)) {
        const onAnswer = (answer: Answer) => hear(id, answer)
        await follow(id, { key: agent.key, request: first.request, onAnswer })
      }
    },
    [hear, follow, takeUp],
  )

  const withdraw = useCallback(
    async ({ id, agent, request }: Asked) => {
      if (request) hear(id, await cancel(agent.key, request.id))
    },
    [hear],
  )

  const act = useActs(setAsked, hear)
  return { asked, send, takeUp, withdraw, act, glance }
}

interface TakingUp {
  readonly setAsked: (change: (all: readonly Asked[]) => readonly Asked[]) => void
  readonly hear: (id: string, answer: Answer) => void
  readonly follow: (id: string, followed: Followed) => Promise<void>
}

/** Takes up a request that the agent has not asked for by itself: the server made it together with another. */
function useTakingUp({ setAsked, hear, follow }: TakingUp) {
  return useCallback(
    async (agent: SandboxAgent, id: string) => {
      const { key } = agent
      const answer = await look({ key, id, waitSeconds: 0, signal: AbortSignal.timeout(lookMs) })
      const body = answer.is === 'request' ? JSON.stringify(actionOf(answer.request), null, 2) : ''
      setAsked((all) => [heard(freshly({ id, agent, body }), answer), ...all].slice(0, kept))
      if (answer.is === 'request' && !hasEnded(answer.request))
        void follow(id, { key, request: answer.request, onAnswer: (next) => hear(id, next) })
    },
    [setAsked, hear, follow],
  )
}

/** What the agent does after the yes; the request is looked at again after each. */
function useActs(
  setAsked: (change: (all: readonly Asked[]) => readonly Asked[]) => void,
  hear: (id: string, answer: Answer) => void,
) {
  return useCallback(
    async ({ id, agent: { key }, request, grant, credential }: Asked, what: Act) => {
      if (!request) return
      const change = (to: (each: Asked) => Partial<Asked>) =>
        setAsked((all) => all.map((each) => (each.id === id ? { ...each, ...to(each) } : each)))
      change(() => ({ acting: true }))
      const { said, ...got } = await perform(what, { key, request, grant, credential })
      hear(id, await look({ key, id: request.id, waitSeconds: 0, signal: AbortSignal.timeout(lookMs) }))
      change((each) => ({ ...got, acting: false, said: [...each.said, said] }))
    },
    [setAsked, hear],
  )
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
  }, [])
  /** Looks at one that has not ended now, without waiting. */
  const glance = useCallback((id: string) => {
    const request = followed.current.get(id)
    if (request) void follower.current?.glance(request)
  }, [])
  const forget = useCallback((id: string) => void followed.current.delete(id), [])
  return { follow, glance, forget }
}

function heard(asked: Asked, answer: Answer): Asked {
  if (answer.is === 'problem') {
    const refused = asked.request === null // nothing to wait for
    return { ...asked, problem: answer.problem, heardAtMs: refused ? Date.now() : asked.heardAtMs }
  }
  // Two looks can overtake each other, and nothing ever goes back.
  if (asked.request && progressOf(answer.request) < progressOf(asked.request)) return asked
  const settled = answer.request.state !== 'pending'
  const heardAtMs = asked.heardAtMs ?? (settled ? Date.now() : null)
  return { ...asked, request: answer.request, problem: null, heardAtMs }
}

function freshly(named: Pick<Asked, 'id' | 'agent' | 'body'>): Asked {
  const nothingYet = {
    heardAtMs: null,
    request: null,
    problem: null,
    grant: null,
    credential: null,
    said: [],
    acting: false,
  }
  return { ...named, ...nothingYet, askedAtMs: Date.now() }
}
