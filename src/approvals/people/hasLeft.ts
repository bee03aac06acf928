import { type Account, type CurrentPerson, type PersonId, samePerson } from '../../core/identity.ts'
import { storedFacts } from '../../policy/facts.ts'
import type { ReadPorts } from '../ports.ts'
import type { Agent } from '../records.ts'
import { orUnknown } from './askDirectory.ts'
import { currentPerson, ownAccountsOf } from './currentPeople.ts'

/**
 * Every account that we have seen of whoever that id stands for, as the directory has it now; null where it does not say. One
 * that is only claimed to be theirs neither keeps them here nor acts for them.
 */
export async function accountsNow(
  ports: Pick<ReadPorts, 'store' | 'directory'>,
  id: PersonId,
): Promise<readonly (Account | null)[]> {
  const links = await ownAccountsOf(ports, id)
  return Promise.all(links.map((link) => accountNow(ports.directory, link.id)))
}

/**
 * Whether the person of these accounts has left: true when the directory says of every one that it is deactivated, false
 * when it says of one that it is not. Null when that is not known: it did not answer, it knows nobody of that account, or
 * no account was ever seen.
 */
export function hasLeft(accounts: readonly (Account | null)[]): boolean | null {
  if (accounts.some((account) => account?.active)) return false
  return accounts.length > 0 && !accounts.includes(null) ? true : null
}

/** What was found when the agent asked last, if it had the same owner then. */
export async function hadLeft(
  ports: Pick<ReadPorts, 'store'>,
  agent: Agent,
  owner: CurrentPerson,
): Promise<boolean> {
  const [last] = await ports.store.requests({ agent: agent.id, limit: 1 })
  const before = last && storedFacts(last.verdict.facts)?.agent.owner
  return before?.left === true && samePerson(await currentPerson(ports, before.id), owner)
}

/** The account as the directory has it now; null where it does not say. */
export function accountNow(directory: ReadPorts['directory'], account: string): Promise<Account | null> {
  return orUnknown(() => directory.account(account))
}
