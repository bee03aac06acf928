import type { Newest, Reading } from '../approvals/ledger/anchors/anchor.ts'
import { mostStrange } from './layout.ts'

/** What stands at a place. `text` is null when it is too long to be a checkpoint; `strange` says what is wrong about it all the same. */
export interface AtPlace {
  readonly text: string | null
  readonly strange: string | null
}

/**
 * The newest that is looked for, of places that come newest first. What the ledger has not signed is passed over, and said: whoever can
 * put something there must not be able to hide what stands before it.
 */
export async function newestOf(
  places: AsyncIterable<string>,
  by: { readonly read: (place: string) => Promise<AtPlace>; readonly reading: Reading },
): Promise<Newest> {
  const strange: string[] = []
  for await (const place of places) {
    const { text, strange: wrong } = await by.read(place)
    if (wrong !== null) strange.push(wrong)
    const anchored = text === null ? null : await by.reading(text)
    if (anchored === 'another') continue
    if (anchored) return { anchored, strange: strange[0] ?? null }
    strange.push(`${place} is no checkpoint that this ledger has signed`)
    if (strange.length >= mostStrange) break
  }
  return { anchored: null, strange: strange[0] ?? null }
}
