import type { Action } from '../../core/action.ts'
import type { Json } from '../../core/json.ts'
import type { CatalogueAction } from '../catalogue.ts'
import type { Facts } from '../facts.ts'
import type { ToolCall } from '../mcp/toolCall.ts'
import type { Readings } from '../readers/readings.ts'
import type { Declarations } from './declarations.ts'
import type { Node } from './node.ts'

/**
 * What evaluates conditions. One file (cel.ts) stands behind it, so that the engine can be replaced and nothing else
 * knows it (docs/policy.md#conditions).
 */
export interface ConditionEngine {
  /** Recorded with every verdict: the engine, its version, and the version of the checker. */
  readonly id: string
  /** Checked against every action the rule can match, or everything that is wrong with it. */
  compile(source: string, declared: Declarations, want: Want): Compilation
}

export type Want = 'bool' | 'string'

export type Compilation =
  | { readonly ok: true; readonly compiled: Compiled }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/** A condition that was accepted. Evaluation never throws, is pure, and cannot be slow (docs/policy.md#limits). */
export interface Compiled {
  /** The parts between the outermost `&&`, for explanations; each can be evaluated by itself. */
  readonly conjuncts: readonly Conjunct[]
  /** What the checker accepted, for whoever reasons about conditions without running them (lint, mutants). */
  readonly tree: Node
  /** Paths read, such as `params.rows`, sorted. */
  readonly refs: ReadonlySet<string>
  /** Static upper bound of evaluation steps; a step is about a microsecond. */
  readonly cost: number
  /** Paths that are certainly there when this is true, or false: what the next condition may then read. */
  readonly implies: { readonly whenTrue: ReadonlySet<string>; readonly whenFalse: ReadonlySet<string> }
  eval(bindings: Bindings): Outcome
  /** Which comparisons made it true, or false, as far as that can be followed: for people; it decides nothing. */
  comparisons(bindings: Bindings, wanted: boolean): readonly Comparison[]
}

/** A fact and what a condition compared it with. Texts are cut, lists too; a value that is not shown is null. */
export interface Comparison {
  /** As conditions write it: `params.rows`, or `size(params.columns)`. */
  readonly path: string
  readonly operator: ComparisonOperator
  readonly value: Json
  readonly limit: Json
}

/** As a card says it; each has its opposite. */
type ComparisonOperator =
  | '>'
  | '>='
  | '<'
  | '<='
  | '=='
  | '!='
  | 'in'
  | 'not in'
  | 'has'
  | 'does not have'
  | 'starts with'
  | 'does not start with'
  | 'ends with'
  | 'does not end with'
  | 'contains'
  | 'does not contain'
  | 'matches'
  | 'does not match'
  | 'given'
  | 'missing'

export interface Conjunct {
  readonly source: string
  /** Where it begins in the condition, in UTF-16 units. */
  readonly offset: number
  readonly tree: Node
  readonly refs: ReadonlySet<string>
  eval(bindings: Bindings): Outcome
}

/** A condition of type bool gives a boolean, a confirmation text. The error never repeats an argument's value. */
export type Outcome =
  | { readonly ok: true; readonly value: boolean | string }
  | { readonly ok: false; readonly error: string }

/** What conditions read, all of it about one request; bind.ts says what a path leads to. Nothing is known of what is not there. */
export type Bindings = Partial<Bound>
export interface Bound {
  readonly action: Action
  readonly facts: Facts
  readonly declared: CatalogueAction['params']
  /** Read when a condition first asks. */
  readonly readings: () => Readings
  /** Of a call of an MCP server's tool; null of any other action. Looked up when a condition first asks. */
  readonly tool: () => ToolCall | null
}

/** A fact as the engine takes it. */
export type Value =
  | string
  | number
  | bigint
  | boolean
  | readonly Value[]
  | ReadonlyMap<string, Value>
  | Instant

/** A moment, in the shape the engine knows (a protobuf Timestamp). */
export interface Instant {
  readonly $typeName: 'google.protobuf.Timestamp'
  readonly seconds: bigint
  readonly nanos: number
}

/** Codes of what can be wrong with a condition; problem.ts says what each means. */
export type DiagnosticCode =
  | 'cel/syntax'
  | 'cel/unsupported'
  | 'cel/unknown-identifier'
  | 'cel/unknown-field'
  | 'cel/unknown-function'
  | 'cel/unknown-value'
  | 'cel/unknown-window'
  | 'cel/type-mismatch'
  | 'cel/not-bool'
  | 'cel/not-string'
  | 'cel/unguarded-optional'
  | 'cel/budget'
  | 'cel/may-fail'
  | 'cel/dynamic-regex'
  | 'cel/bad-regex'
  | 'cel/shadowed-variable'
  | 'cel/limit/length'
  | 'cel/limit/nodes'
  | 'cel/limit/depth'
  | 'cel/limit/macros'
  | 'cel/limit/nesting'
  | 'cel/limit/cost'
  | 'cel/limit/regex'

export interface Diagnostic {
  readonly code: DiagnosticCode
  /** A whole sentence with the fix. */
  readonly message: string
  /** In UTF-16 units from the start of the condition. */
  readonly offset: number
  /** Both from 1, within the condition. */
  readonly line: number
  readonly column: number
  /** The line of the condition and, below it, a caret. */
  readonly excerpt: string
}
