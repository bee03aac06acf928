import { generateKeyPairSync } from 'node:crypto'
import type { Reading, TreeProofs } from '../../src/approvals/ledger/anchors/anchor.ts'
import { type Anchored, anchoredIn } from '../../src/ledger/anchored.ts'
import { signedCheckpoint } from '../../src/ledger/checkpoint.ts'
import { noteSigner } from '../../src/ledger/note.ts'
import { consistencySpans } from '../../src/ledger/proofs.ts'
import { naiveLeaf, naiveRoot } from '../ledger/naiveTree.ts'

/** A tree of so many leaves, each its own number behind a word: what is signed for each size, and its proofs. */
export interface GrownTree {
  readonly first: string
  readonly publicKey: Buffer
  readonly at: (size: number, origin?: string) => Anchored
  readonly proofs: TreeProofs
  readonly reading: Reading
}

const pem = String(generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }))

/** Two of different words are two trees that were signed with one key. */
export function grownTree(word = 'leaf', first = 'acme.test/ledger'): GrownTree {
  const leaf = (index: number) => naiveLeaf(Buffer.from(`${word} ${index}`))
  const leaves = (from: number, to: number) => Array.from({ length: to - from }, (_, nth) => leaf(from + nth))
  const { publicKey } = noteSigner(first, pem)
  const at = (size: number, origin = first): Anchored => {
    const text = signedCheckpoint({ size, root: naiveRoot(leaves(0, size)) }, noteSigner(origin, pem))
    const anchored = anchoredIn(text, { first, publicKey })
    if (!anchored) throw new Error('it is ours')
    return anchored
  }
  return {
    first,
    publicKey,
    at,
    proofs: {
      consistency: async (older, size) =>
        consistencySpans(older, size).map(({ from, to }) => naiveRoot(leaves(from, to))),
    },
    reading: async (text) => anchoredIn(text, { first, publicKey }),
  }
}
