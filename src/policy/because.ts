import type { JsonObject } from '../core/json.ts'
import type { Rule } from './bundle.ts'
import type { Bindings } from './conditions/engine.ts'

/** Rules whose values are kept. */
const most = 10

/**
 * For each rule that decided, the comparisons that made it apply, with their values: `params.rows` 250000 `>=` 100000.
 * A rule without a condition applies to whatever it matches, and one that could not be followed has none.
 */
export function becauseOf(rules: readonly Rule[], bindings: () => Bindings): readonly JsonObject[] {
  return rules.slice(0, most).flatMap(({ id, when, unless }) => {
    const comparisons = [
      ...(when?.compiled.comparisons(bindings(), true) ?? []),
      ...(unless?.compiled.comparisons(bindings(), false) ?? []),
    ]
    return comparisons.length > 0 ? [{ rule: id, comparisons: comparisons.map((one) => ({ ...one })) }] : []
  })
}
