import { stopOver } from '../../policy/stopping.ts'
import { chainNow } from '../people/chain.ts'
import type { Ports } from '../ports.ts'
import { type Presented, type Presenter, presentedBy } from './presented.ts'

/**
 * What a token is worth now, to its agent and to resources of its audience; null when it gives nothing, and to anybody else (RFC 7662,
 * 2.2). Nothing is spent by it: of two who ask at the same time both hear that it is good, and one redeems it.
 */
export async function introspect(
  ports: Ports,
  { token, by }: { readonly token: string; readonly by: Presenter },
): Promise<Presented | null> {
  const found = await presentedBy(ports, token, by)
  if ('why' in found) return null
  const { request, grant } = found
  const isUnspent = request.state === 'approved' && grant.redeemed === null
  if (!isUnspent || ports.clock().toISOString() >= grant.expiresAt) return null
  // Read, not remembered: there is no commit that would find what this process has not heard of.
  if (stopOver((await ports.stops.renew()).stops, request)) return null
  return (await chainNow(ports, request)).revoked ? null : found
}
