import type { Logger } from 'pino'
import type { Anchor } from '../approvals/ledger/anchors/anchor.ts'
import { startAnchoring } from '../approvals/ledger/anchors/anchoring.ts'
import type { KeptTree } from '../approvals/ledger/anchors/anchorStore.ts'
import { beginLedger } from '../approvals/ledger/beginLedger.ts'
import { TreeFault } from '../approvals/ledger/ledgerStore.ts'
import { sealAll, startSealing } from '../approvals/ledger/sealing.ts'
import { newEntry } from '../approvals/newEntry.ts'
import type { Health } from '../approvals/ports.ts'
import { SealFault } from '../approvals/sealer.ts'
import type { NoteSigner } from '../ledger/note.ts'
import { firstNameOf } from '../ledger/origins.ts'
import { refuseBehind } from './anchorsAtStart.ts'
import type { Parts } from './compose.ts'
import { StartFault } from './startFault.ts'

export interface LedgerParts {
  readonly ports: Pick<Parts['ports'], 'workspace' | 'ids' | 'clock' | 'store'>
  readonly store: Pick<Parts['store'], 'ledger' | 'anchored'>
  readonly signing: Pick<Parts['signing'], 'sealer'>
  readonly health: Health
  readonly anchors: readonly Anchor[]
  readonly hold: Pick<Parts['hold'], 'hold'>
}

/** Seconds; a server says every two that it is there. */
export const silentAfterSeconds = 10

/** How the two end: sealing first, so that what it sealed last is anchored. */
export interface LedgerAtWork {
  readonly stopSealing: () => Promise<void>
  readonly stopAnchoring: () => Promise<void>
}

/**
 * Begins to seal what is recorded, and what was recorded before, and to let checkpoints leave the house. The first start of all makes the
 * ledger's key, and fixes its name. A server that cannot open the key does not start: nobody could tell its checkpoints from forged
 * ones. Nor does one whose database is older than an anchor: nothing is sealed before that is known.
 *
 * @param by.replica as which this process stands among the replicas, when it does by then
 * @param by.origin the name that the configuration gives the ledger, or null
 * @throws StartFault when the ledger has another name, its key does not open, a part of it is gone, or it is older than an anchor
 */
export async function ledgerAtStart(
  { ports, store: { ledger, anchored }, signing: { sealer }, health, anchors, hold }: LedgerParts,
  {
    origin,
    replica = null,
    log,
  }: { readonly origin: string | null; readonly replica?: string | null; readonly log: Pick<Logger, 'warn'> },
): Promise<LedgerAtWork> {
  const signer = await beginLedger({ ledger, sealer }, origin ?? `countersign/${ports.workspace}`).catch(
    refuse,
  )
  const tree = await anchored.tree()
  const first = tree?.here.first ?? firstNameOf(signer.name)
  if (tree) refuseStrangers(tree, signer)
  if (origin !== null && origin !== first)
    throw new StartFault({
      problem: `The ledger of this database is ${first}, and LEDGER_ORIGIN says ${origin}: whoever verifies it knows it by that name for good.`,
      fix: `Leave out LEDGER_ORIGIN, or set LEDGER_ORIGIN=${first}`,
    })
  const isServed = async () =>
    (await ports.store.replicas()).some(
      ({ id, silentSeconds }) => id !== replica && silentSeconds < silentAfterSeconds,
    )
  await refuseBehind(anchors, { store: anchored, health, isServed })
  const stopSealing = startSealing({ ledger, signer, health, log })
  const stopAnchoring = startAnchoring({
    ...{ anchors, store: anchored, ours: { first, publicKey: signer.publicKey }, health, log },
    behind: (why) => {
      hold.hold(why)
      health.raise('ledger_behind', `${why}.`)
      void stopSealing()
    },
    disputed: async ({ name }, why) => {
      const entry = newEntry(ports, {
        type: 'anchor.disputed',
        actor: { kind: 'system', id: 'anchoring', via: 'clock' },
        subject: { kind: 'installation', id: ports.workspace },
        data: { anchor: name, why },
      })
      await ports.store.commit({ entries: [entry] })
    },
    sealLast: async () => void (await sealAll({ ledger, signer })),
  })
  return { stopSealing, stopAnchoring }
}

/** One more row in ledger_keys, or another in place of the head's: nothing would be found where the ledger's checkpoints stand. */
function refuseStrangers({ here, strangers }: KeptTree, signer: NoteSigner): void {
  if (strangers.length === 0 && here.origin === signer.name && here.publicKey.equals(signer.publicKey)) return
  throw new StartFault({
    problem:
      strangers.length === 0
        ? `The ledger of this database is ${here.origin}, and ledger_keys has no key that signs for it. Somebody has changed one of them.`
        : `The ledger of this database is ${here.origin}, and ledger_keys has a key of ${strangers[0]}, which is none of its names. Somebody has put it there.`,
    fix: 'Keep the database as it is, and find out who could write to it. With the role that owns the tables, make ledger_keys and ledger_head what they are in a backup.',
  })
}

function refuse(cause: unknown): never {
  if (cause instanceof TreeFault)
    throw new StartFault({
      problem: `The ledger of this database cannot be gone on with: ${cause.message}.`,
      fix: 'Keep the database as it is, and restore what is missing from a backup: docs/operations.md, "sealing_stopped".',
      cause,
    })
  if (!(cause instanceof SealFault)) throw cause
  throw new StartFault({
    problem: `The key that the ledger is signed with cannot be opened: ${cause.message}.`,
    fix: 'Give the server the COUNTERSIGN_SECRET that it had, or restore the table ledger_keys from a backup.',
    cause,
  })
}
