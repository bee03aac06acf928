import type { AccountKey, PersonId } from '../core/identity.ts'
import type { Delegation } from './delegations/records.ts'
import type { Agent, AgentKey, LinkedAccount } from './records.ts'
import type { StandingStops } from './stops/records.ts'

export interface KeyOfAgent {
  readonly key: AgentKey
  readonly agent: Agent
}

/** Where the links between people are looked up. */
export interface WhoIsWho {
  accounts(keys: readonly AccountKey[]): Promise<readonly LinkedAccount[]>
  /** Every account of these people, and their earlier ids. */
  accountsOf(...people: readonly PersonId[]): Promise<readonly LinkedAccount[]>
}

/**
 * Agents, keys and links between people as this process remembers them, so that what policy allows waits for no reading. What
 * it says may be old: who judges by it names it in the commit (`Change.caller`, `links`, `holdings`), which compares; who would
 * refuse by it looks in the store first (threats: stale-replica).
 */
export interface Registry extends WhoIsWho {
  /** A key that is remembered; null says nothing about whether it exists. */
  remembered(key: string): KeyOfAgent | null
  /** Looks a key up in the store, and remembers it. */
  key(id: string): Promise<KeyOfAgent | null>
  /** What is remembered no longer counts, nor what is being read just now. */
  forget(): void
}

/**
 * The stops that hold, as this process remembers them, so that what is not stopped waits for no reading. What it says may be old:
 * who judges by it names `read` in the commit (`Change.stopsRead`), which compares; who would refuse by it renews first. Both reject
 * when stops have to be read and cannot be: then nothing is judged.
 */
export interface KnownStops {
  /** As remembered, where that is young enough; otherwise as they are now. */
  standing(): Promise<StandingStops>
  /** As they are now, by a read that begins after the call. */
  renew(): Promise<StandingStops>
  /** What is remembered no longer counts, nor what is being read just now. */
  forget(): void
}

/**
 * The delegations in force, as this process remembers them, so that a card waits for no reading. What it says may be some seconds old:
 * it changes who is told, and nothing is decided by it.
 */
export interface KnownDelegations {
  standing(): Promise<readonly Delegation[]>
}
