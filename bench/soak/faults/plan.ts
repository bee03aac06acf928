import type { Random } from '../random.ts'

/** Everything that breaks besides Slack's single calls, and how many of each a round has. */
export const roundOf = {
  /** kill -9 of a server process, which is started again. */
  kill: 3,
  /** SIGTERM, as a rolling update does it. */
  stop: 1,
  /** The database shuts down fast (clients are told) and starts again. */
  'database fast': 1,
  /** The database ends at once, without a word, and recovers. */
  'database immediate': 1,
  /** New sessions are read-only, the old ones are ended: a failover to a standby that is promoted later. */
  'read-only': 1,
  /** Somebody deletes the card of a request that waits. */
  'card deleted': 2,
  /** A channel is archived, and restored a while later. */
  'channel archived': 1,
  /** Slack answers nothing at all. */
  'slack away': 1,
} as const

export type StrikeKind = keyof typeof roundOf

export interface Strike {
  readonly kind: StrikeKind
  /** Milliseconds from the start of the load. */
  readonly at: number
  /** How long it lasts, or how long until what was killed is started again. Milliseconds. */
  readonly forMs: number
  /** Which replica: of each round one is spared, so that it lives through all the rest. */
  readonly replica: number
}

/** Milliseconds: how long each lasts. */
const lasts: Readonly<Record<StrikeKind, readonly [number, number]>> = {
  kill: [200, 4_000],
  stop: [200, 1_500],
  'database fast': [0, 0],
  'database immediate': [0, 0],
  'read-only': [2_000, 9_000],
  'card deleted': [0, 0],
  'channel archived': [3_000, 9_000],
  'slack away': [2_000, 8_000],
}

/** Round after round of everything, each in another order, with pauses between; nothing in the last seconds of the load. */
export function planOf(minutes: number, random: Random): readonly Strike[] {
  const end = minutes * 60_000 - 4_000
  // A short run meets everything once; in a long one there is time to get well in between.
  const pause: readonly [number, number] = minutes <= 2 ? [2_000, 6_500] : [4_000, 12_000]
  const kinds = Object.entries(roundOf).flatMap(([kind, count]) =>
    Array.from({ length: count }, () => kind as StrikeKind),
  )
  const strikes: Strike[] = []
  for (let at = random.between(...pause), round = 0; at < end; round += 1) {
    for (const kind of random.shuffled(kinds)) {
      if (at >= end) break
      strikes.push({ kind, at, forMs: random.between(...lasts[kind]), replica: round % 2 })
      at += random.between(...pause)
    }
  }
  return strikes
}
