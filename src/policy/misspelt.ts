import type { Action, Resource } from '../core/action.ts'
import type { Problem } from '../core/refusal.ts'
import { shortJson } from '../core/shortJson.ts'
import type { Bundle } from './bundle.ts'
import { glob } from './glob.ts'
import { almost, entryAlike, type KnownNames } from './names.ts'
import { namedResources } from './otherResources.ts'
import { lookUp } from './resources.ts'

/**
 * Where a request names something almost as the policy does, by case, by look or with characters that show nothing: what
 * is wrong there, and the name that it should be. Such a name would meet the rules for what nobody knows, and people would
 * take it for the other; so it is neither judged nor shown (threats: own-spelling). A name exactly as it is known is
 * nothing of that kind, and neither is one that resembles none. Pointers are those of an agent's request.
 */
export function misspellings({ catalogue, names, inventory }: Bundle, action: Action): readonly Problem[] {
  return [
    ...misspelt(names.actions, action.action, '/action'),
    ...misspeltResource({ names, inventory }, action.resource),
    ...misspelt(names.environments, action.environment, '/environment'),
    ...[...namedResources(catalogue.get(action.action), action).values()].flatMap(({ type, id, from }) =>
      id === null
        ? []
        : misspeltResource({ names, inventory }, { type, id }).map(({ detail }) => ({
            pointer: `/params/${from.param}`,
            detail,
          })),
    ),
  ]
}

function misspelt(names: KnownNames['actions'], name: string, pointer: string): readonly Problem[] {
  const meant = almost(names, name)
  return meant === null ? [] : [{ pointer, detail: says(meant, 'this policy knows') }]
}

function misspeltResource(
  { names, inventory }: Pick<Bundle, 'names' | 'inventory'>,
  resource: Resource,
): readonly Problem[] {
  const isKnown = inventory.exact.get(resource.type)?.has(resource.id)
  const meant = isKnown ? null : entryAlike(names.resources, resource)
  if (meant === null || meant === lookUp(inventory, resource)) return []
  const { type, id } = meant.match
  const where = 'the inventory of this policy has'
  return [
    ...(type === '*' || type === resource.type
      ? []
      : [{ pointer: '/resource/type', detail: says(type, where) }]),
    ...(glob(id).fits(resource.id) ? [] : [{ pointer: '/resource/id', detail: says(id, where) }]),
  ]
}

function says(meant: string, where: string): string {
  return `This is spelled almost like ${shortJson(meant, 200)}, which ${where}: use exactly that name. If something else is meant, its own name has to stand in the policy.`
}
