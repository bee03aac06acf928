import { isObject } from '../../core/json.ts'
import { stringIn } from '../../evidence/facts.ts'
import { valueLines } from '../../evidence/packLines.ts'
import type { Line } from '../../evidence/query.ts'
import type { Recorded } from '../../evidence/recorded.ts'
import { subjectOf } from '../../evidence/tableRows.ts'
import { standingTypes } from '../../evidence/tables.ts'
import type { Tally } from '../../evidence/tally.ts'
import { type Emptied, saidEmptied, wrongEmptied } from '../../ledger/emptied.ts'
import { leafHash } from '../../ledger/hashes.ts'
import { growing, type Subtree } from '../../ledger/subtrees.ts'
import { TreeFault } from '../ledger/ledgerStore.ts'
import { type LeafList, leafList } from './leafList.ts'
import type { PackAsk, PackSink, PackSource } from './pack.ts'

/** What is remembered of all entries, beside the lines that were written. */
export interface Gathered {
  readonly entries: number
  readonly earlier: number
  /** The installation that wrote them; null when there is none. */
  readonly workspace: string | null
  /** By the request that is undone: what undoes it. */
  readonly undoneBy: ReadonlyMap<string, readonly string[]>
  /** Entries that are of no request, or stand for longer: their proofs have a folder of their own. */
  readonly loose: LeafList
  /** What stands for longer, by subject. */
  readonly subjects: ReadonlyMap<string, readonly Line[]>
  readonly policies: readonly Line[]
  /** Digests of the policies by which requests were judged. */
  readonly judgedBy: ReadonlySet<string>
  readonly start: { readonly size: number; readonly subtrees: readonly Subtree[]; readonly root: Buffer }
  /** Null of a part of the entries: they do not make the tree. */
  readonly end: Buffer | null
}

/** Every entry of the period goes by once, as a line, with its values; what came before it first. */
export async function gather(
  source: PackSource,
  sink: PackSink,
  {
    ask,
    tally,
    passed,
    stray,
    grown,
  }: {
    readonly ask: PackAsk
    readonly tally: Tally
    /** Hears of each page of the range. */
    readonly passed: (page: readonly Recorded[]) => void
    /** Of no request. */
    readonly stray: (line: Line) => Promise<void>
    /** The tree has so many entries now. */
    readonly grown: (size: number, root: () => Buffer) => Promise<void>
  },
): Promise<Gathered> {
  const { range, about } = ask
  const subtrees = await source.subtrees(range.from)
  const start = { size: range.from, subtrees, root: growing(subtrees).root() }
  const tree = growing(subtrees)
  const notes = newNotes(about === null)
  let [emptied, said] = [0, 0]
  const values = await sink.spool('values.ndjson')
  const line = async (spool: { write(text: string): Promise<void> }, one: Recorded) => {
    await spool.write(`${one.leaf}\n`)
    await values.write(valueLines(one))
  }
  const before = await sink.spool('earlier.ndjson')
  for await (const page of source.records.earlier(range, about ?? undefined))
    for (const one of page) {
      await line(before, one)
      notes.earlier(one, leafHash(Buffer.from(one.leaf)))
    }
  const within = await sink.spool('entries.ndjson')
  await grown(range.from, tree.root)
  for await (const page of source.records.pages(range, about ?? undefined)) {
    for (const one of page) {
      await line(within, one)
      const hash = leafHash(Buffer.from(one.leaf))
      tree.add(hash)
      emptied += Object.values(one.blobs).filter((text) => text === null).length
      said += saidEmptied(one.entry)
      await grown(one.index + 1, tree.root)
      notes.within(one, hash)
      tally.entry(one)
      if (one.entry.request === null) await stray(one)
    }
    passed(page)
    ask.progress(page.at(-1)?.index ?? 0, range.to)
  }
  if (about === null) await refuseOther(source, range.to, tree.root())
  if (isAll(source, ask)) refuseUnsaid({ values: emptied, said })
  return { ...notes.all(), start, end: about === null ? tree.root() : null }
}

/** What was read has to make the tree that is kept: nobody is given evidence of a record that does not verify. */
async function refuseOther(source: PackSource, size: number, root: Buffer): Promise<void> {
  const kept = await source.root(size)
  if (!kept.equals(root))
    throw new TreeFault(`the first ${size} entries do not make the tree that was signed`)
}

/** Whether it has every entry that is sealed: of a part it cannot be known what should be empty. */
export function isAll(
  { head }: Pick<PackSource, 'head'>,
  { range, about }: Pick<PackAsk, 'range' | 'about'>,
) {
  return about === null && range.from === 0 && range.to === head.size
}

function refuseUnsaid(emptied: Emptied): void {
  const wrong = wrongEmptied(emptied)
  if (wrong)
    throw new TreeFault(
      `${wrong.what.slice(0, -1)} (expected ${wrong.expected}, there are ${wrong.stands}); what is erased in this very second is sealed a second later`,
    )
}

function newNotes(isWhole: boolean) {
  let [entries, earlier] = [0, 0]
  let workspace: string | null = null
  const undoneBy = new Map<string, string[]>()
  const loose = leafList()
  const subjects = new Map<string, Line[]>()
  const policies: Line[] = []
  const judgedBy = new Set<string>()
  const note = (one: Recorded, hash: Buffer, isOfNone: boolean): void => {
    const { entry, index } = one
    const line: Line = { index, entry }
    workspace ??= entry.ws
    if (isOfNone) loose.add(index, hash)
    if (entry.type === 'policy.activated') policies.push(line)
    if (standingTypes.includes(entry.type)) grouped(subjects, subjectOf(line), line)
    const undoes = isObject(entry.data) ? stringIn(entry.data, 'rolls_back') : null
    if (undoes !== null && entry.request !== null) grouped(undoneBy, undoes, entry.request)
    if (entry.type === 'request.submitted' && entry.policy !== null) judgedBy.add(entry.policy)
  }
  return {
    earlier(one: Recorded, hash: Buffer): void {
      earlier += 1
      note(one, hash, one.entry.request === null || (isWhole && standingTypes.includes(one.entry.type)))
    },
    within(one: Recorded, hash: Buffer): void {
      entries += 1
      note(one, hash, one.entry.request === null)
    },
    all: () => ({ entries, earlier, workspace, undoneBy, loose, subjects, policies, judgedBy }),
  }
}

function grouped<T>(groups: Map<string, T[]>, name: string, one: T): void {
  const group = groups.get(name) ?? []
  groups.set(name, group)
  group.push(one)
}
