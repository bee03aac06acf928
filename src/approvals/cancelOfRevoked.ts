import { outcomeOf } from '../core/outcome.ts'
import type { ActionRequest } from '../core/request.ts'
import { requestEntry } from './newEntry.ts'
import { chainNow } from './people/chain.ts'
import type { Ports } from './ports.ts'
import { ending, settled } from './settle.ts'

/** The job. */
export async function cancelRevoked(ports: Ports, id: string): Promise<void> {
  const request = await ports.store.request(id)
  if (request) await cancelOfRevoked(ports, request)
}

/**
 * Ends what a revoked agent asked for: nobody could receive it, so nobody should be asked about it (threats: agent-revoked). The same for what
 * others were asked through it: they would do for it what it may not do any more (threats: asked-through).
 * A job does it when the agent is revoked, and whoever does something about the request finds it, should one have been asked
 * in that moment. The request itself comes back where it is not pending, or its agent is not revoked.
 */
export async function cancelOfRevoked(ports: Ports, request: ActionRequest): Promise<ActionRequest> {
  if (request.state !== 'pending') return request
  const agent = await ports.store.agent(request.agent.id)
  const { revoked } = await chainNow(ports, request)
  if (agent?.status !== 'revoked' && !revoked) return request
  const outcome = revoked
    ? `Cancelled, because the agent ${revoked.name}, which it was asked through, was revoked.`
    : 'Cancelled, because the agent was revoked.'
  const next: ActionRequest = { ...settled(ports, request, { move: 'cancel', outcome }), agentRevoked: true }
  const entry = requestEntry(ports, next, {
    type: 'request.cancelled',
    actor: { kind: 'system', id: 'revocation', via: 'job' },
    data: { outcome: outcomeOf(next), ...(revoked && { through: revoked.id }) },
  })
  const committed = await ports.store.commit(ending(request, next, entry))
  if (committed === 'applied') return next
  // Beaten: what somebody made of it meanwhile is looked at anew.
  const now = await ports.store.request(request.id)
  return now ? cancelOfRevoked(ports, now) : request
}
