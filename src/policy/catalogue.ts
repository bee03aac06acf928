import type { Narrow } from '../core/narrowing.ts'

/** Effect classes of the catalogue, weakest first. */
export const effects = ['read', 'write', 'admin'] as const
export type Effect = (typeof effects)[number]

/** The type of a parameter. `opaque` is any JSON value, which nothing looks into. */
export type ParamType = 'string' | 'int' | 'number' | 'bool' | 'opaque' | { readonly list: ParamType }

/** What can read a value into facts that conditions use (readers/readers.ts has each). */
export const readerNames = [
  'shell',
  'argv',
  'url',
  'email',
  'emails',
  'path',
  'arn',
  'aws',
  'sql',
  'terraform_plan',
  'kubernetes',
] as const
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
  /** Of an operation of AWS: the opaque parameter that has its arguments, of which the bucket is read. */
  readonly arguments?: string
  /** Of manifests of Kubernetes: what is done with them; or the parameter that says it. */
  readonly verb?: string
  readonly verbFrom?: string
  /** Of manifests of Kubernetes: the parameter that says that nothing is kept of what is done. */
  readonly dryRun?: string
  /** Its value is shown to nobody but the agent that asked, unless a rule that applies decides by it. */
  readonly sensitive?: true
  /** Whoever could approve an action may lower it instead (docs/policy.md#narrowing). */
  readonly narrow?: Narrow
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

/**
 * Another resource than the one that a request is about, which a parameter names (docs/policy.md#other-resources): its id is the
 * parameter's value, or a fact that was read of it.
 */
export interface OtherResource {
  readonly type: string
  readonly from: { readonly param: string; readonly fact: string | null }
}

/** Of a call of an MCP server's tool: the parameters that say which one it is, as what it was seen, and with which arguments. */
export interface ToolParams {
  readonly server: string
  readonly name: string
  readonly digest: string
  readonly arguments: string
}

/** One action of the catalogue. `open` parameters are any JSON object. What is said for people decides nothing. */
export interface CatalogueAction {
  readonly effect: Effect
  readonly reversible?: Reversible
  /** One sentence for people: what it does, and how bad that can be. */
  readonly consequence?: string
  readonly destination?: Destination
  readonly tool?: ToolParams
  readonly params: 'open' | ReadonlyMap<string, Param>
  /** Other resources that its parameters name, by the names that rules have for them. */
  readonly resources?: ReadonlyMap<string, OtherResource>
}
