import { type CheckedPage, leafHashes } from '../../ledger/checkedPage.ts'
import { readCheckpoint } from '../../ledger/checkpoint.ts'
import { emptyEdge, grown, rootOf, type TreeHash } from '../../ledger/edge.ts'
import { type Emptied, wrongEmptied } from '../../ledger/emptied.ts'
import { type KeptCheckpoint, wrongKeeper, wrongPast } from '../../ledger/keptHeads.ts'
import { isSignedBy, type NoteKey } from '../../ledger/note.ts'
import {
  isLost,
  namesOf,
  type Resumption,
  wrongBeyond,
  wrongGeneration,
  wrongNames,
} from '../../ledger/resumption.ts'
import type { TreeHead } from '../../ledger/verifyProof.ts'
import type { Wrong } from '../../ledger/wrong.ts'
import type { LedgerHead } from './ledgerStore.ts'
import type { ProvableLedger } from './proveEntry.ts'
import { type Leaves, type Unplaced, wrongCount, wrongLeaves, wrongPlace } from './wrongTables.ts'

/** What is verified, all of it as of one moment: of a database, or as a server gives it. */
export interface VerifiableLedger {
  readonly head: Pick<LedgerHead, 'size' | 'root' | 'checkpoint'>
  readonly key: NoteKey
  /** Everything that is sealed, by index, each entry verified by itself (`checkedPage`); never more than a few pages of it are held. */
  pages(): AsyncIterable<CheckedPage>
  /** The hashes of the tree above its leaves, at these places; what is missing is left out. */
  nodes(at: readonly Pick<TreeHash, 'level' | 'index'>[]): Promise<readonly TreeHash[]>
  /** How many of them there are; null where only those that are asked for can be seen. */
  readonly nodeCount: (() => Promise<number>) | null
  /** How many leaves there are, and the least and the greatest of their indexes, null where there is none. Null: as above. */
  readonly leaves: (() => Promise<Leaves>) | null
  /** The first entry, by position, that is not either sealed or waiting for it; or what waits and cannot be sealed. Null: as above. */
  readonly unplaced: (() => Promise<Unplaced | null>) | null
  /**
   * What was emptied beside entries that have no index so far, and what those entries say was emptied. `isExact`: as of the same moment as
   * the pages. Otherwise values may have been emptied while pages were read: `unsaid` of them have no entry so far, which is waited for.
   */
  emptiedBeyond(unsaid: number): Promise<Emptied & { readonly isExact: boolean }>
}

/** A ledger as it is kept in a database. */
export interface KeptLedger extends VerifiableLedger, ProvableLedger {
  readonly head: LedgerHead
  /** What is recorded about one request, in order; `index` is null while an entry waits. */
  about(
    request: string,
  ): Promise<readonly { readonly index: number | null; readonly entry: string; readonly text: string }[]>
  /** By entry: what was shown to whoever decided by it, null where that was erased; entries that are no decision are left out. */
  seen(entries: readonly string[]): Promise<ReadonlyMap<string, string | null>>
}

export interface VerifyOptions {
  /** Checkpoints that were kept elsewhere. */
  readonly kept: readonly KeptCheckpoint[]
  /** What the ledger's key has to be; null: the one that it says it has. */
  readonly key: NoteKey | null
  readonly progress: (done: number, of: number) => void
}

/** What came of it: how much was verified, and the first thing that is wrong. */
export interface Verified {
  readonly size: number
  readonly wrong: Wrong | null
  /** Where the ledger went on from a restored backup: what was lost then is shown for ever. Absent where it never did. */
  readonly resumptions?: readonly Resumption[]
  /** Of the checkpoints that were kept elsewhere, those of what was lost. Absent where there is none. */
  readonly lost?: readonly KeptCheckpoint[]
}

/**
 * Computes the whole tree again from the entries, and holds it against everything that is kept of it: leaves, hashes, the signed head,
 * and checkpoints from elsewhere. Nothing that the ledger says of itself is believed without them: whoever owns the database and the key
 * can make another that fits in itself, and only a checkpoint that was kept elsewhere shows it.
 */
export async function verifyLedger(ledger: VerifiableLedger, options: VerifyOptions): Promise<Verified> {
  const { head, key } = ledger
  const kept = [...options.kept].sort((a, b) => a.checkpoint.size - b.checkpoint.size)
  const wrong = wrongKey(options.key, key) ?? first(kept, (one) => wrongKeeper(one, key))
  if (wrong) return { size: 0, wrong }
  const tree = await computed(ledger, { sizes: kept.map(({ checkpoint }) => checkpoint.size), ...options })
  const { size, root, heads, resumptions } = tree
  if (tree.wrong) return { size, wrong: tree.wrong }
  const against = ({ checkpoint }: KeptCheckpoint) => ({
    ...{ resumptions, key, root: heads.get(checkpoint.size) },
  })
  const lost = kept.filter((one) => isLost(one, against(one)))
  const among = new Set(lost)
  const sound = kept.filter((one) => !among.has(one))
  return {
    size,
    ...(resumptions.length > 0 && { resumptions }),
    ...(lost.length > 0 && { lost }),
    wrong:
      wrongNames(resumptions, key) ??
      wrongExpected(options.key, { resumptions, key }) ??
      first(kept, (one) => wrongGeneration(one, resumptions, key)) ??
      first(kept, (one) => wrongBeyond(one, against(one))) ??
      wrongPast(sound, heads, { size, root }) ??
      wrongHead(head, key, { size, root }) ??
      wrongCount(size, (await ledger.nodeCount?.()) ?? null) ??
      wrongLeaves(size, (await ledger.leaves?.()) ?? null) ??
      wrongPlace((await ledger.unplaced?.()) ?? null) ??
      (await wrongSum(ledger, tree)),
  }
}

/** As many values are empty as entries say: nobody can empty one silently. */
async function wrongSum(ledger: VerifiableLedger, { values, said }: Emptied): Promise<Wrong | null> {
  const beyond = await ledger.emptiedBeyond(Math.max(values - said, 0))
  const most = said + beyond.said
  return wrongEmptied({ values: values + beyond.values, said: beyond.isExact ? most : said }, most)
}

interface Computed extends TreeHead, Emptied {
  readonly heads: ReadonlyMap<number, Buffer>
  readonly resumptions: readonly Resumption[]
  readonly wrong: Wrong | null
}

/** The tree over the entries, up to the first that is wrong; and the root that it had at each of the sizes. */
async function computed(
  ledger: VerifiableLedger,
  { sizes, progress }: { readonly sizes: readonly number[] } & Pick<VerifyOptions, 'progress'>,
): Promise<Computed> {
  let edge = emptyEdge
  const wanted = new Set(sizes)
  const endsBefore = inPages([...wanted].filter((size) => size > 0))
  const heads = new Map(wanted.has(0) ? [[0, rootOf(edge)]] : [])
  const resumptions: Resumption[] = []
  let [values, said] = [0, 0]
  const done = (wrong: Wrong | null): Computed => ({
    ...{ size: edge.size, root: rootOf(edge), heads, resumptions, wrong, values, said },
  })
  for await (const page of ledger.pages()) {
    if (page.wrong) return done(page.wrong)
    const from = edge.size
    const hashes = leafHashes(page)
    values += page.values
    said += page.said
    resumptions.push(...page.resumptions)
    const nodes: TreeHash[] = []
    for (const end of [...endsBefore(from + hashes.length), from + hashes.length]) {
      const more = grown(edge, hashes.slice(edge.size - from, end - from))
      edge = more.edge
      nodes.push(...more.hashes.filter(({ level }) => level > 0))
      if (wanted.has(end)) heads.set(end, rootOf(edge))
    }
    const wrong = wrongNodes(nodes, await ledger.nodes(nodes))
    if (wrong) return done(wrong)
    progress(edge.size, ledger.head.size)
  }
  return done(null)
}

/** The sizes that come before an end, each once: there may be very many, and as many pages. */
function inPages(sizes: readonly number[]): (end: number) => readonly number[] {
  const ordered = sizes.toSorted((a, b) => a - b)
  let at = 0
  return (end) => {
    const from = at
    while ((ordered[at] ?? end) < end) at += 1
    const found = ordered.slice(from, at)
    if (ordered[at] === end) at += 1
    return found
  }
}

function wrongNodes(expected: readonly TreeHash[], stands: readonly TreeHash[]): Wrong | null {
  return first(expected, ({ level, index, hash }) => {
    const found = stands.find((one) => one.level === level && one.index === index)
    if (found?.hash.equals(hash)) return null
    const [from, to] = [index * 256 ** level, (index + 1) * 256 ** level - 1]
    return {
      index: null,
      entry: null,
      what: `The hash over the entries ${from} to ${to} is not what those entries give.`,
      expected: hash.toString('hex'),
      stands: found ? found.hash.toString('hex') : 'nothing',
    }
  })
}

function wrongKey(expected: NoteKey | null, stands: NoteKey): Wrong | null {
  if (!expected || expected.publicKey.equals(stands.publicKey)) return null
  return otherKey(expected, stands)
}

/** The key was kept under the name that the ledger has, or under one that it had. */
function wrongExpected(
  expected: NoteKey | null,
  { resumptions, key }: { readonly resumptions: readonly Resumption[]; readonly key: NoteKey },
): Wrong | null {
  return !expected || namesOf(resumptions, key).includes(expected.name) ? null : otherKey(expected, key)
}

function otherKey(expected: NoteKey, stands: NoteKey): Wrong {
  const text = ({ name, publicKey }: NoteKey) => `${name} with ${publicKey.toString('base64')}`
  return {
    index: null,
    entry: null,
    what: 'The ledger has another key.',
    expected: text(expected),
    stands: text(stands),
  }
}

/** The head is what the entries give, and what was signed. */
function wrongHead(head: VerifiableLedger['head'], key: NoteKey, found: TreeHead): Wrong | null {
  const about = { index: null, entry: null }
  const text = ({ size, root }: TreeHead) => `${size} entries with the root ${root.toString('hex')}`
  const signed = readCheckpoint(head.checkpoint)
  if (!signed || signed.origin !== key.name || !isSignedBy(signed.note, key))
    return {
      ...about,
      what: 'The newest checkpoint was not signed with the key of the ledger.',
      expected: `a checkpoint of ${key.name}`,
      stands: JSON.stringify(head.checkpoint),
    }
  const same = [signed, head].every(({ size, root }) => size === found.size && root.equals(found.root))
  if (same) return null
  return {
    ...about,
    what: 'The entries do not give the head that was signed.',
    expected: text(signed),
    stands: text(found),
  }
}

function first<T>(all: readonly T[], wrong: (one: T) => Wrong | null): Wrong | null {
  for (const one of all) {
    const found = wrong(one)
    if (found) return found
  }
  return null
}
