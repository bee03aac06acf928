import type { Digest } from '../../core/digest.ts'

/** A process that serves on this store, as it last said of itself. */
export interface Replica {
  readonly id: string
  /** For people: host and process id. */
  readonly name: string
  /** The files digest of the policy it judges by; null while it has none. */
  readonly policy: Digest | null
}

/** The part of the store that knows its replicas. `hearBeats` and `hearAnew` are about what `watch` is told by. */
export interface Replicas {
  /**
   * Writes down that a replica lives and what it judges by, and tells all watchers of its beats on every replica, in one
   * statement: it resolves when this process can write. Rows of replicas that are long gone are removed.
   */
  beat(replica: Replica): Promise<void>
  /** Calls back for each beat of a replica that really arrived, and, unlike `watch`, for nothing else. */
  hearBeats(replica: string, heard: () => void): () => void
  /** Gives up what hears for the watchers, and hears anew; all of them are woken when it does. */
  hearAnew(): void
  /** The replicas whose last beat is younger than a quarter of an hour, and how old it is by the store's own clock. */
  replicas(): Promise<readonly (Replica & { readonly silentSeconds: number })[]>
  /** A replica that stops in order takes its row with it. */
  leave(replica: string): Promise<void>
}
