import type { Digest } from '../core/action.ts'
import type { Source } from '../core/request.ts'
import type { Inventory } from './resources.ts'

/** Effect classes of the catalogue, weakest first. */
export const effects = ['read', 'write', 'admin'] as const
export type Effect = (typeof effects)[number]

/** What a rule can say, weakest first: the strictest of the rules that fire decides. */
export const verdictKinds = ['allow', 'require_approval', 'deny'] as const
export type VerdictKind = (typeof verdictKinds)[number]

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

/** One leg as a rule writes it: sources by name (`group:security`, `user:lee`, `owner`), sorted, not yet resolved. */
export interface LegTemplate {
  readonly name: string
  readonly from: readonly string[]
  readonly count: number
}

/** What a rule asks for, complete: whatever it left out was taken from the bundle's defaults at load. */
export interface Demand {
  readonly legs: readonly LegTemplate[]
  readonly denyCount: number
  readonly expiresInSeconds: number
  readonly grant: { readonly ttlSeconds: number; readonly uses: number }
  /** Addresses, such as `slack:C0DATA`. */
  readonly channels: readonly string[]
  readonly remindAfterSeconds: readonly number[]
}

export interface Rule {
  readonly id: string
  /** One sentence for the approver. */
  readonly description: string
  /** Null where the rule does not narrow. Actions may be globs. */
  readonly match: {
    readonly actions: readonly string[] | null
    readonly environments: readonly string[] | null
    readonly effects: readonly Effect[] | null
  }
  readonly verdict: VerdictKind
  readonly message: string | null
  /** Present exactly when the verdict is `require_approval`. */
  readonly demand: Demand | null
}

/** Bounds that no rule can pass. Null where the bundle sets none. */
export interface Floor {
  readonly maxExpiresInSeconds: number | null
  readonly maxGrantTtlSeconds: number | null
  readonly neverAllowEffects: readonly Effect[]
}

/** A policy bundle, loaded and checked. Immutable; the digest names its content. */
export interface Bundle {
  readonly name: string
  /** Over the parsed content: comments, file names of rules and the order of rules and resources do not change it. */
  readonly digest: Digest
  /** IANA name, such as `Europe/Berlin`. */
  readonly timezone: string
  readonly unmatched: {
    readonly knownAction: 'require_approval' | 'deny'
    readonly unknownAction: 'require_approval' | 'deny'
  }
  readonly defaults: Demand
  readonly floor: Floor
  /** Groups and users by their name in policy (`group:security`), resolved. */
  readonly people: ReadonlyMap<string, Source>
  readonly catalogue: ReadonlyMap<string, CatalogueAction>
  readonly inventory: Inventory
  /** Sorted by id. */
  readonly rules: readonly Rule[]
  /** For every action of the catalogue, the rules whose actions and effects fit it, sorted by id. */
  readonly candidates: ReadonlyMap<string, readonly Rule[]>
}
