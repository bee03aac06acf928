import { valueAt } from './bind.ts'
import type { Bindings, Compiled, ConditionEngine, Outcome, Value } from './engine.ts'
import { conditionLimits } from './limits.ts'
import { type Node, pathOf } from './node.ts'
import { rootOf, stepsOf } from './path.ts'

/**
 * The same engine, asked less often. Most conditions compare a fact with a text or a number, and a general engine takes
 * ten times as long for that as the comparison. A shortcut answers only what is beyond doubt: the values that decide are
 * there and of the same plain type. Everything else, above all everything that could fail, is left to the engine, so
 * that no shortcut can make an error or hide one. shortcut.test.ts holds both against each other.
 */
export function withShortcuts(engine: ConditionEngine): ConditionEngine {
  const read = reading()
  const shortened = (tree: Node, asked: Compiled['eval']): Compiled['eval'] => {
    const answer = answerOf(tree, { read: read.path, variable: null })
    if (answer === null) return asked
    return (bindings) => {
      const value = answer(read.of(bindings), undefined)
      if (value === true) return yes
      if (value === false) return no
      return typeof value === 'string' ? { ok: true, value } : asked(bindings)
    }
  }
  return {
    id: engine.id,
    compile(source, declared, want) {
      const result = engine.compile(source, declared, want)
      if (!result.ok) return result
      const { compiled } = result
      const conjuncts = compiled.conjuncts.map((one) => ({ ...one, eval: shortened(one.tree, one.eval) }))
      return { ok: true, compiled: { ...compiled, conjuncts, eval: shortened(compiled.tree, compiled.eval) } }
    },
  }
}

const yes: Outcome = { ok: true, value: true }
const no: Outcome = { ok: true, value: false }

/** What a part of a condition comes to; undefined where only the engine can tell. `item`: of the macro around it. */
type Answer = (facts: Facts, item: Value | undefined) => Value | undefined
/** What has been read for one request, by the number of the path; null: there is nothing. */
type Facts = { readonly bindings: Bindings; readonly values: (Value | null | undefined)[] }

interface About {
  readonly read: (path: string) => Answer
  /** The variable of the macro around it. */
  readonly variable: string | null
}

/** Reads each fact once for a request, however many conditions ask. The last request is remembered, no other. */
function reading(): { path: (path: string) => Answer; of: (bindings: Bindings) => Facts } {
  const numbers = new Map<string, number>()
  let last: Facts = { bindings: {}, values: [] }
  return {
    path(path) {
      const steps = stepsOf(path)
      const number = numbers.get(path) ?? numbers.size
      numbers.set(path, number)
      return ({ bindings, values }) => {
        let value = values[number]
        if (value === undefined) values[number] = value = valueAt(bindings, steps) ?? null
        return value ?? undefined
      }
    },
    of(bindings) {
      if (last.bindings !== bindings) last = { bindings, values: [] }
      return last
    },
  }
}

/** Null where there is no shortcut. */
function answerOf(node: Node, about: About): Answer | null {
  switch (node.kind) {
    case 'literal':
      return () => node.value
    case 'ident':
      return node.name === about.variable ? (_, item) => item : about.read(node.name)
    case 'select':
      return fact(node, about)
    case 'and':
    case 'or':
      return connective(node, about)
    case 'call':
      return call(node, about)
    case 'macro':
      return macro(node, about)
    default:
      return null
  }
}

type Of<Kind extends Node['kind']> = Extract<Node, { readonly kind: Kind }>

/** `has()` of a field of a root is true or false whatever else is there; deeper, what is between may be absent. */
function fact(node: Of<'select'>, { read, variable }: About): Answer | null {
  const path = pathOf(node)
  if (path === null || rootOf(path) === variable) return null
  const value = read(path)
  if (!node.has) return value
  return node.of.kind === 'ident' ? (facts, item) => value(facts, item) !== undefined : null
}

/** One false decides `&&` and one true decides `||`, also beside a part that fails: so the language says. */
function connective({ kind, parts }: Of<'and' | 'or'>, about: About): Answer {
  const answers = parts.map((part) => answerOf(part, about))
  const decides = kind === 'or'
  return (facts, item) => {
    let certain = true
    for (const answer of answers) {
      const value = answer?.(facts, item)
      if (value === decides) return decides
      if (value !== !decides) certain = false
    }
    return certain ? !decides : undefined
  }
}

function call({ name, target, args }: Of<'call'>, about: About): Answer | null {
  const [first, second] = target ? [target, ...args] : args
  const left = first ? answerOf(first, about) : null
  if (name === '!_' && left) return negated(left)
  if (name === '@in' && left && second) return membership(left, second, about)
  const right = second ? answerOf(second, about) : null
  const operation = operations.get(name)
  if (!left || !right || !operation || (target ? 1 : 2) !== args.length) return null
  return (facts, item) => operation(left(facts, item), right(facts, item))
}

function negated(of: Answer): Answer {
  return (facts, item) => {
    const value = of(facts, item)
    return typeof value === 'boolean' ? !value : undefined
  }
}

/** Texts only: a number may equal one of another type. */
function membership(item: Answer, within: Node, about: About): Answer | null {
  const written = within.kind === 'list' ? within.items.map((one) => one.kind === 'literal' && one.value) : []
  const list = within.kind === 'list' ? () => written : answerOf(within, about)
  if (list === null || written.some((one) => typeof one !== 'string')) return null
  return (facts, variable) => {
    const value = item(facts, variable)
    const among = list(facts, variable)
    return typeof value === 'string' && Array.isArray(among) ? among.includes(value) : undefined
  }
}

/** As `||` and `&&` over the items. */
function macro({ name, range, variable, test }: Of<'macro'>, about: About): Answer | null {
  const list = answerOf(range, about)
  const answer = test && answerOf(test, { ...about, variable })
  if (!list || !answer || (name !== 'exists' && name !== 'all')) return null
  const decides = name === 'exists'
  return (facts, outer) => {
    const items = list(facts, outer)
    if (!Array.isArray(items)) return undefined
    let certain = true
    for (const item of items) {
      const value = answer(facts, item)
      if (value === decides) return decides
      if (value !== !decides) certain = false
    }
    return certain ? !decides : undefined
  }
}

type Operation = (left: Value | undefined, right: Value | undefined) => boolean | undefined
type Ordered = string | bigint | number

/** Between values of one plain type, what the language means is what JavaScript means. */
const operations: ReadonlyMap<string, Operation> = new Map([
  ['_==_', (left, right) => (alike(left, right) ? left === right : undefined)],
  ['_!=_', (left, right) => (alike(left, right) ? left !== right : undefined)],
  ['_<_', ordered((left, right) => left < right)],
  ['_<=_', ordered((left, right) => left <= right)],
  ['_>_', ordered((left, right) => left > right)],
  ['_>=_', ordered((left, right) => left >= right)],
  ['startsWith', onTexts((text, part) => text.startsWith(part))],
  ['endsWith', onTexts((text, part) => text.endsWith(part))],
  [
    'contains',
    onTexts((text, part) => (part.length > conditionLimits.part ? undefined : text.includes(part))),
  ],
] satisfies [string, Operation][])

function alike(left: Value | undefined, right: Value | undefined): boolean {
  return typeof left === typeof right && typeof left !== 'object' && left !== undefined
}

function ordered(test: <T extends Ordered>(left: T, right: T) => boolean): Operation {
  return (left, right) => {
    if (typeof left === 'bigint' && typeof right === 'bigint') return test(left, right)
    if (typeof left === 'string' && typeof right === 'string') return test(left, right)
    return typeof left === 'number' && typeof right === 'number' ? test(left, right) : undefined
  }
}

function onTexts(test: (text: string, part: string) => boolean | undefined): Operation {
  return (text, part) => (typeof text === 'string' && typeof part === 'string' ? test(text, part) : undefined)
}
