import type { Entry, EntryType } from './entry.ts'
import type { Wrong } from './wrong.ts'

/** Entries of what empties values beside entries: each says in `data.values` how many. */
export const emptyingTypes: readonly EntryType[] = ['record.erased', 'retention.applied']

/** Values beside entries that are empty, and how many of them entries account for. */
export interface Emptied {
  readonly values: number
  readonly said: number
}

/** How many values an entry says were emptied with it; 0 for all that empty none. */
export function saidEmptied({ type, data }: Pick<Entry, 'type' | 'data'>): number {
  const { values } = data
  return emptyingTypes.includes(type) && typeof values === 'number' ? values : 0
}

/** The same of the text of an entry, which is only parsed where it may be one of those. Whoever tampered with it is found elsewhere. */
export function saidEmptiedIn(text: string | null): number {
  if (text === null || !emptyingTypes.some((type) => text.includes(`"type":"${type}"`))) return 0
  return saidEmptied(JSON.parse(text) as Entry) // it was sealed with the hash of an entry
}

/**
 * As many values are empty as the entries about it say: whoever empties one without its entry is found by the sum. `most`: with
 * what was emptied while this was read.
 */
export function wrongEmptied({ values, said }: Emptied, most = said): Wrong | null {
  if (values >= said && values <= most) return null
  return {
    index: null,
    entry: null,
    what:
      values > most
        ? 'Values were emptied that no entry about an erasure or about retention accounts for.'
        : 'Entries say that more values were emptied than are empty.',
    expected: `${values > most ? most : said} emptied values`,
    stands: String(values),
  }
}
