import type { JsonObject } from '../core/json.ts'
import { controls } from './controls/all.ts'
import { measures } from './measures.ts'
import { standingTypes, tables } from './tables.ts'
import { algorithm, controlFacts, named, sampled } from './tally.ts'

/**
 * How tables, numbers and controls are made of the leaves, for whoever makes them again: docs/audit.md says how it is read. verify.py has
 * the hash of its text, so that a pack cannot choose what is asked of it.
 */
function definitions(): JsonObject {
  const sampling = { algorithm, sampled, named }
  const all = { standing: standingTypes, measures, tables, sampling, controls: controls.map(controlFacts) }
  return JSON.parse(JSON.stringify(all)) as JsonObject // it is data
}

/** As it stands in a pack. */
export function definitionsText(): string {
  return `${JSON.stringify(definitions(), null, 2)}\n`
}
