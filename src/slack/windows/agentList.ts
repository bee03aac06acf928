import type { KnownBlock } from '@slack/types'
import { warnedBefore } from '../../approvals/people/keyEnds.ts'
import { agentsOf, mostCounted } from '../../approvals/people/ownAgentActs.ts'
import { agentPassages } from '../../card/ownAgents.ts'
import type { Account } from '../../core/identity.ts'
import type { SlackContext } from '../context.ts'
import { context, mrkdwn } from '../text/blocks.ts'
import { escapeText } from '../text/escape.ts'
import { blocksOf } from '../text/spans.ts'

/** The agents of somebody as blocks, at most so many of them, and how many there are. Says how to add one where there are none. */
export async function agentListing(
  { ports }: SlackContext,
  account: Account,
  most: number,
): Promise<{ readonly count: number; readonly blocks: KnownBlock[] }> {
  const { count, agents } = await agentsOf(ports, account, most)
  const now = ports.clock()
  const soon = new Date(now.getTime() + warnedBefore).toISOString()
  const passages = agentPassages(agents, { now: now.toISOString(), soon, count, mostCounted })
  return {
    count,
    blocks: count === 0 ? [context(mrkdwn(emptyText))] : blocksOf(new Map(), passages),
  }
}

const emptyText = escapeText(
  'You have no agents. `/approvals agents add <name>` registers one: it is yours, its key is shown to you once, and you can never approve what it asks.',
)
