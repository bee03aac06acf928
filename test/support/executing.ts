import type { Store } from '../../src/approvals/ports.ts'
import { type Grant, grantIdOf, type Redemption } from '../../src/core/grant.ts'
import { type Move, move } from '../../src/core/lifecycle.ts'
import type { ActionRequest } from '../../src/core/request.ts'

/** A grant as one that was minted for a request and its agent. */
export function grantFor(request: ActionRequest, given: Partial<Grant> = {}): Grant {
  return {
    id: grantIdOf(request.id),
    audience: 'warehouse',
    profile: 'id',
    issuer: 'https://countersign.test',
    signedWith: 'kid_1',
    askedWith: request.agent.key,
    jkt: null,
    issuedAt: '2026-11-24T14:10:00.000Z',
    expiresAt: '2026-11-24T14:12:00.000Z',
    spentBy: 'agent',
    tokenOnly: false,
    redeemed: null,
    ...given,
  }
}

export function redemptionBy(request: ActionRequest): Redemption {
  return { attempt: 'one', by: { kind: 'agent', id: request.agent.id }, at: '2026-11-24T14:11:00.000Z' }
}

/** Moves a request on, as a verb of another part would; with its grant redeemed where it begins to run. */
export async function moved(
  store: Store,
  id: string,
  ...by: readonly (Move | 'grant')[]
): Promise<ActionRequest> {
  let request = await store.request(id)
  for (const one of by) {
    if (!request) throw new Error('it was asked')
    const next: ActionRequest = { ...request, ...changed(request, one), version: request.version + 1 }
    const committed = await store.commit({ request: { expected: request.version, next }, entries: [] })
    if (committed !== 'applied') throw new Error(`not moved: ${committed}`)
    request = next
  }
  if (!request) throw new Error('it was asked')
  return request
}

function changed(request: ActionRequest, by: Move | 'grant'): Partial<ActionRequest> {
  if (by === 'grant') return { grant: grantFor(request) }
  const state = move(request.state, by)
  const grant = request.grant ?? grantFor(request)
  return by === 'redeem' ? { state, grant: { ...grant, redeemed: redemptionBy(request) } } : { state }
}
