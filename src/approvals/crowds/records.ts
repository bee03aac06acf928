import type { Source } from '../../core/requirement.ts'
import type { Put } from '../change.ts'
import type { Versioned } from '../records.ts'

/** The one card of a conversation that stands for the requests that have none of their own there yet. The id is the conversation. */
export interface CrowdCard extends Versioned {
  /** Its message, once posted; null again when it cannot be changed any more. */
  readonly message: string | null
  /** What it shows, as a digest, or `crowdOver`; null when that is not known. */
  readonly shown: string | null
  /** When it is looked after next (RFC 3339): a job for another time leaves it alone. */
  readonly next: string
  /** Whether those who are needed were reminded under it. */
  readonly reminded: boolean
}

/** What a card shows that says that nothing waits there any more. */
export const crowdOver = 'over'

/** Such a card takes up the next crowd that comes soon. */
export function isOver({ shown }: Pick<CrowdCard, 'shown'>): boolean {
  return shown === crowdOver
}

/** A request that asks people in a conversation; several that share a card are one. */
export interface AskingIn {
  /** The one that carries the card. */
  readonly id: string
  /** Name of the agent. */
  readonly agent: string
  readonly createdAt: string
  readonly expiresAt: string
  readonly escalated: boolean
  /** Who may fill its legs. */
  readonly from: readonly Source[]
  /** When policy first reminds of it; null when it never does. */
  readonly remindAt: string | null
  /** When its own card was posted there; null while none stands there. */
  readonly postedAt: string | null
  /** Whether the record says that the crowd card there stood for it. */
  readonly listed: boolean
}

/** What a store keeps of crowds. It is no record: that a request was listed is in the ledger. */
export interface CrowdReader {
  crowdCard(conversation: string): Promise<CrowdCard | null>
  /** Everything that waits for people and asks them in a conversation, at most two thousand. */
  askingIn(conversation: string): Promise<readonly AskingIn[]>
}

export interface CrowdStore extends CrowdReader {
  /** False when another has changed it meanwhile. */
  keepCrowdCard(put: Put<CrowdCard>): Promise<boolean>
  /** Removes it, if it still has that version. */
  dropCrowdCard(card: Pick<CrowdCard, 'id' | 'version'>): Promise<boolean>
}
