import type { Resource } from '../core/action.ts'
import { didYouMean } from '../core/nearest.ts'
import { shortJson } from '../core/shortJson.ts'
import type { Bundle } from './bundle.ts'
import type { Facts } from './facts.ts'
import type { Path } from './format/source.ts'
import { almost } from './names.ts'
import type { Fault } from './problem.ts'
import { lookUp } from './resources.ts'

/**
 * Why a request is not about the environment that it names, as a sentence for the agent; null when it may be. Which
 * environments there are, and which of them a resource is in, only the operator says (docs/policy.md#resourcesyaml): otherwise an
 * agent would choose the rules it meets by what it calls the place. Where the operator says neither, its word stands.
 */
export function misplaced(
  { environments, names }: Pick<Bundle, 'environments' | 'names'>,
  { environment, resource }: Facts,
): string | null {
  const { environment: place = environment } = resource
  if (environments !== null && !environments.includes(environment)) {
    const meant = almost(names.environments, environment)
    const hint = meant === null ? '' : ` Did you mean "${meant}"?`
    return `There is no environment ${quoted(environment)} in this policy. Known: ${environments.join(', ')}.${hint}`
  }
  if (place === environment) return null
  return `The inventory of this policy says that this resource is in ${quoted(place)}, not in ${quoted(environment)}.`
}

/** A fault where a file of the bundle names an environment that the list does not have; without a list, every name is one. */
export function environmentFaults(
  name: string,
  environments: readonly string[] | undefined,
  path: Path,
): readonly Fault[] {
  if (environments === undefined || environments.includes(name)) return []
  const hint = didYouMean(name, environments) || ` Known: ${environments.join(', ')}.`
  const message = `"${name}" is not in \`environments\` of bundle.yaml, so no request could name it.${hint}`
  return [{ path, code: 'match/unknown-environment', message }]
}

/**
 * Where something happens that Countersign does itself, such as a change of the policy: where the inventory says that
 * the resource is; otherwise in prod; otherwise, where the list has no prod, in the last of the list by name, so that the
 * order of the list has no meaning. Never a place that the bundle would refuse.
 */
export function environmentOf({ environments, inventory }: Bundle, resource: Resource): string {
  const known = lookUp(inventory, resource).environment
  if (known !== null) return known
  return environments === null || environments.includes('prod')
    ? 'prod'
    : ([...environments].sort().at(-1) ?? 'prod')
}

/** Some of it is the agent's word: short, and without a character that could draw on a terminal. */
function quoted(name: string): string {
  return shortJson(name, 100)
}
