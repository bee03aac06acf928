import { randomUUID } from 'node:crypto'
import type { Company } from '../world/company.ts'
import { conversations } from '../world/policy.ts'
import { type Agent, release } from './agent.ts'
import type { Work } from './atOnce.ts'
import { type CycleOptions, cardOrAnswer, wait } from './cycle.ts'

/**
 * One approval to its end: the agent asks and waits, the card stands in Slack, somebody presses Approve, the agent hears, asks for the
 * grant, spends it for exactly that action, and reports what it did.
 */
export function lifecycle({ company, agents, conversationsEach }: Omit<CycleOptions, 'look'>): Work {
  return async (n, loop) => {
    const conversation = (loop * conversationsEach + (n % conversationsEach)) % conversations.length
    const agent = agents[loop % agents.length]
    if (!agent) return 'there is no agent'
    return (await approved(agent, company, conversation)) ?? undefined
  }
}

async function approved(agent: Agent, company: Company, conversation: number): Promise<string | null> {
  const { reason, initiator, ...action } = release(conversation)
  const shown = company.nextCard(conversation)
  const heard = agent.ask(JSON.stringify({ ...action, reason, initiator }), wait)
  const card = await cardOrAnswer(shown, heard)
  if (typeof card === 'string') return card
  const [seen, { id, state, status }] = await Promise.all([company.approve(card), heard])
  if (state !== 'approved') return `the agent heard ${state || status}`
  const { token, ...granted } = await agent.grant(id)
  if (granted.status !== 201) return `the grant was answered ${granted.status} ${granted.state}`
  const spent = await agent.redeem({ token, attempt: randomUUID(), action })
  if (spent.status !== 200) return `the redemption was answered ${spent.status} ${spent.state}`
  const reported = await agent.report(id, 'succeeded', action)
  if (reported.status !== 201) return `the report was answered ${reported.status} ${reported.state}`
  return seen.ok ? null : `it all went well, and Slack said ${seen.error}`
}
