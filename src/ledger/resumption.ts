import { z } from 'zod'
import type { KeptCheckpoint } from './keptHeads.ts'
import type { NoteKey } from './note.ts'
import { generationOf } from './origins.ts'
import type { Wrong } from './wrong.ts'

/** What an entry `ledger.resumed` says: the ledger goes on from a database that was older than what had left the house. */
export const resumedSchema = z.object({
  /** The name that the ledger has from this entry on, and the one that it had. */
  origin: z.string(),
  before: z.string(),
  /** How many entries the database had: the index of this entry. */
  size: z.number().int().min(0),
  /** So many of them are certainly those that had left the house. */
  shared: z.number().int().min(0),
  /** The newest checkpoint that had left the house, where it stood, and what it says. */
  anchored: z.object({
    anchor: z.string(),
    origin: z.string(),
    size: z.number().int().min(0),
    checkpoint: z.string(),
  }),
  /** The person who decided it beside the one who gave the command. */
  second: z.string(),
})

export interface Resumption extends z.infer<typeof resumedSchema> {
  readonly index: number
  readonly entry: string
  /** RFC 3339. */
  readonly at: string
  /** The person who gave the command. */
  readonly by: string
}

/** Cheap where the entry is another, which nearly all are. */
const looksResumed = '"type":"ledger.resumed"'

/** The resumption that an entry is; null when it is none. */
export function resumptionIn(one: {
  readonly index: number
  readonly entry: string
  readonly text: string | null
}): Resumption | null {
  if (!one.text?.includes(looksResumed)) return null
  const entry: unknown = JSON.parse(one.text)
  const read = resumedEntry.safeParse(entry)
  if (!read.success) return null
  const { ts, actor, data } = read.data
  return { ...data, index: one.index, entry: one.entry, at: ts, by: actor.id }
}

const resumedEntry = z.object({
  type: z.literal('ledger.resumed'),
  ts: z.string(),
  actor: z.object({ id: z.string() }),
  data: resumedSchema,
})

/** The name that a ledger began with, by what its entries say. */
export function firstName(resumptions: readonly Resumption[], key: NoteKey): string {
  return resumptions[0]?.before ?? key.name
}

/** Each change of the name has its entry, at its index, and the last one gave it the name that it has. */
export function wrongNames(resumptions: readonly Resumption[], key: NoteKey): Wrong | null {
  const first = firstName(resumptions, key)
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
  if (name === key.name) return null
  return {
    index: null,
    entry: null,
    what: 'The ledger has another name than its entries give it.',
    expected: name,
    stands: key.name,
  }
}

/**
 * Whether a checkpoint that was kept elsewhere is of what was lost when the ledger went on from a backup: signed under an earlier name,
 * for more entries than those that are certainly the same. The ledger says so itself, for good.
 *
 * @param root that the tree had at its size; undefined where it never had so many entries
 */
export function isLost(
  { checkpoint }: KeptCheckpoint,
  {
    resumptions,
    key,
    root,
  }: {
    readonly resumptions: readonly Resumption[]
    readonly key: NoteKey
    readonly root: Buffer | undefined
  },
): boolean {
  const first = firstName(resumptions, key)
  const generation = generationOf({ first }, checkpoint.origin)
  if (generation === null) return false
  const after = resumptions.find(({ origin }) => (generationOf({ first }, origin) ?? 0) > generation)
  if (!after || checkpoint.size <= after.shared) return false
  return !(checkpoint.size <= after.size && root?.equals(checkpoint.root))
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
