import type { AccountKey } from '../../core/identity.ts'
import type { Leg } from '../../core/requirement.ts'
import { DirectoryFault, type ReadPorts } from '../ports.ts'

/**
 * Whether an account is in a leg now. One set that says yes is enough; only all of them together say no.
 *
 * @throws DirectoryFault when none says yes and one could not be read
 */
export async function isInLeg(
  { directory }: Pick<ReadPorts, 'directory'>,
  { from }: Pick<Leg, 'from'>,
  account: AccountKey,
): Promise<boolean> {
  let unread: DirectoryFault | null = null
  for (const source of from) {
    try {
      if (await directory.isMember(source, account)) return true
    } catch (fault) {
      if (!(fault instanceof DirectoryFault)) throw fault
      unread = fault
    }
  }
  if (unread) throw unread
  return false
}
