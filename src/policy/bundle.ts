import type { Digest } from '../core/digest.ts'
import type { GrantProfile, Spender } from '../core/grant.ts'
import type { GrantTerms, ReasonDemand, Source } from '../core/requirement.ts'
import type { StopCause } from '../core/stop.ts'
import type { Way } from '../core/ways.ts'
import type { Brakes } from './brakes.ts'
import type { Budget } from './budget.ts'
import type { CatalogueAction, Effect } from './catalogue.ts'
import type { BudgetComparison } from './conditions/budgetUse.ts'
import type { Compiled } from './conditions/engine.ts'
import type { Glob } from './glob.ts'
import type { ToolCatalogue } from './mcp/reviewedTool.ts'
import type { KnownNames } from './names.ts'
import type { OwnerLeft } from './ownerLeft.ts'
import type { CommandCatalogue } from './readers/shell/commandCatalogue.ts'
import type { Inventory } from './resources.ts'
import type { Calendar, Window, WorkingHours } from './time.ts'

/** What a rule can say, weakest first: the strictest of the rules that fire decides. */
export const verdictKinds = ['allow', 'require_approval', 'deny'] as const
export type VerdictKind = (typeof verdictKinds)[number]

/** One leg as a rule writes it: sources by name (`group:security`, `user:lee`, `owner`), sorted, not yet resolved. */
export interface LegTemplate {
  readonly name: string
  readonly from: readonly string[]
  readonly count: number
}

/** Where something stands in the bundle; line and column from 1. */
export interface Spot {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** A condition as it was written, and ready to be evaluated. */
export interface Condition {
  readonly text: string
  /** Characters before it that `text` leaves out, and `compiled` counts. */
  readonly lead: number
  readonly compiled: Compiled
  readonly at: Spot
}

/** How a rule lets named people past it in an emergency, complete: what it left out was taken from the defaults. */
export interface BreakGlassDemand {
  readonly who: readonly string[]
  /** The path is offered only while this holds; null always. An error counts as no. */
  readonly when: Condition | null
  readonly reason: ReasonDemand
  readonly stepUp: boolean
  readonly grant: GrantTerms
  /** Addresses of conversations, groups and people. */
  readonly notify: readonly string[]
  readonly reviewWithinSeconds: number
}

/** What a rule asks for, complete: whatever it left out was taken from the bundle's defaults at load. */
export interface Demand {
  readonly legs: readonly LegTemplate[]
  readonly denyCount: number
  /** Of clocks, or of working hours where `countsWorkingHours` is there. */
  readonly expiresInSeconds: number
  readonly countsWorkingHours?: true
  readonly grant: GrantTerms
  /** Addresses, such as `slack:C0DATA`. */
  readonly channels: readonly string[]
  readonly remindAfterSeconds: readonly number[]
  /** A reminder comes so long before the end. */
  readonly warnBeforeSeconds?: number
  readonly reason: ReasonDemand | null
  /** Each gives the text that has to be typed. */
  readonly confirm: readonly Condition[]
  readonly stepUp: boolean
  /** How a decision may come to count, in the order of `ways`; always on the card. */
  readonly via: readonly Way[]
  /** `to` is a name of the directory. */
  readonly escalate: readonly { readonly afterSeconds: number; readonly to: string }[]
}

export interface Rule {
  readonly id: string
  /** One sentence for the approver. */
  readonly description: string
  /** Null where the rule does not narrow. Actions may be globs; `agents` are globs of their names. */
  readonly match: {
    readonly actions: readonly string[] | null
    readonly agents: readonly Glob[] | null
    readonly environments: readonly string[] | null
    readonly effects: readonly Effect[] | null
  }
  /** Null: always true. */
  readonly when: Condition | null
  /** Null: never. Evaluated only when `when` is true. */
  readonly unless: Condition | null
  /** A rule that observes is evaluated and recorded, and has no effect. */
  readonly mode: 'enforce' | 'observe'
  readonly verdict: VerdictKind
  readonly message: string | null
  /** Present exactly when the verdict is `require_approval`. */
  readonly demand: Demand | null
  /** What of the lifetimes the rule left to the defaults, as the properties are written; for lint. */
  readonly inherits: readonly ('expires_in' | 'grant')[]
  /** The emergency path this rule offers; null when it offers none. For a denial: only with `override: break_glass`. */
  readonly breakGlass: BreakGlassDemand | null
  readonly at: Spot
}

/** Every condition of a rule, whatever it decides. */
export function conditionsOf({ when, unless, demand, breakGlass }: Rule): readonly Condition[] {
  const all = [when, unless, breakGlass?.when ?? null, ...(demand?.confirm ?? [])]
  return all.filter((condition) => condition !== null)
}

/** Bounds that no rule can pass. Null where the bundle sets none. */
export interface Floor {
  /** As written; it decides nothing, because the core separates everybody behind an action whatever stands here. */
  readonly separation: readonly ('initiator' | 'agent_owner')[]
  readonly maxExpiresInSeconds: number | null
  readonly maxGrantTtlSeconds: number | null
  readonly neverAllowEffects: readonly Effect[]
}

/** Who is to believe a grant, for which types of resource, and whose part it is to redeem it (docs/grants.md#audiences). */
export interface Audience {
  /** The token's `aud`, as whoever verifies it has it. */
  readonly id: string
  /** Null: every type. */
  readonly resourceTypes: readonly string[] | null
  readonly profile: GrantProfile
  readonly spentBy: Spender['kind']
  /** The resource cannot say what it is about to run: it redeems the token alone. */
  readonly tokenOnly: boolean
  readonly at: Spot
}

/** An action that budgets count. */
export interface CountedAction {
  readonly budgets: readonly Budget[]
  /** Those that a rule about the action reads: what they have counted has to be known before it is judged. */
  readonly read: readonly Budget[]
  readonly comparisons: readonly (BudgetComparison & { readonly rule: Rule })[]
}

/** A policy bundle, loaded and checked. Immutable; the digest names its content. */
export interface Bundle {
  readonly name: string
  /** Over the parsed content: comments, file names of rules and the order of rules and resources do not change it. */
  readonly digest: Digest
  /** IANA name, such as `Europe/Berlin`. */
  readonly timezone: string
  /** The only environments there are, as the bundle lists them; null: whatever a request names is one. */
  readonly environments: readonly string[] | null
  readonly windows: ReadonlyMap<string, Window>
  readonly budgets: ReadonlyMap<string, Budget>
  /** Of each action that budgets count: which, and what its verdict hangs on. */
  readonly counted: ReadonlyMap<string, CountedAction>
  /** For how long what a run has read counts, and the actions of which a rule goes by it; null where no rule can. */
  readonly run: { readonly windowSeconds: number; readonly actions: ReadonlySet<string> } | null
  /** Time facts in `timezone`. */
  readonly calendar: Calendar
  /** Which engine, and which checker, accepted the conditions: `bufbuild-cel/0.6.1+check/1`. */
  readonly engine: string
  readonly unmatched: {
    readonly knownAction: 'require_approval' | 'deny'
    readonly unknownAction: 'require_approval' | 'deny'
  }
  readonly defaults: Demand
  readonly brakes: Brakes
  readonly stop: StopPolicy
  /** Names of the directory: these people may read the whole ledger, by a key of their own. Sorted. */
  readonly auditors: readonly string[]
  /** Names of the directory: who may let the ledger go on from a restored backup, two of them together. None: any two full members. */
  readonly restorers: readonly string[]
  /** Names of the directory: who may register agents of their own in Slack. None: every full member. */
  readonly registrars: readonly string[]
  /** What becomes of an allow while the agent's owner has left: the defaults are asked, or it is denied. */
  readonly ownerLeft: OwnerLeft
  /** Null where no deadline can count them. */
  readonly workingHours: WorkingHours | null
  readonly floor: Floor
  /** In the order of the file: the first that takes a type of resource is the one for it. */
  readonly audiences: readonly Audience[]
  /** Groups and users by their name in policy (`group:security`), resolved. */
  readonly people: ReadonlyMap<string, Source>
  /** Addresses of conversations by their name in policy (`channel:deploys`): one for each channel in which it is announced. */
  readonly channels: ReadonlyMap<string, readonly string[]>
  readonly catalogue: ReadonlyMap<string, CatalogueAction>
  readonly inventory: Inventory
  /** Of commands.yaml; empty without that file. */
  readonly commands: CommandCatalogue
  /** Of mcp/*.yaml: tools of MCP servers, as people reviewed them. */
  readonly servers: ToolCatalogue
  /** Its names by what could be taken for them. */
  readonly names: KnownNames
  /** Sorted by id. */
  readonly rules: readonly Rule[]
  /** For every action of the catalogue, the rules whose actions and effects fit it, sorted by id. */
  readonly candidates: ReadonlyMap<string, readonly Rule[]>
  /** Every path that any condition reads, such as `params.rows`. */
  readonly reads: ReadonlySet<string>
}

/** What a bundle says of stopping (docs/policy.md#stop). The operator's command needs none of it. */
export interface StopPolicy {
  /** Names of the directory: any one of these people may stop something in Slack, alone. */
  readonly who: readonly string[]
  /** For what an agent is stopped without anybody's word. */
  readonly on: readonly StopCause[]
}
