import type { Account, AccountKey, CurrentPerson, PersonId } from '../../core/identity.ts'
import type { Source } from '../../core/requirement.ts'
import type { OwnerPrincipal, Principal } from '../../policy/ask.ts'
import type { Bundle } from '../../policy/bundle.ts'
import type { ReadPorts } from '../ports.ts'
import type { Agent } from '../records.ts'
import { orUnknown } from './askDirectory.ts'
import { ownAccountsOf } from './currentPeople.ts'
import { accountsNow, hadLeft, hasLeft } from './hasLeft.ts'
import { membership } from './membership.ts'

/** Paths of conditions that need to know who is in which group. */
const groupPaths = ['initiator.groups', 'agent.owner.groups'] as const

/**
 * A person as conditions see them: `known` is an account of theirs, or the id that they are on record by, to take the first
 * account that is theirs by more than a claim. What the directory
 * cannot say now is left out; a condition that needed it is then taken in its stricter direction. Groups are asked for
 * only when a condition of the bundle reads them, and are the names that its directory gives.
 */
export async function principalOf(
  ports: ReadPorts,
  person: CurrentPerson,
  known: Account | PersonId,
): Promise<Principal> {
  return principalWith(ports, person, typeof known === 'string' ? await knownAccount(ports, known) : known)
}

/**
 * The owner of an agent, as policy sees them. While the directory does not say whether they are still there, what it said
 * when the agent asked last stands: a fault neither makes somebody leave nor brings them back, and what needs no people
 * goes on (threats: owner-left). Whether an owner whom it does not know has left, nobody can say.
 */
export async function ownerPrincipal(
  ports: ReadPorts,
  agent: Agent,
  owner: CurrentPerson,
): Promise<OwnerPrincipal> {
  const accounts = await accountsNow(ports, agent.owner)
  const principal = await principalWith(ports, owner, accounts[0] ?? null)
  const left = hasLeft(accounts) ?? (await hadLeft(ports, agent, owner))
  return left ? { ...principal, left } : principal
}

async function principalWith(
  ports: ReadPorts,
  person: CurrentPerson,
  facts: Account | null,
): Promise<Principal> {
  if (!facts) return { id: person }
  const bundle = ports.policy()
  const groups = bundle && readsGroups(bundle) ? await groupsOf(ports, bundle, facts.key) : null
  return { id: person, email: facts.email, groups }
}

async function knownAccount(ports: ReadPorts, person: PersonId): Promise<Account | null> {
  const [first] = await ownAccountsOf(ports, person)
  return first ? orUnknown(() => ports.directory.account(first.id)) : null
}

/** Null as soon as one group cannot be read: half of somebody's groups would look like all of them. */
function groupsOf(ports: ReadPorts, bundle: Bundle, account: AccountKey): Promise<readonly string[] | null> {
  const isIn = ([, source]: readonly [string, Source]) => membership(ports, source, account)
  return orUnknown(async () => {
    const groups = [...bundle.people].filter(([, source]) => source.kind === 'group')
    const mine = await Promise.all(groups.map(isIn))
    return groups.filter((_, index) => mine[index]?.isIn).map(([name]) => name)
  })
}

function readsGroups({ reads }: Bundle): boolean {
  return groupPaths.some((path) => reads.has(path))
}
