import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isAll } from '../../approvals/evidence/gather.ts'
import { makePack, sha256Of, sumLine } from '../../approvals/evidence/makePack.ts'
import type { PackSink } from '../../approvals/evidence/pack.ts'
import { TreeFault } from '../../approvals/ledger/ledgerStore.ts'
import { readCheckpoint } from '../../ledger/checkpoint.ts'
import { leafHash } from '../../ledger/hashes.ts'
import type { KeptCheckpoint } from '../../ledger/keptHeads.ts'
import type { NoteKey } from '../../ledger/note.ts'
import { readTlogProof } from '../../ledger/tlogProof.ts'
import { isIncluded } from '../../ledger/verifyProof.ts'
import type { Wrong } from '../../ledger/wrong.ts'
import { packageVersion, packVerifier } from '../../server/package.ts'
import { gapHash, neighbourIn } from './packBeside.ts'
import { type PackClaims, readClaims, refuseOtherHeads, rootsShown } from './packClaims.ts'
import { indexPack, type PackIndex } from './packIndex.ts'
import { packSource } from './packSource.ts'
import { PackWrong } from './packWrong.ts'
import { type Unpacked, unpack } from './unpack.ts'

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
  const proved = new Map<string, number>()
  const checkpoints = new Set<string>()
  const shown = rootsShown(new Set(against.kept.map(({ checkpoint }) => checkpoint.size)))
  const unpacked = await unpack(file, folder, (path, text, texts) => {
    reading.index ??= indexPack(folder)
    proved.set(path, provedIn(path, text, { index: reading.index, texts, shown }))
    checkpoints.add(text.slice(text.indexOf('\n\n') + 2))
  })
  const index = reading.index ?? indexPack(folder)
  reading.index = index
  const claims = readClaims(unpacked, against.key)
  for (const one of checkpoints)
    if (one !== claims.checkpoint)
      throw new PackWrong({ what: 'A proof is for another checkpoint than log/checkpoint.' })
  refuseOtherSums(unpacked)
  const came = refuseOtherHeads(claims, index, { kept: against.kept, shown: shown.shown })
  const madeAgain = claims.version === packageVersion()
  const sink = comparing(unpacked, { proved, madeAgain })
  const source = packSource(claims, index, unpacked)
  await makePack(source, sink, {
    ...{ period: claims.period, range: claims.range, about: claims.about, version: claims.version },
    verifier: readFileSync(packVerifier(), 'utf8'),
    progress: () => undefined,
  })
  sink.refuseMore()
  const isWhole = isAll(source, claims)
  return { wrong: null, claims, ...came, entries: index.entries.length, isWhole, madeAgain }
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

/** Every file has the hash that is listed. @throws PackWrong */
function refuseOtherSums({ hashes, texts }: Unpacked): void {
  const listed = new Map(
    (texts.get('SHA256SUMS') ?? '')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => [line.slice(66), line.slice(0, 64)] as const),
  )
  for (const [path, stands] of hashes) {
    if (path === 'SHA256SUMS' || path === 'manifest.json') continue
    const expected = listed.get(path)
    if (expected === undefined) throw new PackWrong({ what: `${path} is in the pack and not in SHA256SUMS.` })
    if (expected !== stands) throw new PackWrong({ what: `${path} was changed.`, expected, stands })
  }
  for (const path of listed.keys())
    if (!hashes.has(path)) throw new PackWrong({ what: `${path} is missing from the pack.` })
}

/** What is written for people, and the program: another version may word it otherwise, and nothing is computed of it. */
function isProse(path: string): boolean {
  return /^(?:README\.md|verify\.py|report\.html|requests\/[^/]+\/story\.md)$/.test(path)
}

interface Comparing {
  /** The index that each proof is of. */
  readonly proved: ReadonlyMap<string, number>
  readonly madeAgain: boolean
}

/** What is made again is compared with what the pack has. */
function comparing(
  { hashes }: Unpacked,
  { proved, madeAgain }: Comparing,
): PackSink & { refuseMore(): void } {
  const seen = new Set<string>()
  const spools = new Map<string, ReturnType<typeof createHash>>()
  const sums = createHash('sha256')
  const compare = (path: string, made: string): void => {
    const stands = hashes.get(path)
    if (stands === undefined) throw new PackWrong({ what: `${path} is missing from the pack.` })
    if (stands !== made && (madeAgain || !isProse(path)))
      throw new PackWrong({
        what: `${path} is not what the entries give${madeAgain ? '' : '; if another version made the pack, verify it with that one'}.`,
        expected: made,
        stands,
      })
    seen.add(path)
  }
  const listed = (path: string, made: string): void => {
    compare(path, made)
    sums.update(sumLine(path, hashes.get(path) ?? ''))
  }
  return {
    async spool(path) {
      const hash = createHash('sha256')
      spools.set(path, hash)
      return {
        write: async (text) => {
          hash.update(text)
        },
      }
    },
    add: async (path) => listed(path, spools.get(path)?.digest('hex') ?? ''),
    file: async (path, text) => listed(path, sha256Of(text)),
    async proof(path, { index }) {
      if (proved.get(path) !== index)
        throw new PackWrong({ index, what: `${path} does not prove the entry ${index}.` })
      listed(path, hashes.get(path) ?? '')
    },
    async sums(path) {
      const [files, sha256] = [seen.size, sums.digest('hex')]
      compare(path, sha256)
      return { files, sha256 }
    },
    last: async (path, text) => compare(path, sha256Of(text)),
    refuseMore() {
      for (const path of hashes.keys())
        if (!seen.has(path))
          throw new PackWrong({ what: `${path} is in the pack, and no pack of this record has it.` })
    },
  }
}
