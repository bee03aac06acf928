/**
 * How old something is that this process remembers. Somebody can set the clock of a machine, and a machine can sleep:
 * then the monotonic clock and the wall clock disagree about how much time has passed, and neither can be trusted to say
 * that a fact is still young. So an age is the larger of what the two say, and a disagreement of more than a second is
 * told to whoever remembers facts, who then forgets them all (threats: clock, left-the-group).
 *
 * Only for ages. A moment that is recorded, or compared with a deadline, is the database's.
 */
export interface AgeClock {
  /** Milliseconds that grow at least as fast as either clock says. Listeners have heard of a jump before it returns. */
  now(): number
  /** Milliseconds of the monotonic clock alone: for time-outs and paces, which a clock that was set must not change. */
  elapsed(): number
  /** Calls back when the clocks disagree. Returns how to stop. */
  onJump(listener: () => void): () => void
}

/** Milliseconds by which the two clocks may disagree; corrections over the network stay below. */
const disagreement = 1_000

/** Both clocks in milliseconds; this machine's own unless told otherwise. */
export function createAgeClock(
  clocks: { readonly elapsed: () => number; readonly wall: () => number } = {
    elapsed: () => performance.now(),
    wall: () => Date.now(),
  },
): AgeClock {
  const listeners = new Set<() => void>()
  let last = { elapsed: clocks.elapsed(), wall: clocks.wall() }
  /** What the wall clock was ahead when the two last agreed. */
  let ahead = last.wall - last.elapsed
  let age = 0

  const read = () => {
    const next = { elapsed: clocks.elapsed(), wall: clocks.wall() }
    const byElapsed = next.elapsed - last.elapsed
    age += Math.max(byElapsed, next.wall - last.wall, 0)
    last = next
    const agree = byElapsed >= 0 && Math.abs(next.wall - next.elapsed - ahead) <= disagreement
    if (agree) return
    ahead = next.wall - next.elapsed
    for (const listener of listeners) listener()
  }
  return {
    now() {
      read()
      return age
    },
    elapsed: clocks.elapsed,
    onJump(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
