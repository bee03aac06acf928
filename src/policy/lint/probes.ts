import type { Json } from '../../core/json.ts'
import { type Bundle, type Rule, verdictKinds } from '../bundle.ts'
import type { ParamType } from '../catalogue.ts'
import { everyNode } from '../conditions/node.ts'
import { evaluateWithFacts } from '../evaluate.ts'
import type { Clause } from './clause.ts'
import { clausesOf } from './clauses.ts'
import { type Probe, probeFor, type Workshop, workshopOf } from './probe.ts'
import { anyRequest, appliesNot, type RuleLogic } from './ruleLogic.ts'

/** What requests that were made up from the conditions show (policy.md section 9, layer 3). */
export interface Probed {
  /** For each rule that applied to one, the first: a proof that the rule can be reached. */
  readonly reached: ReadonlyMap<string, Probe>
  /** Rules that were among those that decided at least one, or of which that could not be found out. */
  readonly decisive: ReadonlySet<string>
  readonly tried: number
}

/** Ways through one rule that are tried for each of its actions, and actions that are tried for each rule. */
const waysTried = 6
const actionsTried = 3
/** How long the search goes on for requests that no stricter rule applies to; beyond it, nothing is said. */
const [mostRounds, addedInRound, mostRoundsInAll] = [5, 3, 300]
/** Requests with parameters drawn from the literals, for a rule that nothing else has reached. */
const draws = 200

/**
 * Asks the real evaluator about requests made for each rule: one for each way that its condition can be true; then, while
 * it has decided none, ones that the stricter rules do not apply to; then parameters drawn from the rule's literals.
 * The same bundle gives the same requests.
 */
export function probeRules(bundle: Bundle, logic: readonly RuleLogic[]): Probed {
  const seen: Seen = { bundle, reached: new Map(), decisive: new Set(), tried: 0, rounds: 0 }
  const workshop = workshopOf(bundle)
  for (const one of logic) {
    tryWays(seen, workshop, one)
    if (!seen.reached.has(one.rule.id)) tryDraws(seen, workshop, one)
  }
  for (const one of logic) if (!seen.decisive.has(one.rule.id)) tryAlone(seen, workshop, one)
  return seen
}

interface Seen {
  readonly bundle: Bundle
  readonly reached: Map<string, Probe>
  readonly decisive: Set<string>
  tried: number
  rounds: number
}

/** Gives the ids of the rules that applied. */
function ask(seen: Seen, probe: Probe | null): readonly string[] {
  if (probe === null) return []
  seen.tried += 1
  const { verdict } = evaluateWithFacts(seen.bundle, probe.action, probe.facts)
  const fired = Array.isArray(verdict.facts.fired) ? verdict.facts.fired.map(String) : []
  for (const id of [...fired, ...verdict.observed]) if (!seen.reached.has(id)) seen.reached.set(id, probe)
  for (const id of verdict.rules) seen.decisive.add(id)
  return fired
}

function tryWays(seen: Seen, workshop: Workshop, { actions, ways }: RuleLogic): void {
  for (const action of actions.slice(0, actionsTried))
    for (const way of ways.clauses.slice(0, waysTried))
      ask(seen, probeFor(workshop, action, only(way, action)))
}

function only(way: Clause, action: string): Clause {
  return new Map([...way, ['action', [{ is: 'among', values: [action] }]]])
}

/**
 * Requests that the rule applies to and that the stricter rules seen beside it so far do not, round by round. Where that
 * leads nowhere soon, nothing is known, and the rule counts as decisive.
 */
function tryAlone(seen: Seen, workshop: Workshop, one: RuleLogic): void {
  for (const action of one.actions.slice(0, actionsTried)) {
    const stricter = (seen.bundle.candidates.get(action) ?? []).filter((rule) => isStricter(rule, one.rule))
    const beside = new Set<Rule>()
    for (let round = 1; !seen.decisive.has(one.rule.id); round += 1, seen.rounds += 1) {
      const formulas = [one.applies, ...[...beside].map(appliesNot)]
      const { clauses } = clausesOf(formulas, { start: anyRequest([action]), isWhole: one.isWhole })
      const fired = clauses.slice(0, waysTried).flatMap((way) => ask(seen, probeFor(workshop, action, way)))
      const more = stricter
        .filter((rule) => !beside.has(rule) && fired.includes(rule.id))
        .slice(0, addedInRound)
      if (more.length === 0) break
      for (const rule of more) beside.add(rule)
      if (round === mostRounds || seen.rounds >= mostRoundsInAll) seen.decisive.add(one.rule.id)
    }
  }
}

function isStricter(rule: Rule, than: Rule): boolean {
  return rule.mode === 'enforce' && verdictKinds.indexOf(rule.verdict) > verdictKinds.indexOf(than.verdict)
}

/** Combinations of what the conditions compare with, for conditions that cannot be reasoned about. */
function tryDraws(seen: Seen, workshop: Workshop, { rule, actions, ways }: RuleLogic): void {
  const [action = ''] = actions
  const base = ways.clauses.slice(0, 1).map((way) => probeFor(workshop, action, opaqueAside(way, action)))[0]
  const declared = seen.bundle.catalogue.get(action)?.params
  if (!base || declared === undefined || declared === 'open') return
  const draw = drawer(literalsOf(rule))
  for (let nth = 0; nth < draws && !seen.reached.has(rule.id); nth += 1) {
    const params: Record<string, Json> = {}
    for (const [name, { type, optional }] of declared) {
      const absent = optional && draw.below(3) === 0
      if (!absent)
        params[name] = draw.below(3) === 0 ? (base.action.params[name] ?? draw.value(type)) : draw.value(type)
    }
    ask(seen, { ...base, action: { ...base.action, params } })
  }
}

function opaqueAside(way: Clause, action: string): Clause {
  return only(new Map([...way].filter(([path]) => !path.startsWith('?'))), action)
}

interface Literals {
  readonly texts: readonly string[]
  readonly numbers: readonly number[]
}

function literalsOf({ when, unless }: Rule): Literals {
  const nodes = [when, unless].flatMap((condition) => (condition ? everyNode(condition.compiled.tree) : []))
  const values = nodes.flatMap((node) => (node.kind === 'literal' ? [node.value] : []))
  const texts = values.filter((value) => typeof value === 'string')
  const numbers = values.flatMap((value) =>
    typeof value === 'bigint' || typeof value === 'number' ? [Number(value)] : [],
  )
  return {
    texts: [
      'x',
      '',
      ...texts,
      ...texts.map((text) => `${text}x`),
      ...(texts.length > 1 ? [texts.join('')] : []),
    ],
    numbers: [
      0,
      1,
      ...[...numbers, ...combined(numbers)].flatMap((number) => [number - 1, number, number + 1]),
    ],
  }
}

/** What arithmetic between two literals may be about. */
function combined(numbers: readonly number[]): readonly number[] {
  const few = numbers.slice(0, 6)
  return few.flatMap((left) =>
    few.flatMap((right) => [
      left + right,
      left - right,
      left * right,
      ...(right === 0 ? [] : [left / right]),
    ]),
  )
}

/** Draws that come the same every time: a linear congruential generator, because nothing here has to be unpredictable. */
function drawer({ texts, numbers }: Literals) {
  let state = 1
  const below = (bound: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * bound)
  }
  const one = <T>(items: readonly T[], otherwise: T): T => items[below(items.length)] ?? otherwise
  const value = (type: ParamType): Json => {
    if (typeof type === 'object') return Array.from({ length: below(4) }, () => value(type.list))
    if (type === 'int') return Math.round(one(numbers, 1))
    if (type === 'number') return one(numbers, 1)
    return type === 'bool' ? below(2) === 0 : one(texts, 'x')
  }
  return { below, value }
}
