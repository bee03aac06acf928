import type { Variant } from './declarations.ts'
import type { DiagnosticCode } from './engine.ts'
import type { Node } from './node.ts'
import type { ValueType } from './valueType.ts'

/** What is wrong at a place of a condition. */
export interface Fault {
  readonly at: number
  readonly code: DiagnosticCode
  readonly message: string
}

export type Paths = ReadonlySet<string>
export const none: Paths = new Set()
export const any = (left: Paths, right: Paths): Paths =>
  right.size === 0 ? left : new Set([...left, ...right])
export const both = (left: Paths, right: Paths): Paths => new Set([...left].filter((path) => right.has(path)))

export interface Scope {
  readonly variant: Variant
  /** Paths that are certainly there. */
  readonly known: Paths
  readonly variable: { readonly name: string; readonly type: ValueType } | null
  readonly refs: Set<string>
  readonly refuse: (at: number, code: DiagnosticCode, message: string) => Judged
  readonly compileRegex: (pattern: string) => string | null
}

/** A type (null when a fault was told already), and what is there if the value is true (`yes`) or false (`no`). */
export interface Judged {
  readonly type: ValueType | null
  readonly yes: Paths
  readonly no: Paths
}

export const unknown: Judged = { type: null, yes: none, no: none }
export const plain = (type: ValueType | null): Judged => ({ type, yes: none, no: none })

/** Judges a part; given along, because parts hold parts. */
export type Judge = (node: Node, scope: Scope) => Judged
export type Of<K extends Node['kind']> = Extract<Node, { readonly kind: K }>
