import type { Param, ReaderName } from '../catalogue.ts'
import { wrongIn } from '../readers/path.ts'

/** What stands beside `reads` for some readers (docs/policy.md#what-is-read). */
export const readerSettings = ['roots', 'service'] as const

type Settings = Pick<Param, 'roots' | 'service'>
type Written = { readonly [setting in (typeof readerSettings)[number]]?: unknown }

const mostRoots = 50

/** What is written beside a reader, or the sentence that says what is wrong with it. */
export function settingsOf(reader: ReaderName | undefined, { roots, service }: Written): Settings | string {
  if (roots !== undefined && reader !== 'path') return 'must have `roots` only where path reads it'
  if (service !== undefined && reader !== 'aws') return 'must have `service` only where aws reads it'
  if (reader === 'aws') return serviceOf(service)
  return roots === undefined ? {} : rootsOf(roots)
}

function rootsOf(roots: unknown): Settings | string {
  if (!Array.isArray(roots) || roots.length === 0 || roots.length > mostRoots)
    return `must have in \`roots\` a list of 1 to ${mostRoots} paths`
  const texts = roots.filter((root) => typeof root === 'string')
  const isPlain = (root: string): boolean => wrongIn(root) === null && (root === '/' || !root.endsWith('/'))
  if (texts.length < roots.length || !texts.every(isPlain))
    return 'must have in `roots` absolute paths without steps like `..`, and without a slash at the end'
  return { roots: texts }
}

function serviceOf(service: unknown): Settings | string {
  return typeof service === 'string'
    ? { service }
    : 'must name in `service` the parameter that has the service, as in {type: string, reads: aws, service: service}'
}

/** What is wrong between parameters: the one that has the service has to be there, and shown. */
export function wrongBetween(params: ReadonlyMap<string, Param>): readonly (readonly [string, string])[] {
  return [...params].flatMap(([name, { service }]) => {
    if (service === undefined) return []
    const named = params.get(service)
    const fits = service !== name && named?.type === 'string' && !named.optional && !named.sensitive
    return fits
      ? []
      : [[name, 'must name in `service` another parameter of type string, neither optional nor sensitive']]
  })
}
