import type { Anchor } from '../approvals/ledger/anchors/anchor.ts'
import { AnchorDispute, AnchorFault } from '../approvals/ledger/anchors/anchor.ts'
import type { AnchorStore } from '../approvals/ledger/anchors/anchorStore.ts'
import {
  type Looked,
  lookAt,
  lookAtOlder,
  lookAtSaid,
  whyBehind,
} from '../approvals/ledger/anchors/lookAt.ts'
import type { Health } from '../approvals/ports.ts'
import { Overdue, within } from '../lifetime/limit.ts'
import { StartFault } from './startFault.ts'

/** Milliseconds that a start waits for an anchor to answer; it is looked at again while the server runs. */
const patienceMs = 10_000

/**
 * Holds the ledger against the newest checkpoint of every anchor that can be read, before anything is signed. An anchor that does not
 * answer stops no start: health says so, and it is looked at again.
 *
 * @throws StartFault when the database is older than an anchor, has another ledger, or was begun anew under a name that is in use
 */
export async function refuseBehind(
  anchors: readonly Anchor[],
  {
    store,
    health,
    isServed,
  }: {
    readonly store: AnchorStore
    readonly health: Pick<Health, 'raise'>
    /** Whether another replica is at work on the database now: it is told. */
    readonly isServed: () => Promise<boolean>
  },
): Promise<void> {
  await refuseSaid(store)
  const looks = await Promise.all(anchors.map((anchor) => looked(anchor, { store, health })))
  const here = (await store.tree())?.here
  if (!here) return
  for (const { anchor, found } of looks) {
    const why = found && whyBehind(anchor.name, found, here)
    if (why && found?.anchored) {
      if (await isServed()) await store.recordBehind({ anchor: anchor.name, checkpoint: found.anchored.text })
      throw new StartFault({ problem: `This server does not start: ${why}.`, fix: fixBehind })
    }
    if (found && !found.anchored && found.strange !== null && here.size === 0)
      throw new StartFault({
        problem: `This server does not start: the ledger ${here.origin} is new, and the anchor ${anchor.name} has checkpoints of that name already (${found.strange}).`,
        fix: 'Restore the database that they are of; or begin with an empty database under another name, with LEDGER_ORIGIN.',
      })
    if (found && !found.anchored && found.strange !== null)
      throw new StartFault({
        problem: `This server does not start: the anchor ${anchor.name} has nothing that this ledger signed, and something else (${found.strange}).`,
        fix: fixStrange,
      })
  }
}

/** What another replica found is true whether or not the anchor answers now. */
async function refuseSaid(store: AnchorStore): Promise<void> {
  const said = await store.behind()
  if (!said) return
  const looked = await lookAtSaid(said, store)
  const here = (await store.tree())?.here
  const why = looked && here && whyBehind(said.anchor, looked, here)
  throw new StartFault(
    why
      ? {
          problem: `This server does not start: a replica has found at ${said.at} that ${why}.`,
          fix: fixBehind,
        }
      : {
          problem: `This server does not start: ledger_behind says since ${said.at} that the ledger is behind the anchor ${said.anchor}, and the checkpoint there does not show that. Somebody has put it there.`,
          fix: 'Find out who could write to the database. With the role that owns the tables, and triggers off, remove that row.',
        },
  )
}

const fixBehind =
  'A restored backup is the usual cause. Start the newest database that there is; where it is lost, follow docs/operations.md, "A restored backup": countersign ledger resume-after-restore.'

const fixStrange =
  'Find out who put it there, and keep it as evidence in another place. When the checkpoints of this ledger are gone with it, take the anchor out of ANCHORS_FILE, and give its place a new name.'

async function looked(
  anchor: Anchor,
  { store, health }: { readonly store: AnchorStore; readonly health: Pick<Health, 'raise'> },
): Promise<{ readonly anchor: Anchor; readonly found: Looked | null }> {
  const { newest } = anchor
  if (!newest) return { anchor, found: null }
  try {
    const found = await within(patienceMs, anchor.name, () => lookAt({ newest }, store))
    if (found.standing !== 'goes on' || !found.anchored) return { anchor, found }
    return { anchor, found: (await older(anchor, { newest, store, health })) ?? found }
  } catch (fault) {
    if (fault instanceof AnchorDispute)
      throw new StartFault({
        problem: `This server does not start: the anchor ${anchor.name} does not show what it has (${fault.message}).`,
        fix: fixStrange,
        cause: fault,
      })
    if (!(fault instanceof AnchorFault || fault instanceof Overdue)) throw fault
    health.raise('anchor_missed', `${anchor.name}: ${fault.message}.`, anchor.name)
    return { anchor, found: null }
  }
}

/** Of the older checkpoints that are compared at a start, so many; `audit verify --anchors` compares all of them. */
const mostOlder = 10

/** What does not fit among them. What cannot be read in time is said, and does not make the newest unread. */
async function older(
  { name }: Anchor,
  {
    newest,
    store,
    health,
  }: {
    readonly newest: NonNullable<Anchor['newest']>
    readonly store: AnchorStore
    readonly health: Pick<Health, 'raise'>
  },
): Promise<Looked | null> {
  try {
    return await within(patienceMs, name, () => lookAtOlder({ newest, most: mostOlder }, store))
  } catch (fault) {
    if (!(fault instanceof AnchorFault || fault instanceof AnchorDispute || fault instanceof Overdue))
      throw fault
    health.raise(
      'anchor_missed',
      `${name}: its older checkpoints were not compared (${fault.message}).`,
      name,
    )
    return null
  }
}
