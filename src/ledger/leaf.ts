/**
 * Where the last object of an entry begins: a text without it becomes no leaf. Inside a JSON text no bare quote stands, so it cannot be
 * part of a value.
 */
export const afterSeq = ',"subject":{'

/**
 * The leaf of an entry: its RFC 8785 text with `seq`, the index, in its place between `request` and `subject`.
 *
 * @throws RangeError when the text is not that of an entry, or the index is no number of a leaf
 */
export function leafText(entryText: string, index: number): string {
  if (!Number.isSafeInteger(index) || index < 0) throw new RangeError(`${index} is not the index of a leaf`)
  const at = entryText.lastIndexOf(afterSeq)
  if (at < 0) throw new RangeError('a text without a subject is not that of an entry')
  return `${entryText.slice(0, at)},"seq":${index}${entryText.slice(at)}`
}

/** The text of the entry whose leaf with this index this is, or null when it is none. */
export function textOfLeaf(leaf: string, index: number): string | null {
  const at = leaf.lastIndexOf(afterSeq)
  const seq = `,"seq":${index}`
  return at >= seq.length && leaf.slice(at - seq.length, at) === seq
    ? leaf.slice(0, at - seq.length) + leaf.slice(at)
    : null
}
