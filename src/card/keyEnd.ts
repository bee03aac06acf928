import type { Passage } from './passage.ts'
import { onDay, ours, outside, say, strong, warning } from './span.ts'

/** A key of an agent that ends by itself, for the owner of the agent. */
export interface KeyEnd {
  readonly agent: string
  /** Its id: what it is called where its secret may not stand. */
  readonly key: string
  readonly expiresAt: string
  readonly stage: 'soon' | 'over'
  /** How many other keys the agent has that end later, or not at all. */
  readonly others: number
}

/** What the owner reads, with what to do. */
interface KeyEndContent {
  readonly title: string
  readonly passages: readonly Passage[]
  /** For what shows no more than a line. */
  readonly notification: string
}

export function keyEndContent({ agent, key, expiresAt, stage, others }: KeyEnd): KeyEndContent {
  const isOver = stage === 'over'
  const title = isOver ? 'A key of your agent has expired' : 'A key of your agent is about to expire'
  const means = isOver
    ? others > 0
      ? 'Calls with it are refused (key_expired). The agent has another key that works.'
      : 'Calls with it are refused (key_expired), and the agent has no other key: it can do nothing.'
    : 'From then on calls with it are refused.'
  return {
    title,
    passages: [
      {
        line: say`${isOver ? say`${warning} ` : []}The key ${strong`${outside(key, 60)}`} of ${strong`${outside(agent, 80)}`} ${ours(isOver ? 'expired' : 'expires')} ${onDay(expiresAt)}. ${ours(means)}`,
      },
      {
        note: say`For a new one, which ends every older one at once, type: /approvals agents rotate ${outside(agent, 80)}`,
      },
    ],
    notification: `${title}: ${agent}.`,
  }
}
