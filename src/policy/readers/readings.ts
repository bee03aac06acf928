import type { Json, JsonObject } from '../../core/json.ts'
import type { CatalogueAction, Param } from '../catalogue.ts'
import type { Reading, ReadingContext } from './reader.ts'
import { readers } from './readers.ts'

/** What each parameter that declares `reads` was read as, by its name. */
export type Readings = ReadonlyMap<string, Reading>

/** What was read before the request was judged, by parameter. */
type WithEarlier = ReadingContext & { readonly earlier: Readonly<Record<string, Reading>> }

/**
 * Reads every parameter of an action that declares it. One that is not there was not understood, so that no rule goes by
 * the facts of nothing.
 */
export function readingsOf(
  declared: CatalogueAction['params'],
  params: JsonObject,
  context: WithEarlier,
): Readings {
  if (declared === 'open') return new Map()
  return new Map([...declared].flatMap(([name, param]) => readingOf(name, param, { params, context })))
}

/** The same of one of them; nothing where it does not declare it. */
export function readingOf(
  name: string,
  { reads, roots = [], service, arguments: called, verb, verbFrom, dryRun }: Param,
  { params, context }: { readonly params: JsonObject; readonly context: WithEarlier },
): readonly (readonly [string, Reading])[] {
  if (reads === undefined) return []
  const value = given(params, name)
  if (value === null) return [[name, notGiven]]
  const earlier = (Object.hasOwn(context.earlier, name) ? context.earlier[name] : null) ?? null
  const named = (other: string | undefined): Json => (other === undefined ? null : given(params, other))
  const beside = {
    earlier,
    roots,
    service: named(service),
    given: named(called),
    verb: verb ?? named(verbFrom),
    dryRun: named(dryRun),
  }
  return [[name, readers[reads].read(value, context, beside)]]
}

/** Of a parameter that the request leaves out: there is nothing to understand. */
export const notGiven: Reading = { understood: false, why: 'It was not given.' }

function given(params: JsonObject, name: string): Json {
  return (Object.hasOwn(params, name) ? params[name] : null) ?? null
}
