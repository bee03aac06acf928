import type { AccountKey, PersonId } from '../../core/identity.ts'
import { ownPerson } from '../people/currentPeople.ts'
import type { ReadPorts } from '../ports.ts'
import type { Delegation } from './records.ts'

type Reading = Pick<ReadPorts, 'store'>

/** Delegations of whoever has an account, by any account of theirs but one that is only claimed to be theirs. */
export function ofTheirs(
  ports: Reading,
  delegations: readonly Delegation[],
  account: AccountKey,
): Promise<readonly Delegation[]> {
  return having(ports, delegations, { account, of: ({ id }) => id })
}

/** Delegations by which whoever has an account is told in the place of others. */
export function standsFor(
  ports: Reading,
  delegations: readonly Delegation[],
  account: AccountKey,
): Promise<readonly Delegation[]> {
  return having(ports, delegations, { account, of: ({ delegate }) => delegate })
}

async function having(
  { store }: Reading,
  delegations: readonly Delegation[],
  by: { readonly account: AccountKey; readonly of: (one: Delegation) => AccountKey },
): Promise<readonly Delegation[]> {
  if (delegations.length === 0) return []
  const links = await store.accounts([...new Set([by.account, ...delegations.map(by.of)])])
  const owners = new Map<AccountKey, PersonId>(links.map((link) => [link.id, ownPerson(link)]))
  const theirs = owners.get(by.account) ?? by.account
  return delegations.filter((one) => (owners.get(by.of(one)) ?? by.of(one)) === theirs)
}
