import type { RequestView } from '../../card/view.ts'
import { isPastApproval } from '../../core/progress.ts'
import type { ActionRequest } from '../../core/request.ts'
import { carrierOf, onOneCard } from '../../core/set.ts'
import { withStandIns } from '../delegations/standIns.ts'
import { viewOf } from '../inspect.ts'
import type { Ports, ReadPorts } from '../ports.ts'
import type { ToldRequest } from '../queries.ts'

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

/** Ports that know of a request that nobody shares its card, where that was told with it: for one showing. */
export function asShared<P extends LinePorts>(
  ports: P,
  { request, isShared }: Pick<ToldRequest, 'request' | 'isShared'>,
): P {
  if (isShared) return ports
  const { store } = ports
  const alikeOn: typeof store.alikeOn = async (id) => (id === request.id ? [] : store.alikeOn(id))
  return { ...ports, store: { ...store, alikeOn } }
}

/** Whether the cards of a request ask for anything: it waits, or something that they list with it does. */
export async function isAsking(ports: LinePorts, request: ActionRequest): Promise<boolean> {
  if (request.state === 'pending') return true
  return (await linesOf(ports, request)).some(({ state }) => state === 'pending')
}

/** Whether a request is to have a card where none stands. */
export async function wantsCard(ports: LinePorts, request: ActionRequest): Promise<boolean> {
  return isReleasedNarrowing(request) || isAsking(ports, request)
}

/** Of what an approver's lowering released at once nobody was ever asked, and people see it all the same. */
export function isReleasedNarrowing({ narrows, state }: ActionRequest): boolean {
  return narrows !== undefined && (state === 'approved' || isPastApproval(state))
}

/** A request as its cards show it, with all that they list. */
export async function cardViewOf(ports: Ports, request: ActionRequest): Promise<RequestView> {
  const requests = await linesOf(ports, request)
  const show = async (one: ActionRequest) => withStandIns(ports, one, await viewOf(ports, one))
  if (requests.length === 1) return show(request)
  const lines = await Promise.all(requests.map(show))
  const own = lines.find((one) => one.request.id === request.id) ?? (await show(request))
  const people = new Map(lines.flatMap((one) => [...one.people]))
  return { ...own, people, lines: lines.map((one) => ({ ...one, people })) }
}
