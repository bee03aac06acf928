import { conditionsOf, type Rule } from './bundle.ts'
import type { CatalogueAction } from './catalogue.ts'
import { isWithin, pathTo } from './conditions/path.ts'

/**
 * The sensitive parameters of an action that stay hidden from people: those that no rule about it reads in any of its conditions. What
 * decides the matter is shown, or people would decide blind (threats: secrets); and a rule that does not apply because of a value has decided
 * by it, too.
 */
export function hiddenParams(known: CatalogueAction, rules: readonly Rule[]): readonly string[] {
  if (known.params === 'open') return []
  const sensitive = [...known.params].flatMap(([name, { sensitive }]) => (sensitive ? [name] : []))
  if (sensitive.length === 0) return []
  const conditions = rules.flatMap(conditionsOf).map(({ compiled }) => [...compiled.refs])
  return sensitive.filter((name) => !conditions.some((refs) => reads(refs, pathTo('params', name))))
}

/** Whoever reads `params` and no field of it may look at all of them. */
function reads(refs: readonly string[], path: string): boolean {
  const fields = refs.filter((one) => isWithin(one, 'params'))
  if (fields.length === 0) return refs.includes('params')
  return fields.some((one) => one === path || isWithin(one, path))
}
