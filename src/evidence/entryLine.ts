import type { Recorded } from './recorded.ts'

/**
 * An entry as one line of JSON: the leaf itself, of which anybody computes the hash that the tree has. With values, they are one more
 * member at its end, `values`: without it, it is the leaf again. Null: a value that was erased.
 */
export function entryLine(
  { leaf, blobs }: Pick<Recorded, 'leaf' | 'blobs'>,
  { values }: { readonly values: boolean },
): string {
  return values ? `${leaf.slice(0, -1)},"values":${JSON.stringify(blobs)}}` : leaf
}
