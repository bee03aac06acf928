import type { Account, PersonId } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Ports } from '../ports.ts'
import { accountOf, currentPerson } from './currentPeople.ts'
import { accountsNow, hasLeft } from './hasLeft.ts'
import { isAmong } from './legs.ts'

/** An active agent whose owner has left; `owner` is the name of when they were last seen. */
export interface OrphanedAgent {
  readonly name: string
  readonly owner: string | null
}

/** As many owners are looked up: a directory answers so many questions a minute. Agents of others are not said to be orphaned. */
const mostOwners = 50

/**
 * The agents whose owner has left, by name, for somebody who is asked in the owner's stead by the active policy; none for
 * everybody else, and none of an owner of whom the directory does not say it.
 */
export async function orphanedAgentsFor(ports: Ports, account: Account): Promise<readonly OrphanedAgent[]> {
  if (!(await isAskedInstead(ports, account))) return []
  const agents = (await ports.store.agents()).filter(({ status }) => status === 'active')
  const owners = [...new Set(agents.map(({ owner }) => owner))].slice(0, mostOwners)
  const gone = new Map((await Promise.all(owners.map((owner) => goneOwner(ports, owner)))).flat())
  return agents.flatMap(({ name, owner }) => {
    const known = gone.get(owner)
    return known ? [{ name, ...known }] : []
  })
}

/** The people of the defaults: they are asked about what policy would allow such an agent. */
async function isAskedInstead(ports: Ports, account: Account): Promise<boolean> {
  const bundle = ports.policy()
  const names = new Set(bundle?.defaults.legs.flatMap(({ from }) => from))
  const sources = [...names].flatMap((name) => bundle?.people.get(name) ?? [])
  try {
    return await isAmong(ports, sources, account.key)
  } catch (refusal) {
    if (refusal instanceof Refusal) return false
    throw refusal
  }
}

async function goneOwner(
  ports: Ports,
  owner: PersonId,
): Promise<readonly (readonly [PersonId, { readonly owner: string | null }])[]> {
  if (hasLeft(await accountsNow(ports, owner)) !== true) return []
  return [[owner, { owner: (await accountOf(ports, await currentPerson(ports, owner)))?.name ?? null }]]
}
