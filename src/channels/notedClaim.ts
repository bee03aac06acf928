import { resultWithin } from '../lifetime/limit.ts'
import type { Hearing } from './hearing.ts'

/** A watcher wakes and does not inform, and not always: whoever waits looks from time to time. */
const lookEvery = 500

/** A press may overtake the record of its message: that is waited for, a moment (threats: fast-click). */
export async function untilNoted(
  { ports, slowAfter }: Pick<Hearing, 'ports' | 'slowAfter'>,
  confirmation: string,
  account: string,
): Promise<void> {
  let wake = () => {}
  const stop = ports.store.watch(confirmation, () => wake())
  const until = performance.now() + slowAfter
  try {
    for (;;) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve
      })
      const asked = (await ports.store.confirmation(confirmation))?.asked
      const mine = asked?.find((one) => one.account === account)
      const left = until - performance.now()
      if (!mine || mine.message !== null || left <= 0) return
      await resultWithin(woken, Math.min(lookEvery, left))
    }
  } finally {
    stop()
  }
}
