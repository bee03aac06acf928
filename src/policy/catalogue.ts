/** Effect classes of the catalogue, weakest first. */
export const effects = ['read', 'write', 'admin'] as const
export type Effect = (typeof effects)[number]

/** The type of a parameter. `opaque` is any JSON value, which nothing looks into. */
export type ParamType = 'string' | 'int' | 'number' | 'bool' | 'opaque' | { readonly list: ParamType }

/** What can read a value into facts that conditions use (readers/readers.ts has each). */
export const readerNames = ['shell', 'url', 'email', 'emails', 'path', 'arn', 'aws', 'sql'] as const
export type ReaderName = (typeof readerNames)[number]

export interface Param {
  readonly type: ParamType
  readonly optional: boolean
  /** Money: a whole number above zero of the smallest unit of a currency, such as cents. */
  readonly amount?: Amount
  /** Its value is read into `read.<name>` (docs/policy.md#what-is-read). */
  readonly reads?: ReaderName
  /** Of a path: the directories of which its facts say the innermost that it is in. */
  readonly roots?: readonly string[]
  /** Of an operation of AWS: the parameter that names its service. */
  readonly service?: string
  /** Its value is shown to nobody but the agent that asked, unless a rule that applies decides by it. */
  readonly sensitive?: true
}

interface Amount {
  /** As ISO 4217 writes it. */
  readonly currency: string
}

/** Whether what an action does can be undone. */
export const reversibilities = ['yes', 'partly', 'no'] as const
type Reversible = (typeof reversibilities)[number]

/** Where an action sends something: the parameter that says it, and patterns of the places that are the operator's own. */
interface Destination {
  readonly param: string
  readonly inside: readonly string[]
}

/** One action of the catalogue. `open` parameters are any JSON object. What is said for people decides nothing. */
export interface CatalogueAction {
  readonly effect: Effect
  readonly reversible?: Reversible
  /** One sentence for people: what it does, and how bad that can be. */
  readonly consequence?: string
  readonly destination?: Destination
  readonly params: 'open' | ReadonlyMap<string, Param>
}
