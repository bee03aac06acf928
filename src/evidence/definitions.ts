import type { JsonObject } from '../core/json.ts'
import { measures } from './measures.ts'
import { standingTypes, tables } from './tables.ts'

/** How tables and numbers are made of the leaves, for whoever makes them again: docs/audit.md says how it is read. */
export function definitions(): JsonObject {
  return JSON.parse(JSON.stringify({ standing: standingTypes, measures, tables })) as JsonObject // it is data
}
