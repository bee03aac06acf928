import { Refusal } from '../../../core/refusal.ts'
import { restorersOf } from '../../../policy/restorers.ts'
import { isAmong } from '../../people/legs.ts'
import type { Ports } from '../../ports.ts'
import type { TwoPeople } from './twoPeople.ts'

/**
 * Those of two people whom the policy that is active in this database does not let decide it, by name; none: both may. A policy that names
 * nobody lets any two full members, and so does a database that never had one.
 *
 * @throws Refusal `not_ready` when there is an active policy that cannot be loaded, so that nobody knows whom it names;
 *   `directory_unavailable`
 */
export async function notRestorers(ports: Ports, { by, second }: TwoPeople): Promise<readonly string[]> {
  const bundle = ports.policy()
  if (bundle === null && (await ports.store.activeFiles()) !== null)
    throw new Refusal('not_ready', 'the active policy cannot be loaded, and it may name who decides this')
  const sources = restorersOf(bundle)
  if (sources === null) return []
  const others: string[] = []
  for (const { account } of [by, second])
    if (!(await isNamed(ports, sources, account.key))) others.push(account.name)
  return others
}

async function isNamed(...asked: Parameters<typeof isAmong>): Promise<boolean> {
  try {
    return await isAmong(...asked)
  } catch (fault) {
    if (fault instanceof Refusal && fault.code === 'identity_unknown')
      throw new Refusal('directory_unavailable', fault.message)
    throw fault
  }
}
