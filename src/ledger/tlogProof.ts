import { hashBytes } from './hashes.ts'

/** That one leaf stands in the tree of a checkpoint: all that somebody needs who keeps nothing but the entry. */
export interface TlogProof {
  readonly index: number
  readonly path: readonly Buffer[]
  /** Verbatim. */
  readonly checkpoint: string
}

const firstLine = 'c2sp.org/tlog-proof@v1'

/** As a file (c2sp.org/tlog-proof). */
export function tlogProofText({ index, path, checkpoint }: TlogProof): string {
  const hashes = path.map((hash) => `${hash.toString('base64')}\n`)
  return `${firstLine}\nindex ${index}\n${hashes.join('')}\n${checkpoint}`
}

/** A proof of such a file, or null when it is none. Nothing is verified by that. */
export function readTlogProof(text: string): TlogProof | null {
  const end = text.indexOf('\n\n')
  if (end < 0) return null
  const [first, ...lines] = text.slice(0, end).split('\n')
  const [line, ...hashes] = lines[0]?.startsWith('extra ') ? lines.slice(1) : lines
  const [, digits] = /^index (0|[1-9]\d{0,15})$/.exec(line ?? '') ?? []
  const path = hashes.map((hash) => Buffer.from(hash, 'base64'))
  const sound = path.every((hash, at) => hash.length === hashBytes && hash.toString('base64') === hashes[at])
  if (first !== firstLine || digits === undefined || !sound) return null
  return { index: Number(digits), path, checkpoint: text.slice(end + 2) }
}
