import { isSettled } from '../core/lifecycle.ts'
import type { ActionRequest } from '../core/request.ts'
import type { ReadPorts } from './ports.ts'

/** Woken by the commit; this is only the safety net for a wake-up that was lost. */
const lookAgainAfterMs = 5_000

/**
 * Waits until the request is settled, `seconds` are over or the signal aborts, and answers with its newest state.
 * Null when there is no such request.
 */
export async function waitUntilSettled(
  ports: Pick<ReadPorts, 'store'>,
  id: string,
  options: { readonly seconds: number; readonly signal: AbortSignal },
): Promise<ActionRequest | null> {
  const deadline = performance.now() + options.seconds * 1_000
  let wake = () => {}
  let woken = false
  // Watch before reading: a commit between the two would otherwise go unnoticed until the safety net.
  const stop = ports.store.watch(id, () => {
    woken = true
    wake()
  })
  try {
    for (;;) {
      woken = false
      const request = await ports.store.request(id)
      const left = deadline - performance.now()
      if (!request || isSettled(request.state) || left <= 0 || options.signal.aborted) return request
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(left, lookAgainAfterMs))
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
        options.signal.addEventListener('abort', wake, { once: true })
        if (woken || options.signal.aborted) wake()
      }).finally(() => options.signal.removeEventListener('abort', wake))
    }
  } finally {
    stop()
  }
}
