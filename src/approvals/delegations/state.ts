import type { People } from '../../card/view.ts'
import type { Account, AccountKey } from '../../core/identity.ts'
import { whyNotStaff } from '../../core/staff.ts'
import { accountOrNobody } from '../people/humans.ts'
import { DirectoryFault, type ReadPorts } from '../ports.ts'
import { type NamedDelegation, namedDelegations } from './named.ts'
import { ofTheirs, standsFor } from './ofTheirs.ts'
import type { Delegation } from './records.ts'

type Reading = Pick<ReadPorts, 'store' | 'directory' | 'clock'>

interface ShownDelegation extends NamedDelegation {
  readonly delegation: string
  /** Why the delegate is told nothing now all the same; null where that is not known of them. */
  readonly unable: 'left' | 'away' | null
}

/** What somebody has to do with delegations now, by any account of theirs. */
export interface OwnDelegations {
  readonly own: ShownDelegation | null
  /** In whose place they are told. */
  readonly standsFor: readonly ShownDelegation[]
  readonly people: People
}

export async function delegationsAround(ports: Reading, account: Account): Promise<OwnDelegations> {
  const standing = await ports.store.standingDelegations(ports.clock())
  const [own] = await ofTheirs(ports, standing, account.key)
  const others = await standsFor(ports, standing, account.key)
  const all = own ? [own, ...others] : others
  const { named, people } = await namedDelegations(ports, all)
  const shown = async (one: Delegation): Promise<readonly ShownDelegation[]> => {
    const who = named.get(one)
    if (!who) return []
    const isAway = (await ofTheirs(ports, standing, one.delegate)).length > 0
    const unable = isAway ? 'away' : (await hasLeft(ports, one.delegate)) ? 'left' : null
    return [{ ...who, delegation: one.delegation, unable }]
  }
  const [first] = own ? await shown(own) : []
  return { own: first ?? null, standsFor: (await Promise.all(others.map(shown))).flat(), people }
}

/** Only a definite answer says so. */
async function hasLeft({ directory }: Reading, key: AccountKey): Promise<boolean> {
  try {
    const account = await accountOrNobody(directory, key)
    return account === null || whyNotStaff(account) !== null
  } catch (fault) {
    if (fault instanceof DirectoryFault) return false
    throw fault
  }
}
