import { cardViewOf } from '../approvals/cards/lines.ts'
import { isDirect } from '../approvals/cards/refresh.ts'
import { isAllowed, story } from '../approvals/inspect.ts'
import { whoNow } from '../approvals/people/whoNow.ts'
import type { Ports } from '../approvals/ports.ts'
import type { Story } from '../card/reading/story.ts'
import type { RequestView } from '../card/view.ts'
import type { WhoNow } from '../card/whoNow.ts'
import type { Account } from '../core/identity.ts'
import { Refusal } from '../core/refusal.ts'
import type { AnyRequest } from '../core/request.ts'
import { carrierOf } from '../core/set.ts'
import { refuseUnlessStaff } from '../core/staff.ts'

// Who may see what. Somebody is named by the address that the channel gives them; who that is, the directory says.

/** @throws Refusal `identity_unknown` when the directory does not say */
export async function accountAt({ directory }: Pick<Ports, 'directory'>, address: string): Promise<Account> {
  try {
    return await directory.account(address)
  } catch {
    throw new Refusal('identity_unknown', 'the directory could not name an account')
  }
}

/** The same, of whoever has to be a full member. @throws Refusal `identity_unknown`, `not_staff` */
export async function staffAt(ports: Pick<Ports, 'directory'>, address: string): Promise<Account> {
  const account = await accountAt(ports, address)
  refuseUnlessStaff(account)
  return account
}

/** The request with its entries, if whoever has this address may see it. @throws Refusal `unknown_request`, `identity_unknown` */
export async function seenBy(
  ports: Ports,
  address: string,
  id: string,
): Promise<Pick<Story, 'view' | 'entries'>> {
  return story(ports, id, await accountAt(ports, address))
}

/** The same with what its history says besides. */
export async function storyOf({ store }: Ports, told: Pick<Story, 'view' | 'entries'>): Promise<Story> {
  const accounts = told.entries.flatMap(({ actor }) => actor.account ?? [])
  const [places, known] = await Promise.all([
    store.placesOf(told.entries.map(({ id }) => id)),
    store.accounts([...new Set(accounts)]),
  ])
  return { ...told, places, names: new Map(known.map(({ id, name }) => [id, name])) }
}

/** Who can still decide on a request that whoever has this address may see; null where nobody is asked any more. */
export async function whoFor(ports: Ports, address: string, view: RequestView): Promise<WhoNow | null> {
  const request = await ports.store.request(view.request.id)
  return request && whoNow(ports, { request, view }, await accountAt(ports, address))
}

/** A decision made away from the card still names the card that stands for the request; not one sent to somebody else. */
export async function newestCard({ store }: Ports, request: AnyRequest): Promise<string | null> {
  const cards = await store.cards(carrierOf(request))
  return cards.findLast((card) => card.status === 'posted' && !isDirect(request, card))?.id ?? null
}

/**
 * The lines of a card that asks about several requests, for whoever may see one of them; null of a card that asks about one.
 *
 * @throws Refusal `unknown_request`, `identity_unknown`
 */
export async function linesSeenBy(
  ports: Ports,
  address: string,
  id: string,
): Promise<readonly RequestView[] | null> {
  const request = await ports.store.request(id)
  const { lines } = request ? await cardViewOf(ports, request) : {}
  if (!lines) return null
  const seen = await Promise.all(
    lines.map((line) => isAllowed(() => seenBy(ports, address, line.request.id))),
  )
  if (!seen.includes(true)) await seenBy(ports, address, id)
  return lines
}
