import type { Account, AccountKey, CurrentPerson, PersonId } from '../../core/identity.ts'
import type { Source } from '../../core/request.ts'
import type { Principal } from '../../policy/ask.ts'
import { type Bundle, conditionsOf } from '../../policy/bundle.ts'
import { DirectoryFault, type ReadPorts } from '../ports.ts'
import { ownAccountsOf } from './currentPeople.ts'

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
  const facts = typeof known === 'string' ? await knownAccount(ports, known) : known
  if (!facts) return { id: person }
  const bundle = ports.policy()
  const groups = bundle && readsGroups(bundle) ? await groupsOf(ports, bundle, facts.key) : null
  return { id: person, email: facts.email, groups }
}

async function knownAccount(ports: ReadPorts, person: PersonId): Promise<Account | null> {
  const [first] = await ownAccountsOf(ports, person)
  return first ? unlessUnknown(() => ports.directory.account(first.id)) : null
}

/** Null as soon as one group cannot be read: half of somebody's groups would look like all of them. */
function groupsOf(ports: ReadPorts, bundle: Bundle, account: AccountKey): Promise<readonly string[] | null> {
  const isIn = ([, source]: readonly [string, Source]) => ports.directory.isMember(source, account)
  return unlessUnknown(async () => {
    const groups = [...bundle.people].filter(([, source]) => source.kind === 'group')
    const mine = await Promise.all(groups.map(isIn))
    return groups.filter((_, index) => mine[index]).map(([name]) => name)
  })
}

function readsGroups({ rules }: Bundle): boolean {
  return rules
    .flatMap(conditionsOf)
    .some(({ compiled }) => groupPaths.some((path) => compiled.refs.has(path)))
}

async function unlessUnknown<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask()
  } catch (fault) {
    if (fault instanceof DirectoryFault) return null
    throw fault
  }
}
