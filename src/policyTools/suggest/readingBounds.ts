import type { Json, JsonObject } from '../../core/json.ts'
import type { ReaderName } from '../../policy/catalogue.ts'
import { pathTo } from '../../policy/conditions/path.ts'
import { readers } from '../../policy/readers/readers.ts'
import { distinct, extremes, listed, literal, mostValues } from './dimension.ts'

/** Facts that may be anything where the others are as they were: the name before the @, the last step of a path. */
const free: Partial<Record<ReaderName, readonly string[]>> = {
  email: ['local'],
  emails: ['addresses'],
  path: ['name'],
}

/** Facts that are steps of a path: bound by the directory that all of them are in. */
const steps: Partial<Record<ReaderName, string>> = { url: 'path', path: 'path' }

/**
 * What holds of what was read of a parameter, for one with more values than a rule lists; null where its facts differ as much. A
 * command or a statement that changes something, or may, is never bound so: which words it takes, and what it writes or passes to a
 * function that nobody knows, its facts do not say.
 */
export function readingBounds(
  name: string,
  reader: ReaderName,
  facts: readonly JsonObject[],
): readonly string[] | null {
  if (facts.some((one) => changes(reader, one))) return null
  const path = pathTo('read', name)
  const declared = Object.keys(readers[reader].facts).filter(
    (fact) => !free[reader]?.includes(fact.replace('?', '')),
  )
  const conditions: string[] = []
  for (const fact of declared) {
    const bare = fact.replace('?', '')
    const one = ofFact(
      pathTo(path, bare),
      facts.map((all) => all[bare] ?? null),
      steps[reader] === bare,
    )
    if (one === null) return null
    conditions.push(...one)
  }
  return conditions
}

function changes(reader: ReaderName, { tier, kind, writes, unreviewed, locks }: JsonObject): boolean {
  // A SELECT writes by `with` and by INTO, and a function may do anything.
  if (reader === 'sql') return kind !== 'select' || !isEmpty(writes) || !isEmpty(unreviewed) || locks === true
  return (reader === 'shell' || reader === 'argv') && (tier === 'change' || tier === 'destroy')
}

function isEmpty(list: Json | undefined): boolean {
  return Array.isArray(list) && list.length === 0
}

function ofFact(path: string, values: readonly Json[], isPath: boolean): readonly string[] | null {
  const there = values.filter((value) => value !== null)
  const [first] = there
  if (first === undefined) return [`!has(${path})`]
  const held = ofValues(path, there, isPath)
  if (held === null || there.length === values.length) return held
  return [`(!has(${path}) || ${held.join(' && ') || 'true'})`]
}

function ofValues(path: string, there: readonly Json[], isPath: boolean): readonly string[] | null {
  const different = distinct(there)
  const [only] = different
  if (only !== undefined && different.length === 1) return [equal(path, only)]
  if (different.every((value) => typeof value === 'boolean')) return []
  if (different.every((value) => typeof value === 'number')) {
    const [least, most] = extremes(different)
    return [`${path} >= ${least} && ${path} <= ${most}`]
  }
  if (different.every((value) => typeof value === 'string')) {
    if (different.length <= mostValues) return [`${path} in ${listed(different)}`]
    const directory = isPath ? commonDirectory(different) : null
    return directory === null ? null : [`${path}.startsWith(${literal(directory)})`]
  }
  const items = distinct(different.flatMap((value) => (Array.isArray(value) ? (value as Json[]) : [])))
  const texts = items.filter((item) => typeof item === 'string')
  if (texts.length !== items.length || items.length > mostValues) return null
  return [`${path}.all(item, item in ${listed(texts)})`]
}

function equal(path: string, value: Json): string {
  if (!Array.isArray(value)) return `${path} == ${literal(value as string | number | boolean)}`
  return value.length === 0 ? `size(${path}) == 0` : `${path} == ${listed(value as string[])}`
}

/** The directory below the top that all of these are in. */
export function commonDirectory(paths: readonly string[]): string | null {
  const [first = '', ...others] = paths
  let common = first.slice(0, first.lastIndexOf('/') + 1)
  while (common.length > 1 && !others.every((path) => path.startsWith(common)))
    common = common.slice(0, common.lastIndexOf('/', common.length - 2) + 1)
  return common.length > 1 ? common : null
}
