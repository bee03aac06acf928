import type { CatalogueAction } from '../../policy/catalogue.ts'
import { isWithin, pathTo, stepsOf } from '../../policy/conditions/path.ts'
import type { Facts } from '../../policy/facts.ts'
import { sensitivities } from '../../policy/resources.ts'
import type { Clause } from '../logic/clause.ts'
import { passes } from '../logic/domain.ts'
import { testsOf } from '../logic/witness.ts'
import { isAbsent } from './openParams.ts'

/** A text that goes the way of the clause at a path, or what is said otherwise; null where none was thought of. */
export type Text = (path: string, otherwise: string) => string | null

/** What the inventory would have to say at `root` (`resource`, `resources.destination`) for the way of the clause; null: nothing can. */
export function resourceFactsFor(way: Clause, text: Text, root: string): Facts['resource'] | null {
  const optional = (name: string, otherwise: string): string | undefined => {
    const path = `${root}.${name}`
    return way.has(path) && !isAbsent(way, path) ? (text(path, otherwise) ?? undefined) : undefined
  }
  const sensitivity = [...sensitivities, 'unknown' as const].find((one) =>
    testsOf(way, `${root}.sensitivity`).every((test) => passes(one, test)),
  )
  if (sensitivity === undefined) return null
  const [owner, region] = [optional('owner', 'user:somebody'), optional('region', 'eu-central-1')]
  return {
    sensitivity,
    labels: labelsFor(way, text, root),
    ...(owner && { owner }),
    ...(region && { region }),
  }
}

function labelsFor(way: Clause, text: Text, root: string): Record<string, string> {
  const labels = `${root}.labels`
  const named = [...way.keys()].flatMap((path) => {
    const name = isWithin(path, labels) ? stepsOf(path).at(-1) : undefined
    return name !== undefined && !isAbsent(way, path) ? [[name, text(path, 'x') ?? 'x'] as const] : []
  })
  return Object.fromEntries(named)
}

/** The way once it says of the parameters that name other resources whether they are there: the two never differ. */
export function withNaming(way: Clause, known: CatalogueAction | undefined): Clause {
  const next = new Map(way)
  for (const [name, { from }] of known?.resources ?? []) {
    const root = pathTo('resources', name)
    if (![...way.keys()].some((path) => path === root || isWithin(path, root))) continue
    const path = pathTo('params', from.param)
    next.set(path, [...(next.get(path) ?? []), { is: isAbsent(way, root) ? 'absent' : 'present' }])
  }
  return next
}

/** What would be known of the other resources whose parameters are there; null where nothing can be as the way wants it. */
export function otherResourcesFor(
  way: Clause,
  { known, params, text }: { known: CatalogueAction | undefined; params: object; text: Text },
): Pick<Facts, 'resources'> | null {
  const facts: NonNullable<Facts['resources']> = {}
  for (const [name, { type, from }] of known?.resources ?? []) {
    if (!Object.hasOwn(params, from.param)) continue
    const said = resourceFactsFor(way, text, pathTo('resources', name))
    if (said === null) return null
    facts[name] = { type, ...said }
  }
  return Object.keys(facts).length === 0 ? {} : { resources: facts }
}
