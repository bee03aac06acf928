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
  return sensitive.filter((name) => !conditions.some((refs) => reads(refs, name)))
}

/** By its facts, too: what was read of a value shows the value. */
function reads(refs: readonly string[], name: string): boolean {
  return readsOf(refs, 'params', name) || readsOf(refs, 'read', name)
}

/** Whoever reads `params` and no field of it may look at all of them. */
function readsOf(refs: readonly string[], root: 'params' | 'read', name: string): boolean {
  const path = pathTo(root, name)
  const fields = refs.filter((one) => isWithin(one, root))
  if (fields.length === 0) return refs.includes(root)
  return fields.some((one) => one === path || isWithin(one, path))
}
