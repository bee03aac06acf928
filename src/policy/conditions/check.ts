import { didYouMean } from '../../core/nearest.ts'
import { budgetFaultsIn } from './budgetUse.ts'
import type { Declarations } from './declarations.ts'
import type { Want } from './engine.ts'
import { hasField, index, present, select } from './fields.ts'
import { functionNames, typeOfCall } from './functions.ts'
import type { Node } from './node.ts'
import type { Argument } from './operators.ts'
import {
  any,
  both,
  type Fault,
  type Judged,
  none,
  type Of,
  type Paths,
  plain,
  type Scope,
  unknown,
} from './scope.ts'
import type { ValueType } from './valueType.ts'
import * as t from './valueType.ts'
import { nameOfType } from './valueType.ts'

export interface Checked {
  readonly faults: readonly Fault[]
  /** Paths that are there whenever the condition is true, or false; the same for every action. */
  readonly whenTrue: ReadonlySet<string>
  readonly whenFalse: ReadonlySet<string>
  readonly refs: ReadonlySet<string>
}

/**
 * Checks a parsed condition against every action its rule can match: names, types, optional facts that are read before
 * `has()` has shown them, and everything that could fail when it is evaluated. What passes cannot fail at run time,
 * except on parameters that the catalogue leaves open.
 */
export function check(
  root: Node,
  declared: Declarations,
  how: { readonly want: Want; readonly compileRegex: (pattern: string) => string | null },
): Checked {
  const faults = new Map<string, Fault>()
  const refs = new Set<string>()
  const results = declared.variants.map((variant) => {
    const refuse: Scope['refuse'] = (at, code, message) => {
      const key = `${at} ${code}`
      if (!faults.has(key)) faults.set(key, { at, code, message })
      return unknown
    }
    const scope = {
      variant,
      known: declared.known,
      variable: null,
      refs,
      refuse,
      compileRegex: how.compileRegex,
    }
    const judged = judge(root, scope)
    const { type } = judged
    if (variant.facts.has('budget'))
      for (const { at, code, message } of budgetFaultsIn(root)) refuse(at, code, message)
    if (type && type.kind !== how.want) {
      const code = how.want === 'bool' ? 'cel/not-bool' : 'cel/not-string'
      const fix = how.want === 'bool' ? 'true or false: compare it with something' : 'a text: use string(…)'
      refuse(root.at, code, `This is ${nameOfType(type)}, but has to be ${fix}.`)
    }
    return judged
  })
  const common = (of: (judged: Judged) => Paths): Paths =>
    results.map(of).reduce(both, results[0] ? of(results[0]) : none)
  return {
    faults: [...faults.values()],
    whenTrue: common(({ yes }) => yes),
    whenFalse: common(({ no }) => no),
    refs,
  }
}

function judge(node: Node, scope: Scope): Judged {
  switch (node.kind) {
    case 'literal':
      return plain(literalType(node, scope))
    case 'ident':
      return identifier(node, scope)
    case 'select':
      return select(node, scope, judge)
    case 'and':
    case 'or':
      return connective(node, scope)
    case 'list':
      return list(node, scope)
    case 'macro':
      return macro(node, scope)
    case 'call':
      return call(node, scope)
    case 'foreign':
      return scope.refuse(node.at, 'cel/unsupported', node.what)
  }
}

function literalType({ type, value, at }: Of<'literal'>, scope: Scope): ValueType | null {
  if (typeof value !== 'bigint') return type === 'double' ? t.double : type === 'bool' ? t.bool : t.string
  const most = value < 0n ? -value : value
  if (most < 2n ** 63n) return { kind: 'int', most }
  return scope.refuse(at, 'cel/may-fail', 'This number is too large for an int.').type
}

function identifier({ name, at }: Of<'ident'>, scope: Scope): Judged {
  if (scope.variable?.name === name) {
    if (scope.variable.type.kind !== 'opaque') return plain(scope.variable.type)
    return scope.refuse(
      at,
      'cel/unknown-field',
      `The items are declared opaque: no condition can look into them.`,
    )
  }
  scope.refs.add(name)
  const type = scope.variant.facts.get(name)
  if (type) return plain(type)
  const names = [...scope.variant.facts.keys()]
  const param = hasField(scope.variant.facts.get('params'), name) ? ` Did you mean "params.${name}"?` : ''
  const hint = param || didYouMean(name, [...names, 'true', 'false']) || ` Known: ${names.join(', ')}.`
  return scope.refuse(at, 'cel/unknown-identifier', `There is nothing called "${name}".${hint}`)
}

/** `&&` shows its later parts what the earlier ones need to be true; `||` what they need to be false. */
function connective({ kind, parts }: Of<'and' | 'or'>, scope: Scope): Judged {
  let passed: Paths = none
  let stopped: Paths | null = null
  let sound = true
  for (const part of parts) {
    const judged = judge(part, { ...scope, known: any(scope.known, passed) })
    if (judged.type && judged.type.kind !== 'bool') {
      const what = `${kind === 'and' ? '&&' : '||'} joins conditions, but this is ${nameOfType(judged.type)}`
      scope.refuse(part.at, 'cel/type-mismatch', `${what}: compare it with something.`)
    }
    sound &&= judged.type?.kind === 'bool'
    const [go, stop] = kind === 'and' ? [judged.yes, judged.no] : [judged.no, judged.yes]
    const here = any(passed, stop)
    stopped = stopped === null ? here : both(stopped, here)
    passed = any(passed, go)
  }
  const [yes, no] = kind === 'and' ? [passed, stopped ?? none] : [stopped ?? none, passed]
  return { type: sound ? t.bool : null, yes, no }
}

function list({ items, at }: Of<'list'>, scope: Scope): Judged {
  let of: ValueType | null = null
  for (const item of items) {
    const { type } = judge(item, scope)
    if (type === null) return unknown
    const joined: ValueType | null = of === null ? type : t.either(of, type)
    if (joined === null)
      return scope.refuse(
        at,
        'cel/type-mismatch',
        `This list mixes ${nameOfType(of ?? type)} and ${nameOfType(type)}: keep to one.`,
      )
    of = joined
  }
  return plain(t.listOf(of))
}

function macro(node: Of<'macro'>, scope: Scope): Judged {
  const range = judge(node.range, scope).type
  if (range === null) return unknown
  if (range.kind !== 'list' && range.kind !== 'dyn')
    return scope.refuse(
      node.range.at,
      'cel/type-mismatch',
      `${node.name} goes through a list, but this is ${nameOfType(range)}.`,
    )
  if (scope.variant.facts.has(node.variable) || functionNames().includes(node.variable)) {
    const message = `The variable "${node.variable}" hides something of the same name: choose another, such as x.`
    return scope.refuse(node.at, 'cel/shadowed-variable', message)
  }
  const item: ValueType = range.kind === 'list' ? (range.of ?? t.dyn) : t.dyn
  const inner: Scope = { ...scope, variable: { name: node.variable, type: item } }
  const test = node.test ? judge(node.test, inner) : null
  if (test && test.type === null) return unknown
  if (node.test && test?.type && test.type.kind !== 'bool')
    return scope.refuse(
      node.test.at,
      'cel/type-mismatch',
      `${node.name} tests a condition for each item, but this is ${nameOfType(test.type)}.`,
    )
  if (node.name === 'filter') return plain(range.kind === 'list' ? range : t.dyn)
  if (node.name !== 'map') return plain(t.bool)
  const step = node.step
    ? judge(node.step, { ...inner, known: any(inner.known, test?.yes ?? none) }).type
    : null
  return plain(step && t.listOf(step))
}

function call(node: Of<'call'>, scope: Scope): Judged {
  if (node.name === '_?_:_') return conditional(node, scope)
  if (node.name === '_[_]') return index(node, scope, judge)
  const judged = [...(node.target ? [node.target] : []), ...node.args].map((part) => ({
    part,
    ...judge(part, scope),
  }))
  const parts = judged.flatMap(({ part, type }): Argument[] => (type ? [{ node: part, type }] : []))
  if (parts.length < judged.length) return unknown
  const [first] = judged
  if (node.name === '!_' && first?.type) {
    if (first.type.kind === 'bool') return { type: t.bool, yes: first.no, no: first.yes }
    return scope.refuse(
      node.at,
      'cel/type-mismatch',
      `! negates a condition, but this is ${nameOfType(first.type)}.`,
    )
  }
  const type = typeOfCall({
    name: node.name,
    target: node.target ? (parts[0] ?? null) : null,
    args: node.target ? parts.slice(1) : parts,
    variable: scope.variable?.name ?? null,
    refuse: (code, message, at = node.at) => {
      scope.refuse(at, code, message)
      return null
    },
    compileRegex: scope.compileRegex,
  })
  return type && node.name === '@in' ? present(node, parts) : plain(type)
}

function conditional({ args, at }: Of<'call'>, scope: Scope): Judged {
  const [test, then, otherwise] = args
  if (!test || !then || !otherwise) return unknown
  const judged = judge(test, scope)
  if (judged.type && judged.type.kind !== 'bool')
    return scope.refuse(
      test.at,
      'cel/type-mismatch',
      `A condition has to come before ?, but this is ${nameOfType(judged.type)}.`,
    )
  const left = judge(then, { ...scope, known: any(scope.known, judged.yes) })
  const right = judge(otherwise, { ...scope, known: any(scope.known, judged.no) })
  if (!judged.type || !left.type || !right.type) return unknown
  const type = t.either(left.type, right.type)
  if (type === null)
    return scope.refuse(
      at,
      'cel/type-mismatch',
      `This is ${nameOfType(left.type)} or ${nameOfType(right.type)}: make both the same.`,
    )
  return {
    type,
    yes: both(any(judged.yes, left.yes), any(judged.no, right.yes)),
    no: both(any(judged.yes, left.no), any(judged.no, right.no)),
  }
}
