import { typesOfAlarms } from '../../src/approvals/ownAttempt.ts'
import type { StoreReader } from '../../src/approvals/ports.ts'
import { placeIn } from '../../src/ledger/place.ts'
import type { Tables } from './memoryTables.ts'

/** The name of the ledger of a store in memory. */
export const memoryOrigin = 'memory/ledger'

/** Everything is sealed at once here. */
export function placeReads(tables: Tables): Pick<StoreReader, 'placesOf' | 'placedRequest'> {
  return {
    placesOf: async (entries) => ({
      origin: memoryOrigin,
      indexes: new Map(
        tables.ledger.flatMap(({ id }, index) => (entries.includes(id) ? [[id, index] as const] : [])),
      ),
    }),
    placedRequest: async (id) => {
      const request = structuredClone(tables.requests.get(id))
      const told = tables.ledger.flatMap((entry, index) =>
        entry.request === id && !typesOfAlarms.includes(entry.type) ? [index] : [],
      )
      return request ? { ...request, place: placeIn(memoryOrigin, told) } : null
    },
  }
}
