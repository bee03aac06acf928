import { type Anchor, AnchorFault } from '../approvals/ledger/anchors/anchor.ts'
import { firstNameOf } from '../ledger/origins.ts'
import { Overdue, within } from '../lifetime/limit.ts'
import { StartFault } from './startFault.ts'

/** Milliseconds that a start waits for an anchor to say which ledgers it has. */
const patienceMs = 10_000

/**
 * Before a ledger is begun under a name that nobody has chosen: where an anchor has checkpoints of another, the database is most likely not
 * the one that was meant. Its name comes from the database, so to the anchors an empty one looks like no ledger of theirs, and nothing
 * would be older than anything. An anchor that does not answer stops no start.
 *
 * @throws StartFault with the names that stand there
 */
export async function refuseBesideOthers(anchors: readonly Anchor[], name: string): Promise<void> {
  const found = await Promise.all(
    anchors.map(async (anchor) => ({ anchor, others: await othersIn(anchor, name) })),
  )
  for (const { anchor, others } of found)
    if (others.length > 0)
      throw new StartFault({
        problem: `This server does not start: its database has no ledger yet, and the anchor ${anchor.name} has checkpoints of ${others.join(', ')}.`,
        fix: 'Look whether DATABASE_URL or DATA_DIR names the database that was meant. If a new ledger is to begin, give the anchors another place (without ANCHORS_FILE: another DATA_DIR), or name the ledger with LEDGER_ORIGIN; then both stand there.',
      })
}

async function othersIn({ name: anchor, ledgers }: Anchor, name: string): Promise<readonly string[]> {
  if (!ledgers) return []
  try {
    const names = await within(patienceMs, anchor, ledgers)
    return names.filter((one) => firstNameOf(one) !== firstNameOf(name))
  } catch (fault) {
    if (!(fault instanceof AnchorFault || fault instanceof Overdue)) throw fault
    return [] // it is said when its checkpoints are compared
  }
}
