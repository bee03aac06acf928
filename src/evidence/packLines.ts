import type { Recorded } from './recorded.ts'

/**
 * The values beside an entry as lines: index, id, name, salt and text, so that whoever has them computes the hash in the leaf; null
 * where the value was erased.
 */
export function valueLines({ index, entry, blobs, salts }: Recorded): string {
  return entry.blobs
    .map(({ name }) => {
      const [salt, text] = [salts[name] ?? null, blobs[name] ?? null]
      return `${JSON.stringify({ index, entry: entry.id, name, ...(text === null ? { erased: true } : { salt, text }) })}\n`
    })
    .join('')
}

/** What a pack keeps of the tree beside the leaves. `consistency` leads from the end of the period to the checkpoint. */
export interface PackTree {
  readonly from: number
  readonly to: number
  /** The whole subtrees of the entries before the period, the largest first; hashes in base64. */
  readonly start: {
    readonly root: string
    readonly subtrees: readonly { readonly leaves: number; readonly hash: string }[]
  }
  /** Null where the pack has only a part of the entries. */
  readonly end: { readonly root: string; readonly consistency: readonly string[] } | null
}

export function treeText(tree: PackTree): string {
  return `${JSON.stringify(tree, null, 2)}\n`
}
