import type { ActionRequest } from '../../core/request.ts'

/** How often an account was called since a moment: by all agents, and by one of them. */
export interface Called {
  readonly account: string
  readonly byAll: number
  readonly byAgent: number
  /** Whether the message that is named is among what called it. */
  readonly already: boolean
}

interface CalledQuery {
  /** Addresses. */
  readonly accounts: readonly string[]
  readonly agent: string
  /** Of the message that is about to call them. */
  readonly name: string
  /** RFC 3339. */
  readonly since: string
}

/** A request that people were asked about: whom it asked, and what they said. */
export type AskedOf = Pick<ActionRequest, 'requirement' | 'escalations' | 'decisions' | 'createdAt'>

/** Reads who was called, and who was asked. */
export interface MentionReader {
  /** Of each of these accounts, in their order. */
  called(query: CalledQuery): Promise<readonly Called[]>
  /** What people were asked about since a moment (RFC 3339), newest first; of all requests only so many of the newest are looked at. */
  askedOf(since: string, limit: number): Promise<readonly AskedOf[]>
  /** How often each account was called since a moment (RFC 3339), those that were called most first, at most so many. */
  mostCalled(
    since: string,
    limit: number,
  ): Promise<readonly { readonly account: string; readonly times: number }[]>
}
