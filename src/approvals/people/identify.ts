import type { Account, CurrentPerson } from '../../core/identity.ts'
import { type Problem, Refusal } from '../../core/refusal.ts'
import { newEntry } from '../newEntry.ts'
import { DirectoryFault, type Ports } from '../ports.ts'
import { newPerson, personLinked } from './currentPeople.ts'

/** How somebody is named from outside: one of an e-mail address or a directory address such as `slack:U012AB3CD`. */
export type PersonClaim = { readonly email: string } | { readonly address: string }

/**
 * The person an account belongs to. An account seen for the first time becomes a person of its own, unless it was known
 * under an earlier key: then it is still the same person, who stays behind what they asked for.
 */
export async function personOf(ports: Ports, account: Account): Promise<CurrentPerson> {
  const known = await ports.store.account(account.key)
  if (known) return personLinked(known)
  const [before] = account.formerKeys?.length ? await ports.store.accounts(account.formerKeys) : []
  const person = before ? personLinked(before) : newPerson(ports)
  const added = newEntry(ports, {
    type: 'person.added',
    actor: { kind: 'system', id: 'directory', via: 'directory' },
    subject: { kind: 'person', id: person },
    data: { account: account.key },
    kept: { identity: { ...account } },
  })
  const committed = await ports.store.commit({
    accounts: [{ expected: null, next: { id: account.key, version: 1, person, name: account.name } }],
    entries: [added],
  })
  if (committed === 'applied') return person
  const winner = await ports.store.account(account.key)
  if (!winner) throw new Refusal('busy', 'account vanished while it was added')
  return personLinked(winner)
}

/**
 * Exactly one active account for a claim, or a refusal that never falls back to a weaker match (threats: ambiguous-person).
 *
 * @throws Refusal `unknown_person` with the pointer, `directory_unavailable`
 */
export async function resolveClaim(ports: Ports, claim: PersonClaim, pointer: string): Promise<Account> {
  const found = await askDirectory(() => ports.directory.find(claim))
  const [only] = found
  if (!only || found.length > 1) {
    const detail =
      found.length > 1
        ? 'More than one active account matches: give the id of the account.'
        : 'No active account matches: see how it is spelt, and whether this person is active in the workspace.'
    throw new Refusal('unknown_person', `${found.length} accounts match a claim`, [
      { pointer, detail } satisfies Problem,
    ])
  }
  return only
}

async function askDirectory<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (fault) {
    if (fault instanceof DirectoryFault) throw new Refusal('directory_unavailable', fault.message)
    throw fault
  }
}
