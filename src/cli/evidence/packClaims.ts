import type { About, Period } from '../../approvals/evidence/records.ts'
import type { IndexRange } from '../../evidence/recorded.ts'
import { readCheckpoint } from '../../ledger/checkpoint.ts'
import type { KeptCheckpoint } from '../../ledger/keptHeads.ts'
import { wrongKeeper } from '../../ledger/keptHeads.ts'
import { isSignedBy, type NoteKey, readVerifierKey } from '../../ledger/note.ts'
import {
  isLost,
  isPastItsName,
  namesOf,
  type Resumption,
  wrongBeyond,
  wrongGeneration,
} from '../../ledger/resumption.ts'
import { growing, type Subtree } from '../../ledger/subtrees.ts'
import type { TlogProof } from '../../ledger/tlogProof.ts'
import { isConsistent, subtreesBefore, type TreeHead } from '../../ledger/verifyProof.ts'
import { resumptionsIn } from './packBeside.ts'
import type { PackIndex } from './packIndex.ts'
import { PackWrong } from './packWrong.ts'
import type { Unpacked } from './unpack.ts'

/** What a pack says of itself, as far as it was held against the signed checkpoint. */
export interface PackClaims {
  readonly key: NoteKey
  /** Where the ledger went on from a restored backup. */
  readonly resumptions: readonly Resumption[]
  readonly checkpoint: string
  readonly head: TreeHead
  readonly version: string
  readonly range: IndexRange
  readonly period: Period | null
  readonly about: About | null
  readonly start: readonly Subtree[]
  /** Null of a part. */
  readonly end: { readonly root: Buffer; readonly consistency: readonly Buffer[] } | null
}

/** Whether the pack has every entry from 0, from which its report can be counted again; a part has no report. */
export function countsFromFirst({ about, range }: Pick<PackClaims, 'about' | 'range'>): boolean {
  return about !== null || range.from === 0
}

/** @throws PackWrong */
export function readClaims({ texts }: Unpacked, expected: NoteKey | null): PackClaims {
  const text = (path: string): string => {
    const found = texts.get(path)
    if (found === undefined) throw new PackWrong({ what: `${path} is missing from the pack.` })
    return found
  }
  const key = readVerifierKey(text('keys/ledger.txt').trim())
  if (!key) throw new PackWrong({ what: 'keys/ledger.txt is no verifier key.' })
  const resumptions = resumptionsIn(texts, key)
  const names = namesOf(resumptions, key)
  if (expected && !(names.includes(expected.name) && expected.publicKey.equals(key.publicKey)))
    throw new PackWrong({
      what: 'The pack has another key than the one that was given.',
      expected: `${expected.name} with ${expected.publicKey.toString('base64')}`,
      stands: `${key.name} with ${key.publicKey.toString('base64')}`,
    })
  const checkpoint = text('log/checkpoint')
  const head = readCheckpoint(checkpoint)
  if (!head || head.origin !== key.name || !isSignedBy(head.note, key))
    throw new PackWrong({ what: 'log/checkpoint was not signed with the key of keys/ledger.txt.' })
  return { key, resumptions, checkpoint, head, ...shaped(text('manifest.json'), text('log/tree.json')) }
}

const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** What of the two files is needed; a member of another shape is caught by what is computed of it, or here. @throws PackWrong */
function shaped(
  manifestText: string,
  treeText: string,
): Omit<PackClaims, 'key' | 'resumptions' | 'checkpoint' | 'head'> {
  try {
    const manifest = JSON.parse(manifestText)
    const tree = JSON.parse(treeText)
    const hashes = (list: readonly string[]) => list.map((one) => Buffer.from(one, 'base64'))
    const { from, to, since, until, about, version } = manifest
    if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 0 || from > to)
      throw new RangeError('range')
    // Times are compared as texts.
    if (since !== null && ![since, until].every((one) => moment.test(one))) throw new RangeError('period')
    const [kind, id] = typeof about === 'string' ? about.split(' ') : []
    return {
      version: String(version),
      range: { from, to },
      period: typeof since === 'string' ? { since, until: String(until) } : null,
      about: isKind(kind) && id !== undefined ? { kind, id } : null,
      start: tree.start.subtrees.map((one: { leaves: number; hash: string }) => ({
        leaves: Number(one.leaves),
        hash: Buffer.from(one.hash, 'base64'),
      })),
      end: tree.end && {
        root: Buffer.from(tree.end.root, 'base64'),
        consistency: hashes(tree.end.consistency),
      },
    }
  } catch {
    throw new PackWrong({ what: 'manifest.json or log/tree.json is not that of a pack.' })
  }
}

function isKind(kind: string | undefined): kind is About['kind'] {
  return kind === 'request' || kind === 'agent' || kind === 'person'
}

/** What came of the checkpoints that were kept elsewhere, beside those that fit. */
export interface HeldAgainst {
  /** Of what was lost in a gap. */
  readonly lost: readonly KeptCheckpoint[]
  /** This ledger signed them, and the pack does not show what the tree was at their size. */
  readonly uncompared: readonly KeptCheckpoint[]
}

/**
 * The entries are those of the signed tree, and of every checkpoint that was kept elsewhere.
 *
 * @param by.shown the roots that the proofs show
 * @throws PackWrong
 */
export function refuseOtherHeads(
  claims: PackClaims,
  index: PackIndex,
  { kept, shown }: { readonly kept: readonly KeptCheckpoint[]; readonly shown: ReadonlyMap<number, Buffer> },
): HeldAgainst {
  const { range, start, end, head, about } = claims
  const before = start.reduce((sum, { leaves }) => sum + leaves, 0)
  if (before !== range.from)
    throw new PackWrong({ what: 'log/tree.json is about another period than manifest.json.' })
  if (about === null && !end) throw new PackWrong({ what: 'log/tree.json does not say how the period ends.' })
  const roots = about === null ? rootsAt(claims, index, kept) : new Map<number, Buffer>()
  const root = roots.get(range.to)
  if (end && root && !isConsistent({ size: range.to, root }, head, end.consistency))
    throw new PackWrong({
      what: 'The entries of the period are not those of the tree that was signed.',
      expected: `the root ${end.root.toString('hex')} after ${range.to} entries, and a tree of ${head.size} that begins with it`,
      stands: `the root ${root.toString('hex')}`,
    })
  const rootOf = (size: number) => (size === head.size ? head.root : (roots.get(size) ?? shown.get(size)))
  const came = kept.map((one) => [one, heldTo(one, claims, rootOf(one.checkpoint.size))] as const)
  const those = (what: Came) => came.flatMap(([one, how]) => (how === what ? [one] : []))
  return { lost: those('lost'), uncompared: those('uncompared') }
}

type Came = 'fits' | 'lost' | 'uncompared'

/**
 * Holds a checkpoint that was kept elsewhere against the root that the tree had at its size; undefined where the pack does not say it.
 *
 * @throws PackWrong
 */
function heldTo(one: KeptCheckpoint, { key, resumptions }: PackClaims, stands: Buffer | undefined): Came {
  const { size, root: expected } = one.checkpoint
  const wrong = wrongKeeper(one, key) ?? wrongGeneration(one, resumptions, key)
  if (wrong) throw new PackWrong(wrong)
  if (!stands && !isPastItsName(one, { resumptions, key })) return 'uncompared'
  const beyond = wrongBeyond(one, { resumptions, key, root: stands })
  if (beyond) throw new PackWrong(beyond)
  if (isLost(one, { resumptions, key, root: stands })) return 'lost'
  if (stands?.equals(expected)) return 'fits'
  throw new PackWrong({
    what: `The ledger was rewritten: its first ${size} entries are not those for which ${one.from} was signed.`,
    expected: `the root ${expected.toString('hex')}`,
    stands: stands ? `the root ${stands.toString('hex')}` : 'nothing',
  })
}

/**
 * The roots that the proofs in a pack show, of the sizes that are asked for: a proof leads through the tree at the index of its leaf, and
 * through the one after it.
 */
export function rootsShown(sizes: ReadonlySet<number>) {
  const shown = new Map<number, Buffer>()
  return {
    shown,
    by({ index, path }: Pick<TlogProof, 'index' | 'path'>, hash: Buffer, size: number): void {
      if (!sizes.has(index) && !sizes.has(index + 1)) return
      const tree = growing(subtreesBefore(size, index, path))
      shown.set(index, tree.root())
      tree.add(hash)
      shown.set(index + 1, tree.root())
    },
  }
}

/** The root after each of the sizes that are asked for. @throws PackWrong when an index is missing */
function rootsAt(
  { range, start }: PackClaims,
  index: PackIndex,
  kept: readonly KeptCheckpoint[],
): ReadonlyMap<number, Buffer> {
  const wanted = new Set([range.from, range.to, ...kept.map(({ checkpoint }) => checkpoint.size)])
  const tree = growing(start)
  const roots = new Map([[range.from, tree.root()]])
  const hashes = index.hashes()
  for (let at = range.from; at < range.to; at += 1) {
    const { value: leaf } = hashes.next()
    if (leaf?.index !== at)
      throw new PackWrong({
        index: at,
        what: 'An entry is missing from entries.ndjson.',
        expected: `the entry ${at}`,
        stands: `${leaf?.index ?? 'nothing'}`,
      })
    tree.add(leaf.hash)
    if (wanted.has(at + 1)) roots.set(at + 1, tree.root())
  }
  return roots
}
