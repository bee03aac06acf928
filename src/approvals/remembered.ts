import type { AgeClock } from '../lifetime/ageClock.ts'
import { oneAtATime } from '../lifetime/oneAtATime.ts'
import type { StoreReader } from './ports.ts'

/** One reading of the store, kept. */
export interface Remembered<T> {
  /** What was read, while it is believed; null when whoever wants to be sure has to read. */
  believed(): T | null
  /** What was read last, however long ago; null before the first reading. */
  last(): T | null
  /** Reads. Whoever asks gets a reading that began after asking. */
  renew(): Promise<T>
  /** What was read is not believed any more. */
  forget(): void
}

/** How it is read, which commits make it old, and for how many milliseconds it is believed without a word. */
export interface Reading<T> {
  readonly read: () => Promise<T>
  readonly topic: string
  readonly believedMs: number
}

/**
 * Reads when it is asked and does not know: at first, when a commit told of a change, when the last reading is old (being told is
 * promised by nobody), and when the clocks of this machine disagree.
 */
export function remember<T>(
  store: Pick<StoreReader, 'watch'>,
  ages: Pick<AgeClock, 'now' | 'onJump'>,
  { read, topic, believedMs }: Reading<T>,
): Remembered<T> {
  let last: { readonly value: T } | null = null
  let believedSince: number | null = null
  let era = 0
  const forget = () => {
    era += 1
    believedSince = null
  }
  store.watch(topic, forget)
  ages.onJump(forget)
  const look = oneAtATime(async () => {
    const began = era
    const at = ages.now()
    last = { value: await read() }
    // What came while it was read may be missing in it: then the next who asks reads again.
    if (began === era) believedSince = at
  })
  return {
    believed() {
      const now = ages.now() // before anything is believed: a jump makes it forget
      return last !== null && believedSince !== null && now - believedSince < believedMs ? last.value : null
    },
    last: () => last?.value ?? null,
    async renew() {
      await look()
      if (last === null) throw new Error('nothing was read')
      return last.value
    },
    forget,
  }
}
