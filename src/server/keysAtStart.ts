import { firstKeys } from '../approvals/grants/firstKeys.ts'
import type { Parts } from './compose.ts'
import { StartFault } from './startFault.ts'

/**
 * The first start makes the keys that grants are signed with. A server that cannot open the one that signs, or the next one, does not
 * start: it would tell verifiers of other keys than the other replicas do. One that is retired and does not open is only not published:
 * what it signed is refused, and nothing else.
 *
 * @throws StartFault which key does not open, and what to do
 */
export async function keysAtStart({ ports, signing }: Pick<Parts, 'ports' | 'signing'>): Promise<void> {
  await firstKeys(ports)
  const { unopened } = await signing.signingKeys.look()
  const needed = unopened.find(({ status }) => status !== 'retired')
  if (!needed) return
  throw new StartFault({
    problem: `The key that grants are signed with cannot be opened: ${needed.fault.message}.`,
    fix: `Give the server the COUNTERSIGN_SECRET that it had, or restore the row from a backup. If neither is possible: countersign keys retire ${needed.kid} --reason "it does not open"`,
    cause: needed.fault,
  })
}
