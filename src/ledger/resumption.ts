import { isObject } from '../core/json.ts'
import { readCheckpoint } from './checkpoint.ts'
import type { Entry } from './entry.ts'
import type { KeptCheckpoint } from './keptHeads.ts'
import { isSignedBy, type NoteKey } from './note.ts'
import { canBeFirst, generationOf } from './origins.ts'
import type { Wrong } from './wrong.ts'

/** An entry `ledger.resumed`: the ledger goes on from a database that was older than what had left the house. */
export interface Resumption {
  readonly index: number
  readonly entry: string
  /** RFC 3339. */
  readonly at: string
  /** The person who gave the command, and the one who decided it. */
  readonly by: string
  readonly second: string
  /** The name that the ledger has from this entry on, and the one that it had. */
  readonly origin: string
  readonly before: string
  /** How many entries the database had: the index of this entry. */
  readonly size: number
  /** So many of them are certainly those that had left the house. */
  readonly shared: number
  /** The newest checkpoint that had left the house, and where it stood. */
  readonly anchored: {
    readonly anchor: string
    readonly origin: string
    readonly size: number
    readonly checkpoint: string
  }
}

/** Cheap where the entry is another, which nearly all are. */
const looksResumed = '"type":"ledger.resumed"'

/** The resumption that an entry is; null when it is none. What does not have the form of one is none: then its name has no entry. */
export function resumptionIn(one: {
  readonly index: number
  readonly entry: string
  readonly text: string | null
}): Resumption | null {
  if (!one.text?.includes(looksResumed)) return null
  const { type, ts, actor, data } = JSON.parse(one.text) as Entry // a leaf, whose text was verified
  if (type !== 'ledger.resumed') return null
  const { origin, before, size, shared, second, anchored } = data
  const said = isObject(anchored) ? anchored : null
  if (said === null || !isText(origin, before, second, said.anchor, said.origin, said.checkpoint)) return null
  if (!isCount(size, shared, said.size)) return null
  return {
    ...{ index: one.index, entry: one.entry, at: ts, by: actor.id, second: String(second) },
    ...{ origin: String(origin), before: String(before), size: Number(size), shared: Number(shared) },
    anchored: {
      anchor: String(said.anchor),
      origin: String(said.origin),
      size: Number(said.size),
      checkpoint: String(said.checkpoint),
    },
  }
}

function isText(...values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === 'string')
}

function isCount(...values: readonly unknown[]): boolean {
  return values.every((value) => Number.isSafeInteger(value) && Number(value) >= 0)
}

/** The name that a ledger began with, by what its entries say. */
function firstName(resumptions: readonly Resumption[], key: NoteKey): string {
  return resumptions[0]?.before ?? key.name
}

/** Every name that it had, the first one first: all of them have one key. */
export function namesOf(resumptions: readonly Resumption[], key: NoteKey): readonly string[] {
  return [firstName(resumptions, key), ...resumptions.map(({ origin }) => origin)]
}

/** Each change of the name has its entry, at its index and with the checkpoint that had left the house; the last gave it its name. */
export function wrongNames(resumptions: readonly Resumption[], key: NoteKey): Wrong | null {
  const first = firstName(resumptions, key)
  if (!canBeFirst(first))
    return {
      index: null,
      entry: null,
      what: 'The ledger has a later name, and no entry gave it that name.',
      expected: 'an entry ledger.resumed for each later name',
      stands: `none for ${first}`,
    }
  let name = first
  for (const { index, entry, before, origin, size } of resumptions) {
    const isNext = (generationOf({ first }, origin) ?? 0) > (generationOf({ first }, before) ?? 0)
    if (before !== name || !isNext || size !== index)
      return {
        index,
        entry,
        what: 'An entry that gives the ledger another name does not fit where it stands.',
        expected: `from ${name}, at index ${size}`,
        stands: `from ${before} to ${origin}, at index ${index}`,
      }
    name = origin
  }
  const unfounded = resumptions.find((one) => !isFounded(one, { first, publicKey: key.publicKey }))
  if (unfounded)
    return {
      ...{ index: unfounded.index, entry: unfounded.entry },
      what: 'An entry that gives the ledger another name does not say from which checkpoint, so nobody had cause to.',
      expected: `a checkpoint that this ledger signed for more than the ${unfounded.shared} entries that are certainly the same`,
      stands: `${unfounded.anchored.size} entries of ${unfounded.anchored.origin}: ${JSON.stringify(unfounded.anchored.checkpoint)}`,
    }
  if (name === key.name) return null
  return {
    index: null,
    entry: null,
    what: 'The ledger has another name than its entries give it.',
    expected: name,
    stands: key.name,
  }
}

/** What a ledger says when it goes on has the checkpoint with it that had left the house, as the ledger itself had signed it. */
function isFounded(
  { before, shared, anchored }: Resumption,
  { first, publicKey }: { readonly first: string; readonly publicKey: Buffer },
): boolean {
  const signed = readCheckpoint(anchored.checkpoint)
  if (signed?.origin !== anchored.origin || signed.size !== anchored.size) return false
  if (!isSignedBy(signed.note, { name: signed.origin, publicKey })) return false
  return isBeyond(anchored, { first, before, shared })
}

/** Whether a ledger lacks what a checkpoint was signed for: it has a later name, or the same and more entries than are certainly the same. */
export function isBeyond(
  left: { readonly origin: string; readonly size: number },
  here: { readonly first: string; readonly before: string; readonly shared: number },
): boolean {
  const [its, ours] = [left.origin, here.before].map((origin) => generationOf(here, origin) ?? -1)
  if (its === undefined || ours === undefined || its < 0) return false
  return its > ours || (its === ours && left.size > here.shared)
}

/** What a checkpoint that was kept elsewhere is held against. */
interface HeldAgainst {
  readonly resumptions: readonly Resumption[]
  readonly key: NoteKey
  /** That the tree had at its size; undefined where it never had so many entries. */
  readonly root: Buffer | undefined
}

/**
 * Whether a checkpoint that was kept elsewhere is of what was lost when the ledger went on from a backup: signed under an earlier name,
 * for more entries than those that are certainly the same, and for no more than the checkpoint that the entry names. The ledger says so
 * itself, for good. Whatever else does not fit was rewritten.
 */
export function isLost(kept: KeptCheckpoint, against: HeldAgainst): boolean {
  const gap = gapOf(kept, against)
  return gap !== null && isNamed(kept, gap)
}

/** A checkpoint of an earlier name that its gap does not account for: whoever made the gap did not say that so much was lost. */
export function wrongBeyond(kept: KeptCheckpoint, against: HeldAgainst): Wrong | null {
  const gap = gapOf(kept, against)
  if (gap === null || isNamed(kept, gap)) return null
  const { from, checkpoint } = kept
  const { index, entry, origin, anchored } = gap
  return {
    ...{ index, entry },
    what: `${from} does not fit, and the gap does not explain it: when the ledger went on as ${origin}, the newest checkpoint that had left the house was another.`,
    expected: `at most the checkpoint of ${anchored.origin} with ${anchored.size} entries that ${anchored.anchor} had`,
    stands: `one of ${checkpoint.origin} with ${checkpoint.size} entries and the root ${checkpoint.root.toString('hex')}`,
  }
}

/** Whether it is for more entries than the ledger had when the name that signed it ended: no tree of it has them. */
export function isPastItsName(kept: KeptCheckpoint, against: Omit<HeldAgainst, 'root'>): boolean {
  const gap = gapOf(kept, { ...against, root: undefined })
  return gap !== null && kept.checkpoint.size > gap.size
}

/** Where the name of a checkpoint ended, when it is for more than what is certainly the same and the tree does not lead through it. */
function gapOf({ checkpoint }: KeptCheckpoint, { resumptions, key, root }: HeldAgainst): Resumption | null {
  const first = firstName(resumptions, key)
  if (generationOf({ first }, checkpoint.origin) === null) return null
  const after = gapAfter({ checkpoint }, resumptions)
  if (!after || checkpoint.size <= after.shared) return null
  return checkpoint.size <= after.size && root?.equals(checkpoint.root) ? null : after
}

/** Where the name of a checkpoint ended; null where the ledger still has it. */
export function gapAfter(
  { checkpoint }: Pick<KeptCheckpoint, 'checkpoint'>,
  resumptions: readonly Resumption[],
): Resumption | null {
  const first = resumptions[0]?.before ?? checkpoint.origin
  const generation = (origin: string) => generationOf({ first }, origin) ?? 0
  return resumptions.find(({ origin }) => generation(origin) > generation(checkpoint.origin)) ?? null
}

/** The one that its entry names, or one for fewer entries. */
function isNamed({ checkpoint }: KeptCheckpoint, { anchored }: Resumption): boolean {
  const { size, origin, root } = checkpoint
  if (size !== anchored.size) return size < anchored.size
  return origin !== anchored.origin || (readCheckpoint(anchored.checkpoint)?.root.equals(root) ?? false)
}

/** A checkpoint that was kept elsewhere has to be this ledger's, under the name that it has or one that it had. */
export function wrongGeneration(
  { from, checkpoint }: KeptCheckpoint,
  resumptions: readonly Resumption[],
  key: NoteKey,
): Wrong | null {
  const first = firstName(resumptions, key)
  const [its, ours] = [checkpoint.origin, key.name].map((origin) => generationOf({ first }, origin))
  const wrong = { index: null, entry: null, expected: checkpoint.origin, stands: key.name }
  if (its === null || its === undefined) return { ...wrong, what: `${from} is of another ledger.` }
  if (its <= (ours ?? 0)) return null
  return {
    ...wrong,
    what: `${from} was signed under a later name of this ledger: the database is older than it.`,
  }
}
