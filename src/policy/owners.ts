import { didYouMean } from '../core/nearest.ts'
import type { CatalogueAction } from './catalogue.ts'
import type { RequireShape } from './format/demandSchema.ts'
import type { Path } from './format/source.ts'
import type { Fault } from './problem.ts'

/** Of a source as policy writes it: whether it is the owner of the resource (null), or of another one (its name in the catalogue). */
export interface OwnerOf {
  readonly resource: string | null
}

/** Null where the source is somebody of the directory. */
export function ownerIn(source: string): OwnerOf | null {
  if (source === 'owner') return { resource: null }
  const [, resource] = /^owner\((.+)\)$/.exec(source) ?? []
  return resource === undefined ? null : { resource }
}

/**
 * Legs that ask the owner of a resource which not every action names: it would be nobody, and nothing could be approved.
 * `actions` are those that the rule can match; null for the defaults, which are asked about every action.
 */
export function unownedLegs(
  approvals: NonNullable<RequireShape['approvals']>,
  actions: readonly (readonly [string, CatalogueAction])[] | null,
  at: Path,
): readonly Fault[] {
  return approvals.flatMap(({ from }, leg) =>
    from.flatMap((source, nth): readonly Fault[] => {
      const name = ownerIn(source)?.resource ?? null
      if (name === null) return []
      const message = wrongOwner(name, actions)
      const path = [...at, 'approvals', leg, 'from', nth]
      return message === null ? [] : [{ path, code: 'require/unknown-resource', message }]
    }),
  )
}

function wrongOwner(name: string, actions: Parameters<typeof unownedLegs>[1]): string | null {
  if (actions === null)
    return `The defaults are asked about every action, and not every one names the resource "${name}": write the leg into rules.`
  const without = actions.find(([, { resources }]) => !resources?.has(name))
  if (without === undefined) return null
  const [action, { resources }] = without
  const names = [...(resources?.keys() ?? [])]
  const hint =
    didYouMean(name, names) || ' Declare it there under `resources`, or narrow the rule to actions that do.'
  return `The action ${action} names no resource "${name}" in actions.yaml.${hint}`
}

/** What the inventory says about the resource of a request, and about the others that its parameters name. */
export interface Owned {
  readonly resource: { readonly owner?: string }
  readonly resources?: Readonly<Record<string, { readonly owner?: string }>>
}

/** Whom a source of policy leads to, by a name of the directory; null where the resource has no owner, or is not there. */
export function namedBy(source: string, { resource, resources = {} }: Owned): string | null {
  const of = ownerIn(source)
  if (of === null) return source
  if (of.resource === null) return resource.owner ?? null
  return (Object.hasOwn(resources, of.resource) ? resources[of.resource]?.owner : null) ?? null
}
