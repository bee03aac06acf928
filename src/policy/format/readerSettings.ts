import type { Param, ReaderName } from '../catalogue.ts'
import { verbs } from '../readers/kubernetes/verbs.ts'
import { wrongIn } from '../readers/path.ts'

/** What stands beside `reads` for some readers (docs/policy.md#what-is-read). */
export const readerSettings = ['roots', 'service', 'arguments', 'verb', 'verb_from', 'dry_run'] as const

type Settings = Pick<Param, 'roots' | 'service' | 'arguments' | 'verb' | 'verbFrom' | 'dryRun'>
type Written = { readonly [setting in (typeof readerSettings)[number]]?: unknown }

const mostRoots = 50

/** What is written beside a reader, or the sentence that says what is wrong with it. */
export function settingsOf(reader: ReaderName | undefined, written: Written): Settings | string {
  const { roots, service, arguments: given, verb, verb_from: verbFrom, dry_run: dryRun } = written
  if (roots !== undefined && reader !== 'path') return 'must have `roots` only where path reads it'
  if (reader !== 'aws' && (service !== undefined || given !== undefined))
    return 'must have `service` and `arguments` only where aws reads it'
  if (reader !== 'kubernetes' && [verb, verbFrom, dryRun].some((one) => one !== undefined))
    return 'must have `verb`, `verb_from` and `dry_run` only where kubernetes reads it'
  if (reader === 'aws') return calledOf(service, given)
  if (reader === 'kubernetes') return doingOf({ verb, verbFrom, dryRun })
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

function calledOf(service: unknown, given: unknown): Settings | string {
  if (typeof service !== 'string')
    return 'must name in `service` the parameter that has the service, as in {type: string, reads: aws, service: service}'
  if (given !== undefined && typeof given !== 'string')
    return 'must name in `arguments` the parameter that has the arguments of the call'
  return { service, ...(given !== undefined && { arguments: given }) }
}

interface Doing {
  readonly verb: unknown
  readonly verbFrom: unknown
  readonly dryRun: unknown
}

function doingOf({ verb, verbFrom, dryRun }: Doing): Settings | string {
  if ((verb === undefined) === (verbFrom === undefined))
    return 'must say what is done with it: `verb: apply` where it is always the same, or `verb_from` with the parameter that says it'
  if (verb !== undefined && !verbs.some((one) => one === verb))
    return `must have in \`verb\` one of ${verbs.join(', ')}`
  if (dryRun !== undefined && typeof dryRun !== 'string')
    return 'must name in `dry_run` the parameter that says that nothing is kept'
  if (verbFrom !== undefined && typeof verbFrom !== 'string')
    return 'must name in `verb_from` the parameter that says what is done'
  return {
    ...(typeof verb === 'string' && { verb }),
    ...(typeof verbFrom === 'string' && { verbFrom }),
    ...(dryRun !== undefined && { dryRun }),
  }
}

/** What is wrong between parameters: those that readers are told of have to be there, and shown. */
export function wrongBetween(params: ReadonlyMap<string, Param>): readonly (readonly [string, string])[] {
  return [...params].flatMap(
    ([name, { service, arguments: given, verbFrom, dryRun }]): (readonly [string, string])[] => {
      const isText = (other: string): boolean => {
        const named = params.get(other)
        return other !== name && named?.type === 'string' && !named.optional && !named.sensitive
      }
      const [says, called] = [params.get(dryRun ?? ''), params.get(given ?? '')]
      const wrong = (setting: string) =>
        `must name in \`${setting}\` another parameter of type string, neither optional nor sensitive`
      return [
        ...(service === undefined || isText(service) ? [] : [[name, wrong('service')] as const]),
        ...(given === undefined || (called?.type === 'opaque' && !called.optional && !called.sensitive)
          ? []
          : [
              [
                name,
                'must name in `arguments` a parameter of type opaque, neither optional nor sensitive',
              ] as const,
            ]),
        ...(verbFrom === undefined || isText(verbFrom) ? [] : [[name, wrong('verb_from')] as const]),
        ...(dryRun === undefined || (says?.type === 'bool' && !says.sensitive)
          ? []
          : [[name, 'must name in `dry_run` a parameter of type bool that is not sensitive'] as const]),
      ]
    },
  )
}
