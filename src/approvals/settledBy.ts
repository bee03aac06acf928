import type { Account } from '../core/identity.ts'
import type { ActionRequest } from '../core/request.ts'
import { ownIdsOf } from './lists.ts'
import type { Ports } from './ports.ts'

/** So far back it is looked for, and so many of the newest requests that people were asked about are looked through. */
const days = 7
const mostLooked = 60

/** The newest requests that somebody decided on and that are settled; they did something with each, so they may see it. */
export async function settledBy(
  ports: Ports,
  account: Account,
  most: number,
): Promise<readonly ActionRequest[]> {
  const own = await ownIdsOf(ports, account)
  const since = new Date(ports.clock().getTime() - days * 86_400_000).toISOString()
  const { requests } = await ports.store.history({ behind: own, since, limit: mostLooked })
  return requests
    .filter(({ state }) => state !== 'pending')
    .filter(
      ({ decisions, brokenGlass }) =>
        decisions.some(({ person }) => own.includes(person)) ||
        (brokenGlass !== null && own.includes(brokenGlass.person)),
    )
    .slice(0, most)
}
