import type { AccountKey } from '../../core/identity.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { Ports } from '../ports.ts'
import { inTheirPlace, legsNow } from './inTheirPlace.ts'

/**
 * Those who are written to when these people were chosen for it, each once: in the place of whoever is away their delegate, where they
 * could decide for one of the same of these legs; and of whom that was.
 */
export async function insteadOf(
  ports: Ports,
  request: ActionRequest,
  of: { readonly people: readonly AccountKey[]; readonly legs: readonly string[] },
): Promise<{ readonly told: readonly AccountKey[]; readonly away: readonly AccountKey[] }> {
  const told = new Set<AccountKey>()
  const away: AccountKey[] = []
  for (const account of of.people) {
    const place = await inTheirPlace(ports, request, account)
    const shared = place
      ? (await legsNow(ports, request, account)).filter((leg) => place.legs.includes(leg))
      : []
    const isFor = place !== null && shared.some((leg) => of.legs.includes(leg))
    if (isFor) away.push(account)
    told.add(isFor ? place.delegation.delegate : account)
  }
  return { told: [...told], away }
}
