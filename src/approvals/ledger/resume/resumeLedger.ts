import type { Shell } from '../../../core/confirmation.ts'
import { signedCheckpoint } from '../../../ledger/checkpoint.ts'
import type { NewEntry } from '../../../ledger/entry.ts'
import { noteKeyId, noteSigner } from '../../../ledger/note.ts'
import { generationOf, type LedgerNames, originAfter } from '../../../ledger/origins.ts'
import { newEntry } from '../../newEntry.ts'
import type { Ports } from '../../ports.ts'
import { sealedLedgerKey } from '../beginLedger.ts'
import { TreeFault } from '../ledgerStore.ts'
import { sealBatch } from '../sealBatch.ts'
import type { LedgerResumption } from './ledgerResumption.ts'
import type { TwoPeople } from './twoPeople.ts'

/** What the ledger goes on from, as the anchors say. */
export interface FoundBehind {
  readonly anchor: string
  /** The newest checkpoint that left the house. */
  readonly checkpoint: string
  readonly origin: string
  readonly size: number
  /** So many entries of this database are certainly those that had left the house. */
  readonly shared: number
}

export interface Resuming extends TwoPeople {
  readonly found: FoundBehind
  readonly reason: string
  readonly shell: Shell
  /** How both have agreed. */
  readonly agreed: string
}

/** What came of it. */
export interface Resumed {
  readonly origin: string
  readonly before: string
  /** The index of the entry that says so. */
  readonly index: number
}

/**
 * Lets a ledger go on from a database that is older than what left the house: under its next name, with the same key, so that nothing that
 * is signed from now on can be taken for what was lost. The first entry under the name says what the gap is, and who decided it.
 *
 * @throws TreeFault when what is kept does not give the head that was signed, or the head has changed meanwhile; SealFault, StoreUnavailable
 */
export async function resumeLedger(
  { ports, ledger }: { readonly ports: Ports; readonly ledger: LedgerResumption },
  resuming: Resuming,
): Promise<Resumed> {
  const current = await ledger.current()
  if (!current) throw new TreeFault('there is no ledger to go on with')
  const { head, key, first } = current
  const { found } = resuming
  const origin = originAfter({ first }, later({ first }, head.origin, found.origin))
  const pem = ports.sealer.open(key.sealed, sealedLedgerKey(key))
  const signer = noteSigner(origin, pem)
  const id = noteKeyId(signer).toString('hex')
  const went = await ledger.goOn({
    from: head,
    key: { id, origin, publicKey: signer.publicKey, sealed: ports.sealer.seal(pem, sealedLedgerKey({ id })) },
    checkpoint: signedCheckpoint(head, signer),
    entry: entryOf(ports, resuming, { origin, before: head.origin, size: head.size }),
    seal: (unsealed) => sealBatch(unsealed, signer),
  })
  if (!went) throw new TreeFault('something is at work on this database: its head has changed meanwhile')
  return { origin, before: head.origin, index: head.size }
}

/** Of a backup from before an earlier gap: the name that was given then is used up, too. */
function later(names: LedgerNames, one: string, other: string): string {
  return (generationOf(names, one) ?? 0) >= (generationOf(names, other) ?? 0) ? one : other
}

function entryOf(
  ports: Ports,
  { by, second, found, reason, shell, agreed }: Resuming,
  went: { readonly origin: string; readonly before: string; readonly size: number },
): NewEntry {
  const { anchor, origin, size, checkpoint, shared } = found
  return newEntry(ports, {
    type: 'ledger.resumed',
    actor: { kind: 'person', id: by.person, account: by.account.key, via: 'cli' },
    subject: { kind: 'installation', id: ports.workspace },
    data: {
      ...went,
      shared,
      anchored: { anchor, origin, size, checkpoint },
      second: second.person,
      agreed,
    },
    kept: {
      reason,
      identity: { ...by.account },
      second_identity: { ...second.account },
      shell: { ...shell },
    },
  })
}
