/** Effect classes of the catalogue, weakest first. */
export const effects = ['read', 'write', 'admin'] as const
export type Effect = (typeof effects)[number]

/** The type of a parameter. `opaque` is any JSON value, which nothing looks into. */
export type ParamType = 'string' | 'int' | 'number' | 'bool' | 'opaque' | { readonly list: ParamType }

export interface Param {
  readonly type: ParamType
  readonly optional: boolean
}

/** One action of the catalogue. `open` parameters are any JSON object. */
export interface CatalogueAction {
  readonly effect: Effect
  readonly params: 'open' | ReadonlyMap<string, Param>
}
