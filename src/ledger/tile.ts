/** Hashes, or entries, in a full tile (c2sp.org/tlog-tiles). */
export const tileWidth = 256

/** A piece of the tree: `width` hashes of one level, or as many leaves. Level 0 has the leaves; each next one has a hash for 256 of those below. */
export interface Tile {
  readonly level: number | 'entries'
  readonly n: number
  /** 1 to 256. */
  readonly width: number
}

/** How many levels a tree can have whose leaves are counted exactly. */
const mostLevels = 7

/** Where a tile stands, below the address of the log: `tile/0/x001/067.p/8`. */
export function tilePath({ level, n, width }: Tile): string {
  const groups = [String(n % 1_000).padStart(3, '0')]
  for (let rest = Math.floor(n / 1_000); rest > 0; rest = Math.floor(rest / 1_000))
    groups.unshift(`x${String(rest % 1_000).padStart(3, '0')}`)
  return `tile/${level}/${groups.join('/')}${width === tileWidth ? '' : `.p/${width}`}`
}

/** The tile of a path, or null when it is not written exactly as above. */
export function tileAt(path: string): Tile | null {
  const [, at, numbers, partial] =
    /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path) ?? []
  if (at === undefined || numbers === undefined) return null
  const tile: Tile = {
    level: at === 'entries' ? at : Number(at),
    n: Number(numbers.replaceAll(/[x/]/g, '')),
    width: partial === undefined ? tileWidth : Number(partial),
  }
  return tile.width >= 1 && Number.isSafeInteger(tile.n) && tilePath(tile) === path ? tile : null
}

/** How many hashes a level of a tree of this size has. */
export function hashesOf(level: number, size: number): number {
  return Math.floor(size / tileWidth ** level)
}

/** Whether a tree of this size has all of the tile. */
export function hasTile({ level, n, width }: Tile, size: number): boolean {
  return n * tileWidth + width <= hashesOf(level === 'entries' ? 0 : level, size)
}

/** The last tile of each level that is not full, level 0 first; a level whose tiles are all full has one of width 0. */
export function edgeOf(size: number): readonly (Tile & { readonly level: number })[] {
  const levels = []
  for (let level = 0; level < mostLevels && hashesOf(level, size) > 0; level += 1) {
    const hashes = hashesOf(level, size)
    levels.push({ level, n: Math.floor(hashes / tileWidth), width: hashes % tileWidth })
  }
  return levels
}

/** C2SP entry bundles: each entry with its length before it, in two bytes. */
export function bundleOf(leaves: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    leaves.flatMap((leaf) => {
      const length = Buffer.alloc(2)
      length.writeUInt16BE(leaf.length)
      return [length, leaf]
    }),
  )
}

/** The leaves of a bundle. @throws RangeError when it does not end where its last entry does */
export function leavesOf(bundle: Buffer): readonly Buffer[] {
  const leaves = []
  for (let at = 0; at < bundle.length; ) {
    const from = at + 2
    at = from + bundle.readUInt16BE(at)
    if (at > bundle.length) throw new RangeError('an entry bundle ends inside an entry')
    leaves.push(bundle.subarray(from, at))
  }
  return leaves
}
