import { isSettled } from '../../core/lifecycle.ts'
import type { ActionRequest } from '../../core/request.ts'
import { createBell } from '../bell.ts'
import { mayGoOn } from '../people/authenticate.ts'
import { registryTopic } from '../people/registry.ts'
import type { ReadPorts } from '../ports.ts'
import { stopsTopic } from '../stops/remember.ts'
import { type HowToWait, heldBy, lookAgainAfterMs } from '../wait.ts'

/**
 * Waits until all requests of a set are settled, a stop begins or ceases to hold one of them, the agent is handed over, `seconds` are over or
 * the signal aborts, and answers with their newest states.
 *
 * @throws Refusal `unauthenticated` once the key of whoever waits counts no more, as `waitUntilSettled`
 */
export async function waitUntilAllSettled(
  ports: Pick<ReadPorts, 'store' | 'stops'>,
  { id, requests: known }: { readonly id: string; readonly requests: readonly ActionRequest[] },
  { caller, seconds, signal }: HowToWait,
): Promise<readonly ActionRequest[]> {
  const deadline = performance.now() + seconds * 1_000
  const bell = createBell<'request' | 'stops' | 'registry'>()
  // Watched before it is read: a commit between the two would otherwise go unnoticed until the safety net.
  const unwatch = [
    ...known.map((one) => ports.store.watch(one.id, () => bell.ring('request'))),
    ports.store.watch(stopsTopic, () => bell.ring('stops')),
    ports.store.watch(registryTopic, () => bell.ring('registry')),
  ]
  try {
    let requests = await ports.store.setOf(id)
    const heldAtFirst = await heldAmong(ports, requests)
    for (;;) {
      const left = deadline - performance.now()
      const isOver = requests.every(({ state }) => isSettled(state))
      if (isOver || left <= 0 || signal.aborted) return requests
      if ((await heldAmong(ports, requests)) !== heldAtFirst) return requests
      const why = await bell.rung(Math.min(left, lookAgainAfterMs), signal)
      const isUnsure = why.size === 0 || why.has('registry')
      if (isUnsure && !(await mayGoOn(ports, caller))) return ports.store.setOf(id)
      if (why.size === 0 || why.has('request')) requests = await ports.store.setOf(id)
    }
  } finally {
    for (const end of unwatch) end()
  }
}

/** Which stops hold which of them, as one text. */
async function heldAmong(
  ports: Pick<ReadPorts, 'stops'>,
  requests: readonly ActionRequest[],
): Promise<string> {
  const held = await Promise.all(requests.map((one) => heldBy(ports, one)))
  return held.map((stop) => stop ?? '').join(' ')
}
