import type { AccountKey, PersonId } from '../../core/identity.ts'
import { whyNotStaff } from '../../core/staff.ts'
import { DirectoryFault, type ReadPorts } from '../ports.ts'
import { ownAccountsOf } from './currentPeople.ts'
import { accountOrNobody } from './humans.ts'

/**
 * The account by which whoever that id stands for is told something directly: the first of theirs that is staff now. Null
 * when they have none, because whoever has left hears nothing, and an account that is only claimed to be theirs does not hear
 * it for them. One that cannot be looked up just now is taken: rather one message too many.
 */
export async function accountToTell(
  ports: Pick<ReadPorts, 'directory' | 'store'>,
  person: PersonId,
): Promise<AccountKey | null> {
  for (const { id } of await ownAccountsOf(ports, person)) if (await mayBeTold(ports, id)) return id
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
