import type { Logger } from 'pino'
import type { PersonCommand } from '../approvals/personCommand.ts'
import type { Ports } from '../approvals/ports.ts'
import type { AccountKey } from '../core/identity.ts'
import type { Wording } from './answers.ts'

/** What whoever hears people in a channel works with, whichever channel it is. */
export interface Hearing {
  readonly ports: Ports
  readonly log: Logger
  /** The channel, as attempts name it. */
  readonly via: string
  readonly wording: Wording
  /** Keeps what somebody does durably, to be judged by a job. Resolves when it is durable. */
  readonly later: (command: PersonCommand) => Promise<void>
  /** Milliseconds after which what a press does is handed to `later` and the press acknowledged. */
  readonly ackAfter: number
  /** Milliseconds after which people are told that it takes long, and windows are answered. */
  readonly slowAfter: number
}

/** Who does something, as the channel says: who that is, only the directory knows. */
export interface Actor {
  /** As the directory is asked. */
  readonly address: string
  /** As the payload names them: only for the record of a refusal, because a payload's word on it is not believed. */
  readonly claimed: AccountKey
}

/** One delivery of what somebody does. */
export interface Doer {
  readonly actor: Actor
  /** Its name: the same one delivered twice counts once. */
  readonly delivery: string
}
