import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isAll } from '../../approvals/evidence/gather.ts'
import { makePack } from '../../approvals/evidence/makePack.ts'
import { TreeFault } from '../../approvals/ledger/ledgerStore.ts'
import { readCheckpoint } from '../../ledger/checkpoint.ts'
import { leafHash } from '../../ledger/hashes.ts'
import type { KeptCheckpoint } from '../../ledger/keptHeads.ts'
import type { NoteKey } from '../../ledger/note.ts'
import { readTlogProof } from '../../ledger/tlogProof.ts'
import { isIncluded } from '../../ledger/verifyProof.ts'
import type { Wrong } from '../../ledger/wrong.ts'
import { packageVersion, packVerifier } from '../../server/package.ts'
import { comparing } from './comparing.ts'
import { gapHash, neighbourIn } from './packBeside.ts'
import { type PackClaims, readClaims, refuseOtherHeads, rootsShown } from './packClaims.ts'
import { indexPack, type PackIndex } from './packIndex.ts'
import { packSource } from './packSource.ts'
import { PackWrong } from './packWrong.ts'
import { refuseOtherSums } from './standingFiles.ts'
import { type Unpacked, unpack, unpackedAt } from './unpack.ts'

/** What a pack is held against. */
export interface PackKept {
  readonly kept: readonly KeptCheckpoint[]
  /** Null: the one that the pack says. */
  readonly key: NoteKey | null
}

/** What came of it: what was verified, or the first thing that is wrong. */
export type VerifiedPack =
  | {
      readonly wrong: null
      readonly claims: PackClaims
      /** What came of the checkpoints that were kept elsewhere: those of what was lost in a gap, and those that the pack cannot be compared with. */
      readonly lost: readonly KeptCheckpoint[]
      readonly uncompared: readonly KeptCheckpoint[]
      readonly entries: number
      /** Whether it has every entry that is sealed. */
      readonly isWhole: boolean
      /** Whether each file was made again and compared. Of a pack of another version, what is prose was not: `isProse`. */
      readonly madeAgain: boolean
    }
  | { readonly wrong: Wrong }

/**
 * Verifies a pack without a server and without a database: every hash, the signed checkpoint, the tree over the entries, each proof, each
 * value; and makes every other file again from the entries, byte for byte.
 */
export async function verifyPack(file: string, against: PackKept): Promise<VerifiedPack> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-verify-'))
  const reading = { index: null as PackIndex | null }
  try {
    return await verified(file, { folder, against, reading })
  } catch (fault) {
    if (fault instanceof PackWrong) return { wrong: fault.wrong }
    if (!(fault instanceof TreeFault)) throw fault
    return { wrong: new PackWrong({ what: `The pack does not fit together: ${fault.message}.` }).wrong }
  } finally {
    reading.index?.close()
    await rm(folder, { recursive: true, force: true })
  }
}

interface Reading {
  readonly folder: string
  readonly against: PackKept
  /** Open once the lines stand in their files. */
  readonly reading: { index: PackIndex | null }
}

async function verified(file: string, { folder, against, reading }: Reading): Promise<VerifiedPack> {
  const shown = rootsShown(new Set(against.kept.map(({ checkpoint }) => checkpoint.size)))
  const unpacked = await unpack(file, folder, (path, text, texts) => {
    reading.index ??= indexPack(folder)
    return provedIn(path, text, { index: reading.index, texts, shown })
  })
  const index = reading.index ?? indexPack(folder)
  reading.index = index
  const claims = readClaims(unpacked, against.key)
  if (!existsSync(unpackedAt(folder, 'SHA256SUMS')))
    throw new PackWrong({ what: 'SHA256SUMS is missing from the pack.' })
  refuseOtherSums(unpacked.standing, unpackedAt(folder, 'SHA256SUMS'))
  const came = refuseOtherHeads(claims, index, { kept: against.kept, shown: shown.shown })
  const madeAgain = claims.version === packageVersion()
  const sink = comparing(unpacked, madeAgain)
  const source = packSource(claims, index, unpacked)
  try {
    await makePack(source, sink, {
      ...{ period: claims.period, range: claims.range, about: claims.about, version: claims.version },
      verifier: readFileSync(packVerifier(), 'utf8'),
      progress: () => undefined,
    })
    sink.refuseMore()
  } finally {
    sink.close()
  }
  const isWhole = isAll(source, claims)
  return { wrong: null, claims, ...came, entries: index.entries, isWhole, madeAgain }
}

/** The index of the entry that it proves. @throws PackWrong */
function provedIn(
  path: string,
  text: string,
  {
    index,
    texts,
    shown,
  }: {
    readonly index: PackIndex
    readonly texts: Unpacked['texts']
    readonly shown: ReturnType<typeof rootsShown>
  },
): number {
  const proof = readTlogProof(text)
  const hash = proof && leafHashFor(path, proof.index, { index, texts })
  const head = proof && readCheckpoint(proof.checkpoint)
  if (!proof || !hash || !head) throw new PackWrong({ what: `${path} proves no entry of the pack.` })
  // The checkpoint stands before the proofs.
  if (proof.checkpoint !== texts.get('log/checkpoint'))
    throw new PackWrong({ what: 'A proof is for another checkpoint than log/checkpoint.' })
  if (isIncluded(head, { index: proof.index, hash }, proof.path)) {
    shown.by(proof, hash, head.size)
    return proof.index
  }
  throw new PackWrong({
    index: proof.index,
    what: `${path} does not prove its entry.`,
    expected: 'a path from the leaf to the root of the checkpoint',
    stands: 'another path, or one for another leaf',
  })
}

/** What lies outside of the range stands in a file of its own. */
function leafHashFor(
  path: string,
  at: number,
  { index, texts }: { readonly index: PackIndex; readonly texts: Unpacked['texts'] },
): Buffer | undefined {
  if (path.startsWith('log/gaps/')) return gapHash(texts, at)
  if (!path.startsWith('log/neighbours/')) return index.hash(at)
  const leaf = neighbourIn(texts, at)?.leaf
  return leaf === undefined ? undefined : leafHash(Buffer.from(leaf))
}
