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
const lookAgainAfterMs = 5_000

/** `store.request` is how whoever waits reads it, each time: with its place in the ledger, where they show that. */
export interface PortsOfWaiting<Read extends ActionRequest> extends Pick<ReadPorts, 'stops' | 'clock'> {
  readonly store: Omit<ReadPorts['store'], 'request'> & { request(id: string): Promise<Read | null> }
}

export interface HowToWait {
  readonly caller: KeyOfAgent
  readonly seconds: number
  readonly signal: AbortSignal
}

/**
 * Waits until the request, which the caller knows as of a version, is settled, somebody has written a note about it, a stop begins or ceases to hold it, its agent is handed over,
 * `seconds` are over or the signal aborts, and answers with its newest state. Null when there is no such request.
 *
 * @throws Refusal `unauthenticated` once the key of whoever waits counts no more: at once, and where nothing was heard of it, at the next look
 */
export function waitUntilSettled<Read extends ActionRequest>(
  ports: PortsOfWaiting<Read>,
  { id, version, notes = [] }: Pick<ActionRequest, 'id' | 'version' | 'notes'>,
  options: HowToWait,
): Promise<Read | null> {
  let known = version
  return waitUntil(ports, options, {
    watch: (changed) => [
      ports.store.watch(id, (newest) => {
        if (newest === undefined || newest > known) changed()
      }),
    ],
    async read() {
      const request = await ports.store.request(id)
      known = request?.version ?? known
      return request
    },
    isOver: (request) => !request || isSettled(request.state) || (request.notes ?? []).length > notes.length,
    held: (request) => heldBy(ports, request),
  })
}

/** What is waited for: how it is watched and read, when it is over, and which stops hold it, as a text or null. */
export interface Awaited<Read> {
  watch(changed: () => void): readonly (() => void)[]
  read(): Promise<Read>
  isOver(now: Read): boolean
  held(now: Read): Promise<string | null>
}

/**
 * Waits until it is over, a stop begins or ceases to hold it, its agent is handed over, `seconds` are over or the signal aborts.
 *
 * @throws Refusal as `waitUntilSettled`
 */
export async function waitUntil<Read>(
  ports: Pick<ReadPorts, 'stops' | 'clock'> & { readonly store: PortsOfWaiting<ActionRequest>['store'] },
  { caller, seconds, signal }: HowToWait,
  { watch, read, isOver, held }: Awaited<Read>,
): Promise<Read> {
  const deadline = performance.now() + seconds * 1_000
  const bell = createBell<'request' | 'stops' | 'registry'>()
  // Watch before reading: a commit between the two would otherwise go unnoticed until the safety net.
  const unwatch = [
    ...watch(() => bell.ring('request')),
    ports.store.watch(stopsTopic, () => bell.ring('stops')),
    ports.store.watch(registryTopic, () => bell.ring('registry')),
  ]
  try {
    let now = await read()
    const heldAtFirst = await held(now)
    for (;;) {
      const left = deadline - performance.now()
      if (isOver(now) || left <= 0 || signal.aborted) return now
      if ((await held(now)) !== heldAtFirst) return now
      const why = await bell.rung(Math.min(left, lookAgainAfterMs), signal)
      // Everybody who waits hears of a stop and of people: only of what is waited for, or of nothing at all, each reads it again.
      const isUnsure = why.size === 0 || why.has('registry')
      if (isUnsure && !(await mayGoOn(ports, caller))) return read()
      if (why.size === 0 || why.has('request')) now = await read()
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
