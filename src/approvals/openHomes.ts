/** A Home that somebody opened within the hour. */
export interface OpenHome {
  readonly user: string
  /** Seconds since it was opened. */
  readonly openedSecondsAgo: number
}

/** Which Homes are open, and which process publishes them when something changes: one each, another when that one falls silent. */
export interface OpenHomes {
  /** Somebody opens theirs, and this process is told of it: from now on it keeps it. */
  openHome(user: string, keeper: string): Promise<void>
  /** Says that this process goes on keeping its own, and takes those whose keeper has fallen silent: all that it keeps from now on. */
  keepOpenHomes(keeper: string): Promise<readonly OpenHome[]>
  /** It ends: others may take them at once. */
  leaveOpenHomes(keeper: string): Promise<void>
}
