import { z } from 'zod'
import { didYouMean } from '../../core/nearest.ts'
import {
  type CatalogueAction,
  effects,
  type Param,
  type ParamType,
  type ReaderName,
  readerNames,
  reversibilities,
  type ToolParams,
} from '../catalogue.ts'
import { readers } from '../readers/readers.ts'
import { sentence } from './demandSchema.ts'
import { narrowOf } from './narrowMark.ts'
import { otherResources, wrongResources } from './otherResourceSchema.ts'
import { readerSettings, settingsOf, wrongBetween } from './readerSettings.ts'
import { mapping, pattern, properties } from './shape.ts'

const actionName = {
  pattern: /^[A-Za-z0-9_][A-Za-z0-9_.:/-]{0,127}$/,
  says: 'must be letters, digits, dots, dashes, underscores, colons and slashes, at most 128',
}
const paramName = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/
const namedParam = z.string().regex(paramName, 'must be the name of a parameter')
const scalars = ['string', 'int', 'number', 'bool', 'opaque'] as const
const deepestList = 4

/** actions.yaml (docs/policy.md#actionsyaml): every action, its effect class and its parameters. */
export const catalogueSchema = properties({
  apiVersion: z.literal('countersign/v1'),
  kind: z.literal('ActionCatalogue'),
  actions: mapping(
    actionName,
    properties({
      effect: z.enum(effects),
      reversible: z.enum(reversibilities).exactOptional(),
      consequence: sentence.exactOptional(),
      destination: properties({
        param: namedParam,
        inside: z.array(pattern).max(50, 'must have at most 50 patterns'),
      }).exactOptional(),
      tool: properties({
        server: namedParam,
        name: namedParam,
        digest: namedParam,
        arguments: namedParam,
      }).exactOptional(),
      params: z.unknown().transform(readParams),
      resources: otherResources.exactOptional(),
    })
      .superRefine(({ params, resources }, context) => {
        for (const { path, message } of wrongResources({ params, ...(resources && { resources }) }))
          context.addIssue({ code: 'custom', message, path: ['resources', ...path] })
      })
      .superRefine(({ params, tool }, context) => {
        for (const [part, message] of tool ? wrongToolParams(tool, params) : [])
          context.addIssue({ code: 'custom', message, path: ['tool', part] })
      })
      .superRefine(({ params, destination }, context) => {
        if (destination === undefined || params === 'open') return
        if (params.get(destination.param)?.sensitive) {
          const message = 'must not be sensitive: people decide by where it goes'
          context.addIssue({ code: 'custom', message, path: ['destination', 'param'] })
        }
        if (params.has(destination.param)) return
        const message = 'must be one of the parameters of this action'
        context.addIssue({ code: 'custom', message, path: ['destination', 'param'] })
      })
      .transform((action): CatalogueAction => action),
  ),
})

export type CatalogueShape = z.infer<typeof catalogueSchema>

const toolParts = ['server', 'name', 'digest', 'arguments'] as const

/** Server and name have to be there; what is not said of the digest or the arguments is judged as that. */
function wrongToolParams(
  tool: ToolParams,
  params: CatalogueAction['params'],
): readonly (readonly [keyof ToolParams, string])[] {
  return toolParts.flatMap((part) => {
    const type = part === 'arguments' ? 'opaque' : 'string'
    const param = params === 'open' ? undefined : params.get(tool[part])
    const mayLack = part === 'digest' || part === 'arguments'
    const fits = param?.type === type && !param.sensitive && (mayLack || !param.optional)
    return fits
      ? []
      : [
          [
            part,
            `must be a parameter of this action of type ${type}${mayLack ? '' : ', not optional'}, and not sensitive`,
          ],
        ]
  })
}

function readParams(written: unknown, context: z.RefinementCtx): CatalogueAction['params'] {
  if (written === 'open') return 'open'
  if (typeof written !== 'object' || written === null || Array.isArray(written)) {
    context.addIssue({
      code: 'custom',
      message: 'must be open, or a mapping from parameter to type; {} for none',
    })
    return z.NEVER
  }
  const params = new Map<string, Param>()
  for (const [name, value] of Object.entries(written)) {
    const param = readParam(value)
    if (!paramName.test(name)) {
      context.addIssue({
        code: 'custom',
        message: 'must be named with letters, digits, dashes and underscores',
        path: [name],
      })
    } else if (param === null) context.addIssue({ code: 'custom', message: wrongParam(value), path: [name] })
    else params.set(name, param)
  }
  for (const [name, message] of wrongBetween(params))
    context.addIssue({ code: 'custom', message, path: [name] })
  return params
}

/**
 * `string`, `string?`, `{list: string}`, `{list?: string}`, `{amount: {currency: EUR}}`: the question mark makes it optional. Each of them also as
 * `{type: …}` with `reads`, `sensitive: true` or `narrow`, or with several of them.
 */
function readParam(written: unknown): Param | null {
  const long = longForm(written)
  if (long === null) return readParamType(written)
  const { type, reads, sensitive } = long
  const param = readParamType(type)
  const reader = readerNames.find((name) => name === reads)
  if (param === null || (reads !== undefined && reader === undefined)) return null
  if (sensitive !== undefined && sensitive !== true) return null
  if (reader !== undefined && !fitsReader(param, reader)) return null
  const settings = settingsOf(reader, long)
  const narrow = narrowOf(param, long)
  if (typeof settings === 'string' || typeof narrow === 'string') return null
  return {
    ...param,
    ...(reader && { reads: reader }),
    ...settings,
    ...(sensitive && { sensitive }),
    ...narrow,
  }
}

interface LongForm {
  readonly type?: unknown
  readonly reads?: unknown
  readonly sensitive?: unknown
  readonly narrow?: unknown
  readonly roots?: unknown
  readonly service?: unknown
  readonly arguments?: unknown
}

const longKeys: readonly string[] = ['type', 'reads', 'sensitive', 'narrow', ...readerSettings]

/** What stands as `type` and beside it; null where a parameter is written in another way. */
function longForm(written: unknown): LongForm | null {
  if (typeof written !== 'object' || written === null || !('type' in written)) return null
  const keys = Object.keys(written)
  return keys.length > 1 && keys.every((key) => longKeys.includes(key)) ? written : null
}

function fitsReader({ type }: Param, reader: ReaderName): boolean {
  return JSON.stringify(type) === JSON.stringify(readers[reader].accepts)
}

function readParamType(written: unknown): Param | null {
  return readAmount(written) ?? readTyped(written)
}

/** A type with its question mark, as parameters and arguments of tools are written; null where it is none. */
export function readTyped(written: unknown): Pick<Param, 'type' | 'optional'> | null {
  const optional = typeof written === 'string' ? written.endsWith('?') : onlyKey(written) === 'list?'
  const type = readType(
    typeof written === 'string' && optional ? written.slice(0, -1) : written,
    optional ? 'list?' : 'list',
  )
  return type === null ? null : { type, optional }
}

/** `{amount: {currency: EUR}}`; with `amount?` it may be left out. */
function readAmount(written: unknown): Param | null {
  const key = onlyKey(written)
  if (key !== 'amount' && key !== 'amount?') return null
  const [inner] = Object.values(Object(written))
  const currency = onlyKey(inner) === 'currency' ? Object.values(Object(inner))[0] : undefined
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency)) return null
  return { type: 'int', optional: key === 'amount?', amount: { currency } }
}

function readType(written: unknown, listKey: 'list' | 'list?', depth = 0): ParamType | null {
  const scalar = scalars.find((name) => name === written)
  if (scalar !== undefined) return scalar
  if (depth >= deepestList || typeof written !== 'object' || written === null || onlyKey(written) !== listKey)
    return null
  const item = readType(Object.values(written)[0], 'list', depth + 1)
  return item === null ? null : { list: item }
}

function sayType(type: ParamType): string {
  return typeof type === 'object' ? `{list: ${sayType(type.list)}}` : type
}

function onlyKey(written: unknown): string | undefined {
  const keys =
    typeof written === 'object' && written !== null && !Array.isArray(written) ? Object.keys(written) : []
  return keys.length === 1 ? keys[0] : undefined
}

function wrongParam(written: unknown): string {
  const long = longForm(written) ?? {}
  const { type, reads } = long
  const reader = readerNames.find((name) => name === reads)
  if (reads !== undefined && reader === undefined)
    return `must say in \`reads\` what reads it: ${readerNames.join(', ')}.${typeof reads === 'string' ? didYouMean(reads, [...readerNames]) : ''}`.replace(
      /\.$/,
      '',
    )
  const typed = readTyped(type)
  if (reader !== undefined && typed !== null && !fitsReader(typed, reader))
    return `must have the type ${sayType(readers[reader].accepts)}, because ${reader} reads ${readers[reader].what}`
  const settings = settingsOf(reader, long)
  if (typed !== null && typeof settings === 'string') return settings
  const param = readParamType(type)
  const narrow = param === null ? {} : narrowOf(param, long)
  if (typeof narrow === 'string') return narrow
  const hint = typeof written === 'string' ? didYouMean(written.replace(/\?$/, ''), [...scalars]) : ''
  return `must be ${scalars.join(', ')}, {list: <type>} or {amount: {currency: EUR}}; a question mark makes it optional (string?, {list?: string}); {type: <type>, sensitive: true} hides its value, {type: string, reads: shell} reads it, {type: int, narrow: {min: 1}} lets approvers lower it${hint && `.${hint}`}`
}
