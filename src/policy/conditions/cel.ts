import { withoutStacks } from '../withoutStacks.ts'
import { valueAt } from './bind.ts'
import { check } from './check.ts'
import { comparisonsIn } from './comparisons.ts'
import type {
  Bindings,
  Compilation,
  Compiled,
  ConditionEngine,
  Diagnostic,
  Outcome,
  Value,
} from './engine.ts'
import {
  type CelFunc,
  CelScalar,
  celEnv,
  celFunc,
  celList,
  celMap,
  celMethod,
  type Expression,
  type Info,
  isCelError,
  listType,
  parse,
  plan,
} from './library.ts'
import { conditionLimits, costOf, overLimits } from './limits.ts'
import type { Node } from './node.ts'
import { nodesOf } from './nodes.ts'
import { outlineOf } from './outline.ts'
import { stepsOf } from './path.ts'
import type { Fault } from './scope.ts'
import { type Searches, searchesWithin } from './search.ts'
import { syntaxFix } from './syntaxFix.ts'

/**
 * Conditions on `@bufbuild/cel`. It has no type checker and no budget, so nothing is planned before check.ts and limits.ts
 * have accepted it.
 */
export function celEngine(): ConditionEngine {
  const searches = searchesWithin(conditionLimits.searching)
  const compileRegex = searches.compile
  const env = celEnv({ funcs: functionsWith(searches) })
  const reader = readerOf()
  const evaluator = (expression: Expression, refs: ReadonlySet<string>): Compiled['eval'] => {
    const run = plan(env, expression)
    const read = reader(refs)
    // The engine's own typing of bindings wants every fact declared; ours are checked by check.ts instead.
    return (bindings) => {
      searches.begin()
      return withoutStacks(() => outcomeOf(run(read(bindings) as Parameters<typeof run>[0])))
    }
  }
  return {
    id: 'bufbuild-cel/0.6.1+check/1',
    compile(source, declared, want): Compilation {
      const refused = (faults: readonly Fault[]): Compilation => ({
        ok: false,
        diagnostics: faults.map((fault) => diagnosticOf(source, fault)),
      })
      const parsed = parseBounded(source)
      if ('fault' in parsed) return refused([parsed.fault])
      const limits = overLimits(parsed.node)
      if (limits.length > 0) return refused(limits)
      const { faults, refs, whenTrue, whenFalse } = check(parsed.node, declared, { want, compileRegex })
      if (faults.length > 0) return refused(faults)
      const whole = evaluator(parsed.expression, refs)
      const pieces = parsed.node.kind === 'and' ? parsed.pieces : []
      const conjuncts = pieces.map(({ source, offset }) => {
        const piece = parsedPiece(source)
        const { refs } = check(piece.node, declared, { want, compileRegex })
        return { source, offset, tree: piece.node, refs, eval: evaluator(piece.expression, refs) }
      })
      const only = { source: source.trim(), offset: 0, tree: parsed.node, refs, eval: whole }
      const compiled: Compiled = {
        conjuncts: conjuncts.length > 0 ? conjuncts : [only],
        tree: parsed.node,
        refs: new Set([...refs].sort()),
        cost: costOf(parsed.node),
        implies: { whenTrue, whenFalse },
        eval: whole,
        comparisons: (bindings, wanted) =>
          comparisonsIn(parsed.node, wanted, { bindings, searches: beginning(searches) }),
      }
      return { ok: true, compiled }
    },
  }
}

/**
 * Gives a condition the facts that it reads. The engine looks for a variable called `params.rows` before it looks into
 * `params`, and that search is most of what an evaluation costs: so each path that is read is put there by its full name,
 * once for all conditions of a verdict.
 */
function readerOf(): (
  refs: ReadonlySet<string>,
) => (bindings: Bindings) => Readonly<Record<string, unknown>> {
  const prepared = new WeakMap<Bindings, Record<string, unknown>>()
  return (refs) => {
    const paths = [...refs].map((path) => ({ path, steps: stepsOf(path) }))
    return (bindings) => {
      let named = prepared.get(bindings)
      if (named === undefined) {
        named = Object.create(null) as Record<string, unknown> // no prototype: no name can be found there
        prepared.set(bindings, named)
      }
      for (const { path, steps } of paths) {
        if (named[path] !== undefined) continue
        const value = valueAt(bindings, steps)
        if (value !== undefined) named[path] = wrapped(value)
      }
      return named
    }
  }
}

/** In the engine's own containers, so that it does not wrap them again at every access. */
function wrapped(value: Value): unknown {
  if (Array.isArray(value)) return celList(value)
  return value instanceof Map ? celMap(value) : value
}

type Parsed = {
  readonly expression: Expression
  readonly node: Node
  readonly pieces: ReturnType<typeof outlineOf>['pieces']
}

/** With the whole budget for what follows. */
function beginning(searches: Searches): Searches['test'] {
  searches.begin()
  return searches.test
}

function parsedPiece(source: string): Parsed {
  const piece = parseBounded(source)
  if ('fault' in piece) throw new Error(`a part of a condition that parses does not parse: ${source}`)
  return piece
}

/** Length and nesting are looked at before parsing: both cost the parser time and stack. */
function parseBounded(source: string): Parsed | { readonly fault: Fault } {
  const { length, depth } = conditionLimits
  if (source.length > length) {
    const message = `${source.length} characters; at most ${length} are allowed: split the rule.`
    return { fault: { at: 0, code: 'cel/limit/length', message } }
  }
  const { deepest, pieces } = outlineOf(source)
  if (deepest > depth) {
    const message = `Brackets nested ${deepest} deep; at most ${depth} are allowed: remove some.`
    return { fault: { at: 0, code: 'cel/limit/depth', message } }
  }
  try {
    // The parser wants a line to end after a comment.
    const { expr, sourceInfo } = parse(`${source}\n`)
    return { expression: expr, node: nodesOf(expr, sourceInfo ?? noInfo), pieces }
  } catch (error) {
    return { fault: syntaxFault(source, error) }
  }
}

function syntaxFault(source: string, error: unknown): Fault {
  if (error instanceof RangeError)
    return { at: 0, code: 'cel/limit/depth', message: 'This is nested too deeply: split the rule.' }
  const place = typeof error === 'object' && error !== null && 'location' in error ? error.location : null
  const start = typeof place === 'object' && place !== null && 'start' in place ? place.start : null
  const at = typeof start === 'object' && start !== null && 'offset' in start ? Number(start.offset) : 0
  const said = error instanceof Error ? error.message.replace(/^<input>:\d+:\d+: /, '') : ''
  return { code: 'cel/syntax', ...syntaxFix(source, { at, said }) }
}

const noInfo: Info = { positions: {}, macroCalls: {} }

/**
 * Our functions beside and over the engine's: regular expressions compiled once at load, searching and `split`
 * with bounds, and arithmetic that is an error instead of infinite or not a number, which every comparison would miss.
 */
function functionsWith(searches: Searches): CelFunc[] {
  const { BOOL, DOUBLE, STRING } = CelScalar
  const { part, pieces } = conditionLimits
  const sought = (text: string): string => {
    if (text.length > part)
      throw new Error(`a text of more than ${part} characters is not looked for: compare a shorter one`)
    return text
  }
  const finite = (value: number): number => {
    if (!Number.isFinite(value)) throw new Error('a number became too large')
    return value
  }
  return [
    celMethod('matches', STRING, [STRING], BOOL, function (pattern) {
      return searches.test(pattern, this)
    }),
    celMethod('contains', STRING, [STRING], BOOL, function (text) {
      return this.includes(sought(text))
    }),
    celMethod('lowerAscii', STRING, [], STRING, function () {
      return this.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
    }),
    celMethod('split', STRING, [STRING], listType(STRING), function (separator) {
      const found = separator === '' ? [...this] : this.split(sought(separator), pieces + 1)
      if (found.length > pieces)
        throw new Error(`a text was split into more than ${pieces} pieces: use contains or matches`)
      return found
    }),
    celFunc('_+_', [DOUBLE, DOUBLE], DOUBLE, (left, right) => finite(left + right)),
    celFunc('_-_', [DOUBLE, DOUBLE], DOUBLE, (left, right) => finite(left - right)),
    celFunc('_*_', [DOUBLE, DOUBLE], DOUBLE, (left, right) => finite(left * right)),
    celFunc('_/_', [DOUBLE, DOUBLE], DOUBLE, (left, right) => finite(left / right)),
  ]
}

function outcomeOf(result: unknown): Outcome {
  if (typeof result === 'boolean' || typeof result === 'string') return { ok: true, value: result }
  const said = isCelError(result) ? result.message : 'the result is neither true nor false nor a text'
  return { ok: false, error: said.slice(0, 200) }
}

function diagnosticOf(source: string, { at: reported, code, message }: Fault): Diagnostic {
  // The parser gives some operators the place of the space before them.
  const at = reported + (/^\s*/.exec(source.slice(reported))?.[0].length ?? 0)
  const before = source.slice(0, at)
  const start = before.lastIndexOf('\n') + 1
  const [text = ''] = source.slice(start).split('\n', 1)
  const column = at - start + 1
  const line = before.split('\n').length
  return { code, message, offset: at, line, column, excerpt: `${text}\n${' '.repeat(column - 1)}^` }
}
