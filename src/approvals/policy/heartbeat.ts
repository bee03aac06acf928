import type { Digest } from '../../core/digest.ts'
import { within } from '../../lifetime/limit.ts'
import type { Health, Store } from '../ports.ts'

/** A process that serves says that it lives, and finds out whether it can write and hear. */
export interface Heartbeat {
  /** Says it now, for whoever has news: another policy to judge by. */
  readonly beat: () => Promise<void>
  /** Makes sure that what health says of writing is not older than a second. Never rejects, and takes two at most. */
  readonly prove: () => Promise<void>
  /** Ends it, and takes this replica off the list. */
  readonly stop: () => Promise<void>
}

export interface HeartbeatOptions {
  readonly store: Pick<Store, 'beat' | 'hearBeats' | 'hearAnew' | 'leave'>
  readonly health: Health
  readonly replica: { readonly id: string; readonly name: string }
  /** The files of the policy that this replica judges by. */
  readonly policy: () => Digest | null
  /** What to do when nothing is heard: look at the policy directly. */
  readonly deaf: () => Promise<void>
  readonly everyMs?: number
  /** Milliseconds that one beat may take until writing counts as failed. Below the two seconds that readiness has. */
  readonly limitMs?: number
  /** Milliseconds that waiting for the last beat may take, and leaving again as many. */
  readonly leaveMs?: number
  /** Milliseconds without hearing one of our own beats after which nothing that is heard is relied on. */
  readonly deafAfterMs?: number
  /** Milliseconds that only ever grow. */
  readonly elapsed?: () => number
}

const usual = {
  everyMs: 2_000,
  limitMs: 1_500,
  leaveMs: 1_000,
  deafAfterMs: 7_000,
  elapsed: () => performance.now(),
}

/** A proof of writing is believed for so many milliseconds. */
const freshMs = 1_000

/** Beats that were never answered hold connections: no more than so many at once. */
const mostUnanswered = 2

/**
 * Every few seconds one statement writes this replica's row and notifies everybody, this process too. Written: it can
 * write. Heard, on the connection that hears of changes: it can hear, of the same database that it writes to. A
 * connection that says nothing and does not break looks well from inside in every other way (threats: stale-replica).
 */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: what beats, proves and stops shares one small state
export function startHeartbeat(options: HeartbeatOptions): Heartbeat {
  const { store, health, replica, policy, limitMs, leaveMs, everyMs, elapsed } = { ...usual, ...options }
  const ear = listening({ ...usual, ...options })
  let ended = false
  let unanswered = 0
  let provedAt = Number.NEGATIVE_INFINITY
  let latest: Promise<void> = Promise.resolve()
  let proving: Promise<void> | null = null

  const send = async (): Promise<void> => {
    const began = elapsed()
    const answered = store.beat({ ...replica, policy: policy() }).finally(() => {
      unanswered -= 1
    })
    try {
      await within(limitMs, 'writing a beat', () => answered)
      provedAt = began
      if (!ended) health.clear('cannot_write', 'beat')
    } catch (fault) {
      const why = fault instanceof Error ? fault.message : 'no answer'
      if (!ended) health.raise('cannot_write', why, 'beat')
    }
  }
  const beat = (): Promise<void> => {
    if (ended || unanswered >= mostUnanswered) return latest
    unanswered += 1
    latest = send()
    return latest
  }
  const timer = setInterval(() => {
    void beat()
    // After what has arrived meanwhile was read: a process that had no processor is not deaf.
    setImmediate(() => ended || ear.check())
  }, everyMs)
  timer.unref()
  void beat()
  return {
    beat,
    async prove() {
      if (elapsed() - provedAt <= freshMs) return
      proving ??= beat().finally(() => {
        proving = null
      })
      await proving
    },
    async stop() {
      ended = true
      clearInterval(timer)
      ear.stop()
      // A beat that is on its way would put the row back.
      await within(leaveMs, 'the last beat', () => latest).catch(() => {})
      await within(leaveMs, 'taking this replica off the list', () => store.leave(replica.id)).catch(() => {})
    },
  }
}

/** Hears our own beats. When they stay away, what hears is opened anew, and the policy is looked at directly. */
function listening(options: HeartbeatOptions & typeof usual) {
  const { store, health, replica, deaf, deafAfterMs, elapsed } = options
  let heardAt = elapsed()
  let openedAt = heardAt
  const unhear = store.hearBeats(replica.id, () => {
    heardAt = elapsed()
    health.clear('policy_unconfirmed', 'beat')
  })
  return {
    check() {
      const now = elapsed()
      if (now - heardAt <= deafAfterMs) return
      const detail =
        'Nothing has been heard from the database for a while; listening again, and reading directly.'
      health.raise('policy_unconfirmed', detail, 'beat')
      void deaf().catch(() => undefined) // the follower tells its own faults
      if (now - openedAt <= deafAfterMs) return
      openedAt = now
      store.hearAnew()
    },
    stop: unhear,
  }
}
