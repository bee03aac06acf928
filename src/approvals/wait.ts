import { isSettled } from '../core/lifecycle.ts'
import type { ActionRequest } from '../core/request.ts'
import { createBell } from './bell.ts'
import type { KeyOfAgent } from './known.ts'
import { mayGoOn } from './people/authenticate.ts'
import { registryTopic } from './people/registry.ts'
import type { ReadPorts } from './ports.ts'
import { heldOf } from './stops/held.ts'
import { stopsTopic } from './stops/remember.ts'

/** Woken by the commit; this is only the safety net for a wake-up that was lost. */
export const lookAgainAfterMs = 5_000

/** `store.request` is how whoever waits reads it, each time: with its place in the ledger, where they show that. */
export interface PortsOfWaiting<Read extends ActionRequest> extends Pick<ReadPorts, 'stops'> {
  readonly store: Omit<ReadPorts['store'], 'request'> & { request(id: string): Promise<Read | null> }
}

export interface HowToWait {
  readonly caller: KeyOfAgent
  readonly seconds: number
  readonly signal: AbortSignal
}

/**
 * Waits until the request, which the caller knows as of a version, is settled, a stop begins or ceases to hold it, its agent is handed over,
 * `seconds` are over or the signal aborts, and answers with its newest state. Null when there is no such request.
 *
 * @throws Refusal `unauthenticated` once the key of whoever waits counts no more: at once, and where nothing was heard of it, at the next look
 */
export async function waitUntilSettled<Read extends ActionRequest>(
  ports: PortsOfWaiting<Read>,
  { id, version }: Pick<ActionRequest, 'id' | 'version'>,
  options: HowToWait,
): Promise<Read | null> {
  const deadline = performance.now() + options.seconds * 1_000
  const bell = createBell<'request' | 'stops' | 'registry'>()
  let known = version
  // Watch before reading: a commit between the two would otherwise go unnoticed until the safety net.
  const unwatch = [
    ports.store.watch(id, (newest) => {
      if (newest === undefined || newest > known) bell.ring('request')
    }),
    ports.store.watch(stopsTopic, () => bell.ring('stops')),
    ports.store.watch(registryTopic, () => bell.ring('registry')),
  ]
  try {
    let request = await ports.store.request(id)
    const heldAtFirst = await heldBy(ports, request)
    for (;;) {
      const left = deadline - performance.now()
      known = request?.version ?? known
      if (!request || isSettled(request.state) || left <= 0 || options.signal.aborted) return request
      if ((await heldBy(ports, request)) !== heldAtFirst) return request
      const why = await bell.rung(Math.min(left, lookAgainAfterMs), options.signal)
      // Everybody who waits hears of a stop and of people: only of the request itself, or of nothing at all, each reads it again.
      if ((why.size === 0 || why.has('registry')) && !(await mayGoOn(ports, options.caller)))
        return ports.store.request(id)
      if (why.size === 0 || why.has('request')) request = await ports.store.request(id)
    }
  } finally {
    for (const end of unwatch) end()
  }
}

export async function heldBy(
  ports: Pick<ReadPorts, 'stops'>,
  request: ActionRequest | null,
): Promise<string | null> {
  return request && ((await heldOf(ports, request))?.stop ?? null)
}
