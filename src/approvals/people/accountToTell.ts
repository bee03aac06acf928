import type { AccountKey, CurrentPerson } from '../../core/identity.ts'
import { whyNotStaff } from '../../core/staff.ts'
import { DirectoryFault, type ReadPorts } from '../ports.ts'
import { isFormerPerson } from './currentPeople.ts'
import { accountOrNobody } from './humans.ts'

/**
 * The account by which a person is told something directly: the first of theirs that is staff now. Null when they have
 * none, because whoever has left hears nothing. One that cannot be looked up just now is taken: rather one message too many.
 */
export async function accountToTell(
  ports: Pick<ReadPorts, 'directory' | 'store'>,
  person: CurrentPerson,
): Promise<AccountKey | null> {
  for (const link of await ports.store.accountsOf(person)) {
    if (!isFormerPerson(link) && (await mayBeTold(ports, link.id))) return link.id
  }
  return null
}

async function mayBeTold({ directory }: Pick<ReadPorts, 'directory'>, key: AccountKey): Promise<boolean> {
  try {
    const account = await accountOrNobody(directory, key)
    return account !== null && whyNotStaff(account) === null
  } catch (fault) {
    if (fault instanceof DirectoryFault) return true
    throw fault
  }
}
