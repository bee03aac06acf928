import type { Card, Company } from '../world/company.ts'
import { conversations } from '../world/policy.ts'
import { type Agent, releasing } from './agent.ts'
import type { Work } from './atOnce.ts'

/** Milliseconds from the click to the agent that hears, of each cycle that went as it should. */
export type Releases = number[]

export interface CycleOptions {
  readonly company: Company
  readonly agents: readonly Agent[]
  /** Each loop has conversations of its own, so that it knows its cards. */
  readonly conversationsEach: number
  /** Before the click, when the card stands there. Without it the click comes at once. */
  readonly look?: () => Promise<void>
}

/** Seconds that an agent waits in one call; what is pending then has surprised. */
export const wait = 55

/**
 * One approval as everybody meets it: the agent asks and waits in one call, the card stands in Slack, somebody presses
 * Approve, the agent hears.
 */
export function cycle({ company, agents, conversationsEach, look }: CycleOptions, releases: Releases): Work {
  return async (n, loop) => {
    const conversation = (loop * conversationsEach + (n % conversationsEach)) % conversations.length
    const shown = company.nextCard(conversation)
    const heard = agents[loop % agents.length]?.ask(releasing(conversation), wait)
    const answered = heard?.then((answer) => ({ answer, at: performance.now() }))
    const card = await cardOrAnswer(shown, heard)
    if (typeof card === 'string') return card
    await look?.()
    const clicked = performance.now()
    const [seen, last] = await Promise.all([company.approve(card), answered])
    if (last?.answer.state !== 'approved')
      return `the agent heard ${last?.answer.state || last?.answer.status}${seen.ok ? '' : `; Slack said ${seen.error}`}`
    releases.push(last.at - clicked)
    return seen.ok ? undefined : `approved, and Slack said ${seen.error}`
  }
}

/** The card that somebody clicks, or what surprised: the agent heard something before, or there is none. */
export async function cardOrAnswer(
  shown: Promise<Card | null>,
  heard: ReturnType<Agent['ask']> | undefined,
): Promise<Card | string> {
  const card = await Promise.race([
    shown,
    heard?.then(({ status, state }) => `the agent heard ${status} ${state} before anybody clicked`),
  ])
  return card ?? 'no card stood there in time'
}

/** The same where many ask in one conversation: an agent asks, hears the id of its request, and waits for that. */
export function cycleInOneConversation(
  { company, agents }: Pick<CycleOptions, 'company' | 'agents'>,
  releases: Releases,
): Work {
  return async (_, loop) => {
    const agent = agents[loop % agents.length]
    const asked = await agent?.ask(releasing(0))
    if (!agent || asked?.state !== 'pending')
      return `the answer to an ask was ${asked?.status} ${asked?.state}`
    const card = await company.cardOf(asked.id)
    if (!card) return 'no card stood there in time'
    const heard = agent.read(asked.id, wait).then(({ state }) => ({ state, at: performance.now() }))
    const clicked = performance.now()
    const [seen, last] = await Promise.all([company.approve(card), heard])
    if (last.state !== 'approved')
      return `the agent heard ${last.state}; Slack said ${seen.error ?? 'nothing'}`
    releases.push(last.at - clicked)
    return seen.ok ? undefined : `approved, and Slack said ${seen.error}`
  }
}

/** The conversations are shared out among so many loops. */
export const conversationsFor = (loops: number) => Math.max(1, Math.floor(conversations.length / loops))
