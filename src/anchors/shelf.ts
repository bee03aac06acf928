import { isGeneration, levels, sizeDigits, sizeOf } from './layout.ts'

/** What stands at a place. */
export interface Place {
  /** Where it stands, for the operator; it ends as `placeOf` says. */
  readonly name: string
}

/** The folder of one ledger, as far as looking through it goes. What has another form than our folders and files is not among them. */
export interface Shelf<P extends Place> {
  /** The names of the folders that stand in a folder, in any order. `at`: the names that lead to it. */
  folders(at: readonly string[]): Promise<readonly string[]>
  /** The checkpoints that stand in a folder, in any order. */
  checkpoints(at: readonly string[]): Promise<readonly P[]>
}

/** Which checkpoints of a folder are looked for, and in which order. */
interface Wanted {
  /** For no more entries than that. */
  readonly upTo: number
  readonly first: 'newest' | 'oldest'
}

/** The latest first: a name that the ledger was given later. */
export async function generationsIn(shelf: Shelf<Place>): Promise<readonly string[]> {
  const found = await shelf.folders([])
  return found.filter(isGeneration).sort().reverse()
}

/** Those of every name, the newest first. */
export async function* newestFirst<P extends Place>(shelf: Shelf<P>, upTo: number): AsyncGenerator<P> {
  for (const generation of await generationsIn(shelf))
    yield* placesIn(shelf, generation, { upTo, first: 'newest' })
}

/** Those of one name, folder by folder: what is not asked for is not listed. */
export async function* placesIn<P extends Place>(
  shelf: Shelf<P>,
  generation: string,
  wanted: Wanted,
): AsyncGenerator<P> {
  yield* below(shelf, { at: [generation], digits: '' }, wanted)
}

async function* below<P extends Place>(
  shelf: Shelf<P>,
  { at, digits }: { readonly at: readonly string[]; readonly digits: string },
  wanted: Wanted,
): AsyncGenerator<P> {
  const width = levels[at.length - 1]
  if (width === undefined) {
    const places = await shelf.checkpoints(at)
    const its = places.filter(({ name }) => sizeOf(name) <= wanted.upTo)
    yield* its.sort((a, b) => inOrder(sizeOf(a.name), sizeOf(b.name), wanted))
    return
  }
  const folders = (await shelf.folders(at)).filter((name) => /^\d+$/.test(name) && name.length === width)
  for (const name of folders.sort((a, b) => inOrder(Number(a), Number(b), wanted)))
    if (Number(`${digits}${name}`.padEnd(sizeDigits, '0')) <= wanted.upTo)
      yield* below(shelf, { at: [...at, name], digits: `${digits}${name}` }, wanted)
}

function inOrder(one: number, other: number, { first }: Wanted): number {
  return first === 'newest' ? other - one : one - other
}

/**
 * So many at most, of each name the newest, the oldest, and some between, evenly by their entries. The folders that lead to them are
 * listed, and no others.
 */
export async function* evenlyIn<P extends Place>(shelf: Shelf<P>, most: number): AsyncGenerator<P> {
  const generations = await generationsIn(shelf)
  const each = Math.max(2, Math.floor(most / Math.max(1, generations.length)))
  for (const generation of generations.slice(0, most)) {
    const newest = await firstOf(
      placesIn(shelf, generation, { upTo: Number.POSITIVE_INFINITY, first: 'newest' }),
    )
    const oldest = await firstOf(
      placesIn(shelf, generation, { upTo: Number.POSITIVE_INFINITY, first: 'oldest' }),
    )
    if (!newest || !oldest) continue
    yield newest
    const [top, bottom] = [sizeOf(newest.name), sizeOf(oldest.name)]
    let last = top
    for (let nth = 1; nth < each; nth += 1) {
      const upTo = Math.min(top - Math.round(((top - bottom) * nth) / (each - 1)), last - 1)
      const place = await firstOf(placesIn(shelf, generation, { upTo, first: 'newest' }))
      if (!place) break
      last = sizeOf(place.name)
      yield place
    }
  }
}

async function firstOf<P>(places: AsyncGenerator<P>): Promise<P | null> {
  for await (const place of places) return place
  return null
}
