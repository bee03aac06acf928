import type { ServerResponse } from 'node:http'

/** The calls that are open now, so that closing the server ends their waiting and each still gets its answer. */
export interface Waits {
  /** A signal that aborts when the caller hangs up, the call is answered, or all waiting ends. */
  begin(response: ServerResponse): AbortSignal
  /** From now on nobody waits. */
  endAll(): void
}

export function createWaits(): Waits {
  const open = new Set<AbortController>()
  let ended = false

  return {
    begin(response) {
      const controller = new AbortController()
      if (ended) controller.abort()
      open.add(controller)
      response.once('close', () => {
        open.delete(controller)
        controller.abort()
      })
      return controller.signal
    },
    endAll() {
      ended = true
      for (const controller of open) controller.abort()
    },
  }
}
