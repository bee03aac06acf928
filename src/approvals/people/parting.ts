import type { AccountKey, CurrentPerson, PersonId } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Ports } from '../ports.ts'
import type { LinkedAccount } from '../records.ts'
import { formerPerson, isFormerPerson, personLinked } from './currentPeople.ts'

/** Accounts that a link joined, and what parting them again means. */
export interface Parting {
  /** The person that they count as one of now. */
  readonly person: CurrentPerson
  /** Whose the parting accounts were before the link; null for a link from before that was on record. */
  readonly was: PersonId | null
  /** The rows that go, earlier ids among them. */
  readonly goes: readonly LinkedAccount[]
  /** The accounts that stay. */
  readonly stays: readonly LinkedAccount[]
}

/**
 * What parting an account undoes: the last link that moved it, with whatever that link moved along.
 *
 * @throws Refusal `not_joined` when it was joined to nobody, or others were joined to it: then one of those is to be named
 */
export async function partingOf(ports: Pick<Ports, 'store'>, account: AccountKey): Promise<Parting> {
  const link = await ports.store.account(account)
  const all = link ? await ports.store.accountsOf(link.person) : []
  const others = all.filter((other) => other.id !== account && !isFormerPerson(other))
  if (!link || others.length === 0) throw apart('the account is joined to no other one')
  const was = link.joined.at(-1) ?? null
  if (was === null && others.some(({ joined }) => joined.length > 0))
    throw apart('other accounts were joined to this one: name the one that is to part')
  const goes = was === null ? [link] : all.filter(({ joined }) => joined.at(-1) === was)
  const ids = new Set(goes.map(({ id }) => id))
  const stays = [link, ...others].filter(({ id }) => !ids.has(id))
  if (stays.length === 0) throw apart('no other account would stay')
  return { person: personLinked(link), was, goes, stays }
}

/** The rows as they are afterwards; requests from before `at` keep the joined person. */
export function parted(
  { person, was, goes }: Parting,
  to: { readonly id: PersonId; readonly at: string; readonly name: string },
): readonly { readonly expected: number | null; readonly next: LinkedAccount }[] {
  const own = formerPerson(to.id)
  const mark = { from: person, at: to.at }
  const moved = goes.map((link) => ({
    expected: link.version,
    next: {
      ...link,
      version: link.version + 1,
      person: to.id,
      claimedFrom: link.claimedFrom === was ? null : link.claimedFrom,
      joined: link.joined.slice(0, -1),
      parted: link.id === own ? [...link.parted, mark] : link.parted,
    },
  }))
  if (moved.some(({ next }) => next.id === own)) return moved
  const row: LinkedAccount = {
    id: own,
    version: 1,
    person: to.id,
    name: to.name,
    claimedFrom: null,
    joined: [],
    parted: [mark],
  }
  return [...moved, { expected: null, next: row }]
}

function apart(detail: string): Refusal {
  return new Refusal('not_joined', detail, [
    { pointer: '/account', detail: `${detail.charAt(0).toUpperCase()}${detail.slice(1)}.` },
  ])
}
