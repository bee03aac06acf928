import type { PersonId } from '../../core/identity.ts'

/** What an agent runs into that its owner has to hear of: policy denies it, its requests are too many, or its calls are too fast. */
export type Trouble = 'denied' | 'pending' | 'paced'

/** What one person is told directly, once. `since` is when it happened (RFC 3339). */
export interface NewsJob {
  readonly task: 'news'
  readonly person: PersonId
  readonly about: NewsOfRequest | NewsOfAgent
  readonly since: string
  readonly at: string
  /** How often the channel has refused it; left out where it never has. */
  readonly failures?: number
}

/** A request has moved on; `version` is the one that it had then. What is told is how it stands when it is told. */
interface NewsOfRequest {
  readonly request: string
  readonly version: number
}

/** An agent is in trouble; `hour` names the hour for which it is told. */
interface NewsOfAgent {
  readonly agent: string
  readonly trouble: Trouble
  readonly hour: string
}

/** An agent is in trouble, and its owner is to be told, once in an hour. `slot` names the time at which that is looked at. */
export interface TroubleJob {
  readonly task: 'trouble'
  readonly agent: string
  readonly trouble: Trouble
  readonly slot: string
  readonly at: string
}
