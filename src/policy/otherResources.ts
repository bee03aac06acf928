import type { Action } from '../core/action.ts'
import type { Json } from '../core/json.ts'
import type { CatalogueAction, OtherResource } from './catalogue.ts'
import { readingOf } from './readers/readings.ts'
import { noCommands } from './readers/shell/commandCatalogue.ts'

/** What a parameter names. `id` is null where it names nothing that could be looked up. */
export interface NamedResource extends OtherResource {
  readonly id: string | null
}

/** As long as the id of the resource that a request is about. */
const longest = 1_024

/**
 * The other resources that an action names, by the names of the catalogue. One whose parameter was left out is not there. One
 * that was not understood, is empty or too long is there all the same, and nothing is known about it: otherwise a value that
 * nobody can read would be judged like none.
 */
export function namedResources(
  known: CatalogueAction | undefined,
  { params }: Action,
): ReadonlyMap<string, NamedResource> {
  if (known?.resources === undefined) return new Map()
  return new Map(
    [...known.resources].flatMap(([name, resource]) => {
      const { param } = resource.from
      const value = (Object.hasOwn(params, param) ? params[param] : null) ?? null
      if (value === null) return []
      const said = resource.from.fact === null ? value : factOf(known.params, { params, ...resource.from })
      const isName = typeof said === 'string' && said !== '' && said.length <= longest
      return [[name, { ...resource, id: isName ? said : null }] as const]
    }),
  )
}

/** The readers whose facts can name a resource go by nothing but the value. */
function factOf(
  declared: CatalogueAction['params'],
  { params, param, fact }: Pick<Action, 'params'> & OtherResource['from'],
): Json {
  const known = declared === 'open' ? undefined : declared.get(param)
  const context = { agent: null, commands: noCommands, earlier: {} }
  const [read] = known ? readingOf(param, known, { params, context }) : []
  return (read?.[1].understood && fact !== null ? read[1].facts[fact] : null) ?? null
}
