import { outcomeOf } from '../core/outcome.ts'
import { Refusal } from '../core/refusal.ts'
import type { ActionRequest } from '../core/request.ts'
import { carrierOf } from '../core/set.ts'
import { requestEntry } from './newEntry.ts'
import type { Ports } from './ports.ts'
import { ending, settled } from './settle.ts'

/**
 * The deadline passes. Expired is not approved. A request that is settled already stays as it is; one that is not due
 * yet (a clock went back) gets its deadline job again.
 *
 * @throws Refusal `unknown_request`
 */
export async function expire(ports: Ports, id: string): Promise<ActionRequest> {
  const request = await ports.store.request(id)
  if (!request) throw new Refusal('unknown_request', 'a deadline of a request that does not exist')
  if (request.state !== 'pending' || request.expiresAt === null) return request
  if (ports.clock().toISOString() < request.expiresAt) {
    await ports.store.commit({ entries: [], jobs: [{ task: 'expire', request: id, at: request.expiresAt }] })
    return request
  }
  const next = expired(ports, request, await reachedSomebody(ports, request))
  const entry = requestEntry(ports, next, {
    type: 'request.expired',
    actor: { kind: 'system', id: 'deadline', via: 'clock' },
    data: { outcome: outcomeOf(next), expires_at: request.expiresAt, decisions: request.decisions.length },
  })
  const committed = await ports.store.commit(ending(request, next, entry))
  // Beaten by a decision or a cancellation: what they made of it is judged anew.
  return committed === 'applied' ? next : expire(ports, id)
}

function expired(ports: Ports, request: ActionRequest, reached: boolean): ActionRequest {
  const { verdict } = request
  if (verdict.kind === 'deny')
    return settled(ports, request, { move: 'expire', outcome: verdict.message ?? 'Denied by policy.' })
  return reached
    ? settled(ports, request, { move: 'expire', outcome: 'Nobody decided in time.' })
    : {
        ...settled(ports, request, { move: 'expire', outcome: 'No channel reached anybody in time.' }),
        unreached: true,
      }
}

/**
 * Whether a card is known to have been posted, or to stand for it with others, or somebody did something without one. A posting that was never answered
 * reached nobody as far as anybody knows.
 */
async function reachedSomebody(ports: Ports, request: ActionRequest): Promise<boolean> {
  const { decisions, escalations, notes = [] } = request
  if (decisions.length > 0 || escalations.some(({ by }) => by !== 'deadline')) return true
  // Also a question that was asked without a card; what the agent says reached nobody.
  if (notes.some(({ by }) => by !== 'agent')) return true
  const carrier = carrierOf(request)
  if ((await ports.store.cards(carrier)).some(({ message }) => message !== null)) return true
  return (await ports.store.entries(carrier)).some(({ type }) => type === 'card.listed')
}
