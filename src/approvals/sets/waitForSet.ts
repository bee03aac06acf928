import { isSettled } from '../../core/lifecycle.ts'
import { notesOn } from '../../core/note.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { ReadPorts } from '../ports.ts'
import { type HowToWait, heldBy, waitUntil } from '../wait.ts'

/**
 * Waits until all requests of a set are settled, somebody has written a note about one, a stop begins or ceases to hold one of them, the agent is handed over, `seconds` are over or
 * the signal aborts, and answers with their newest states.
 *
 * @throws Refusal `unauthenticated` once the key of whoever waits counts no more, as `waitUntilSettled`
 */
export function waitUntilAllSettled(
  ports: Pick<ReadPorts, 'store' | 'stops' | 'clock'>,
  { id, requests: known }: { readonly id: string; readonly requests: readonly ActionRequest[] },
  options: HowToWait,
): Promise<readonly ActionRequest[]> {
  return waitUntil(ports, options, {
    watch: (changed) => known.map((one) => ports.store.watch(one.id, changed)),
    read: () => ports.store.setOf(id),
    isOver: (requests) =>
      requests.every(({ state }) => isSettled(state)) || notesOn(requests) > notesOn(known),
    held: (requests) => heldAmong(ports, requests),
  })
}

/** Which stops hold which of them, as one text. */
async function heldAmong(
  ports: Pick<ReadPorts, 'stops'>,
  requests: readonly ActionRequest[],
): Promise<string> {
  const held = await Promise.all(requests.map((one) => heldBy(ports, one)))
  return held.map((stop) => stop ?? '').join(' ')
}
