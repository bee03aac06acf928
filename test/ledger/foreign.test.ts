import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { verifyCheckpoint as foreignCheckpoint } from '@sigstore/verify/dist/tlog/checkpoint.js'
import { verifyMerkleInclusion as foreignInclusion } from '@sigstore/verify/dist/tlog/merkle.js'
import { expect, test } from 'vitest'
import { signedCheckpoint } from '../../src/ledger/checkpoint.ts'
import { emptyEdge, grown, rootOf } from '../../src/ledger/edge.ts'
import { leafHash } from '../../src/ledger/hashes.ts'
import { noteKeyId, noteSigner } from '../../src/ledger/note.ts'
import { naivePath } from './naiveTree.ts'

/** What Sigstore's verifier takes of its own types. It wants more of an entry than it looks at here. */
interface ForeignEntry {
  readonly inclusionProof: {
    readonly logIndex: string
    readonly hashes: readonly Buffer[]
    readonly checkpoint: { readonly envelope: string }
  }
  readonly canonicalizedBody: Buffer
}
interface ForeignCheckpoint {
  readonly logSize: bigint
  readonly logHash: Buffer
}
const verifyCheckpoint = foreignCheckpoint as unknown as (
  entry: ForeignEntry,
  logs: readonly { readonly logID: Buffer; readonly baseURL: string; readonly publicKey: KeyObject }[],
) => ForeignCheckpoint
const verifyInclusion = foreignInclusion as unknown as (
  entry: ForeignEntry,
  checkpoint: ForeignCheckpoint,
) => void

const pem = String(generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }))
const signer = noteSigner('acme.test/countersign', pem)
const log = {
  logID: noteKeyId(signer),
  baseURL: `https://${signer.name}`,
  publicKey: createPublicKey(signer.privateKey),
}

test('a verifier that is not ours believes our checkpoints and that entries stand in their trees', () => {
  const leaves = Array.from({ length: 300 }, (_, i) => Buffer.from(`{"seq":${i}}`))
  const hashes = leaves.map(leafHash)
  for (const size of [1, 2, 7, 255, 256, 257, 300]) {
    const { edge } = grown(emptyEdge, hashes.slice(0, size))
    const envelope = signedCheckpoint({ size, root: rootOf(edge) }, signer)
    for (const index of [0, size >> 1, size - 1]) {
      const canonicalizedBody = leaves[index] ?? Buffer.alloc(0)
      const path = naivePath(index, hashes.slice(0, size))
      const entry = {
        inclusionProof: { logIndex: String(index), hashes: path, checkpoint: { envelope } },
        canonicalizedBody,
      }
      const checkpoint = verifyCheckpoint(entry, [log])

      expect(() => verifyInclusion(entry, checkpoint)).not.toThrow()
      const other = { ...entry, canonicalizedBody: Buffer.from('another') }
      expect(() => verifyInclusion(other, checkpoint)).toThrow(/does not match/)
    }
    const stranger = { ...log, publicKey: generateKeyPairSync('ed25519').publicKey }
    const entry = {
      inclusionProof: { logIndex: '0', hashes: [], checkpoint: { envelope } },
      canonicalizedBody: Buffer.alloc(0),
    }
    expect(() => verifyCheckpoint(entry, [stranger])).toThrow(/signature/)
  }
})
