/** A switchboard for tests: makes the next calls of a kind fail in one of the ways in which Teams fails. */

export type TeamsFault =
  /** Answers this status, with `retry-after` where it is given, and nothing happens: 412, 413, 429, 502. */
  | { readonly kind: 'status'; readonly status: number; readonly code?: string; readonly retryAfter?: number }
  /** Takes the call and never answers. */
  | { readonly kind: 'hang' }
  /** Does what was asked, then the connection breaks before the answer. */
  | { readonly kind: 'lost_answer' }
  /** Waits until the promise settles, then goes on as usual: for slowness and for races. */
  | { readonly kind: 'hold'; readonly until: Promise<unknown> }

/** What the app can ask for. */
export type CallKind =
  | 'token'
  | 'keys'
  | 'chat'
  | 'post'
  | 'whisper'
  | 'update'
  | 'delete'
  | 'member'
  | 'user'
  | 'users'
  | 'checkMemberGroups'
  | 'group'
  | 'groups'
  | 'groupMembers'

export interface TeamsFaults {
  /** The next `times` calls (Infinity: all) of this kind (`*`: any) meet this fault. */
  next(kind: CallKind | '*', fault: TeamsFault, times?: number): void
  /** Everything works again. */
  clear(): void
  /** The fault this call meets, counted down. */
  take(kind: CallKind): TeamsFault | undefined
}

/** No faults until a test asks for some; the oldest that fits is met first. */
export function createTeamsFaults(): TeamsFaults {
  let planned: { kind: CallKind | '*'; fault: TeamsFault; left: number }[] = []
  return {
    next(kind, fault, times = 1) {
      planned.push({ kind, fault, left: times })
    },
    clear() {
      planned = []
    },
    take(kind) {
      const plan = planned.find((one) => one.kind === kind || one.kind === '*')
      if (plan === undefined) return undefined
      plan.left -= 1
      planned = planned.filter((one) => one.left > 0)
      return plan.fault
    },
  }
}
