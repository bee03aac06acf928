import { generateKeyPairSync } from 'node:crypto'
import { signedCheckpoint } from '../../ledger/checkpoint.ts'
import { emptyEdge, rootOf } from '../../ledger/edge.ts'
import { type NoteSigner, noteKeyId, noteSigner } from '../../ledger/note.ts'
import type { SealedFor, Sealer } from '../sealer.ts'
import type { FirstHead, LedgerKey, LedgerStore } from './ledgerStore.ts'

/**
 * What signs checkpoints. The first start of all makes the key, which is sealed in the database, and an empty tree under the name that
 * it will have for good: the key is bound to it.
 *
 * @throws SealFault when the key does not open; StoreUnavailable
 */
export async function beginLedger(
  { ledger, sealer }: { readonly ledger: LedgerStore; readonly sealer: Sealer },
  origin: string,
): Promise<NoteSigner> {
  const { key } = await ledger.begin(() => firstHead(sealer, origin))
  return noteSigner(key.origin, sealer.open(key.sealed, sealedLedgerKey(key)))
}

function firstHead(sealer: Sealer, origin: string): FirstHead {
  const pem = String(generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }))
  const signer = noteSigner(origin, pem)
  const id = noteKeyId(signer).toString('hex')
  const root = rootOf(emptyEdge)
  return {
    key: { id, origin, publicKey: signer.publicKey, sealed: sealer.seal(pem, sealedLedgerKey({ id })) },
    head: { root, checkpoint: signedCheckpoint({ size: 0, root }, signer) },
  }
}

/** What a key of the ledger is sealed for. */
export function sealedLedgerKey({ id }: Pick<LedgerKey, 'id'>): SealedFor {
  return { purpose: 'ledger-key', row: id }
}
