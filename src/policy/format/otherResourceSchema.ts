import { z } from 'zod'
import { didYouMean } from '../../core/nearest.ts'
import type { CatalogueAction, OtherResource, Param, ReaderName } from '../catalogue.ts'
import { bundleLimits } from '../limits.ts'
import { readers } from '../readers/readers.ts'
import { mapping, properties, text } from './shape.ts'

const name = {
  pattern: /^[a-z][a-z0-9_]{0,39}$/,
  says: 'must be lower-case letters, digits and underscores, begin with a letter, and have at most 40 characters',
}
const from = /^(?:params\.([A-Za-z_][A-Za-z0-9_-]{0,63})|read\.([A-Za-z_][A-Za-z0-9_-]{0,63})\.([a-z]+))$/

/** `resources` of an action: what its parameters name, beside the resource that a request is about. */
export const otherResources = mapping(
  name,
  properties({
    type: text(128).refine(
      (type) => !type.includes('*'),
      'must be one type: each name leads to one resource',
    ),
    from: z.string().regex(from, 'must be params.<parameter> or read.<parameter>.<fact>'),
  }).transform(({ type, from: written }): OtherResource => {
    const [, param, readParam = '', fact = null] = from.exec(written) ?? []
    return { type, from: { param: param ?? readParam, fact } }
  }),
)

/** Readers whose facts can name a resource: they go by the value alone. */
const naming: readonly ReaderName[] = ['url', 'email', 'path', 'arn', 'aws']

type Wrong = { readonly path: readonly string[]; readonly message: string }

/** What is wrong between the other resources of an action and its parameters: each has to lead to one text that people see. */
export function wrongResources({
  params,
  resources,
}: Pick<CatalogueAction, 'params' | 'resources'>): readonly Wrong[] {
  // What has the wrong form is told where it stands, and comes here as it was written.
  if (!(resources instanceof Map)) return []
  const most = bundleLimits.otherResources
  const tooMany = resources.size > most ? [{ path: [], message: `must have at most ${most} names` }] : []
  const wrong = [...resources].flatMap(([name, { from }]): readonly Wrong[] => {
    const message = wrongFrom(from, params)
    return message === null ? [] : [{ path: [name, 'from'], message }]
  })
  return [...tooMany, ...wrong]
}

function wrongFrom({ param, fact }: OtherResource['from'], params: CatalogueAction['params']): string | null {
  if (params === 'open') return 'cannot name a parameter here, because they are open: declare it'
  const declared = params.get(param)
  if (declared === undefined)
    return `must name one of the parameters of this action.${didYouMean(param, [...params.keys()])}`.replace(
      /\.$/,
      '',
    )
  if (declared.sensitive) return 'must not name a sensitive parameter: people decide by what it names'
  return fact === null ? wrongValue(declared) : wrongFact(declared, fact)
}

function wrongValue({ type }: Param): string | null {
  return type === 'string' ? null : 'must name a parameter of type string'
}

function wrongFact({ reads }: Param, fact: string): string | null {
  if (reads === undefined) return 'must name a parameter that declares `reads`, or be params.<parameter>'
  if (!naming.includes(reads)) return `must name what one of these reads: ${naming.join(', ')}`
  const names = Object.entries(readers[reads].facts).flatMap(([name, { kind }]) =>
    kind === 'string' ? [name.replace(/\?$/, '')] : [],
  )
  if (names.includes(fact)) return null
  return `must name a fact of ${reads} that is a text: ${names.join(', ')}.${didYouMean(fact, names)}`.replace(
    /\.$/,
    '',
  )
}
