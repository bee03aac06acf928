import type { RequestView } from '../../card/view.ts'
import type { ActionRequest } from '../../core/request.ts'
import { carrierOf, onOneCard } from '../../core/set.ts'
import { viewOf } from '../inspect.ts'
import type { ReadPorts } from '../ports.ts'

interface LinePorts {
  readonly store: Pick<ReadPorts['store'], 'setOf' | 'alikeOn' | 'request'>
}

/**
 * What the cards of a request ask about, in order: of a set all members that share them; of everything else the request that has the card,
 * and those that ask the same and share it.
 */
export async function linesOf(
  { store }: LinePorts,
  request: ActionRequest,
): Promise<readonly ActionRequest[]> {
  if (request.rollsBack !== undefined) return [request]
  if (request.set) {
    const lines = onOneCard(request, await store.setOf(request.set.id))
    return lines.length > 0 ? lines : [request]
  }
  // What nobody is asked about has no card.
  if (!request.requirement) return [request]
  const carrier = carrierOf(request)
  const first = carrier === request.id ? request : await store.request(carrier)
  return [...(first ? [first] : []), ...(await store.alikeOn(carrier))]
}

/** Whether the cards of a request ask for anything: it waits, or something that they list with it does. */
export async function isAsking(ports: LinePorts, request: ActionRequest): Promise<boolean> {
  if (request.state === 'pending') return true
  return (await linesOf(ports, request)).some(({ state }) => state === 'pending')
}

/** A request as its cards show it, with all that they list. */
export async function cardViewOf(
  ports: Pick<ReadPorts, 'store' | 'stops' | 'targets' | 'onCall'>,
  request: ActionRequest,
): Promise<RequestView> {
  const requests = await linesOf(ports, request)
  if (requests.length === 1) return viewOf(ports, request)
  const lines = await Promise.all(requests.map((one) => viewOf(ports, one)))
  const own = lines.find((one) => one.request.id === request.id) ?? (await viewOf(ports, request))
  const people = new Map(lines.flatMap((one) => [...one.people]))
  return { ...own, people, lines: lines.map((one) => ({ ...one, people })) }
}
