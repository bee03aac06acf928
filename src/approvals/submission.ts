import type { Action } from '../core/action.ts'
import type { Digest } from '../core/digest.ts'
import type { CurrentPerson } from '../core/identity.ts'
import type { ActionRequest } from '../core/request.ts'
import type { Change } from './change.ts'
import type { GrantWish } from './grants/newGrant.ts'
import type { InitiatorClaim, PersonClaim } from './people/identify.ts'
import type { Agent, AgentKey } from './records.ts'

/** What an agent submits, parsed. */
export interface Submission {
  readonly action: Action
  readonly reason: string | null
  /** Null: the agent's owner is the initiator. */
  readonly initiator: InitiatorClaim | null
  readonly involved: readonly PersonClaim[]
  readonly run: ActionRequest['run']
  /** Shortens the policy's expiry; it can never lengthen it. */
  readonly expiresInSeconds: number | null
  /** The grant that comes with the answer where policy allows the action by itself; null when none is asked for. */
  readonly grant?: GrantWish | null
  /** Where the agent wants to hear of it. */
  readonly callbackUrl?: string
  /** The request that this one is asked instead of, because people asked for changes. */
  readonly revises?: string
  /** The request whose execution this one undoes. */
  readonly rollsBack?: string
  /** What would undo it: asked for with it, and decided with it where policy asks people about both. */
  readonly rollback?: Action
}

/** What an agent asks for together, parsed: what each member says for itself, and what all have in common. */
export interface SetSubmission
  extends Omit<Submission, 'action' | 'involved' | 'grant' | 'rollsBack' | 'rollback' | 'revises'> {
  readonly members: readonly Pick<Submission, 'action' | 'involved'>[]
}

/** What a submission comes in: who sends it, with which key, and under which idempotency key. */
export interface SubmissionEnvelope {
  readonly agent: Agent
  readonly key: AgentKey
  readonly via: 'api' | 'webhook' | 'cli' | 'startup' | 'slack'
  readonly idempotencyKey: string
  readonly bodyDigest: Digest
  /** A bundle to keep in the same commit, when the action is to activate it. */
  readonly policy?: Change['policy']
  /** Whom the action is about, when a command of ours knows it: they are behind it. */
  readonly about?: readonly CurrentPerson[]
}
