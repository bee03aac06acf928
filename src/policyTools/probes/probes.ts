import { type Bundle, conditionsOf, type Rule, verdictKinds } from '../../policy/bundle.ts'
import { evaluateWithFacts } from '../../policy/evaluate.ts'
import { type Budget, budgetOf } from '../lint/budget.ts'
import type { Clause } from '../logic/clause.ts'
import { clausesOf, isEmpty } from '../logic/clauses.ts'
import { isOpaque } from '../logic/formula.ts'
import { anyRequest, appliesNot, isHeld, type RuleLogic } from '../logic/ruleLogic.ts'
import { drawn } from './draws.ts'
import { type Probe, type ProbeContext, probeContextOf, probeFor } from './probe.ts'
import { environmentFor } from './probeEnvironment.ts'

/** What requests that were made up from the conditions show (docs/policy-tools.md#lint). */
export interface Probed {
  /** For each rule that applied to one, the first: a proof that the rule can be reached. */
  readonly reached: ReadonlyMap<string, Probe>
  /** Rules that were among those that decided at least one, or of which it is not certain that they decide none. */
  readonly decisive: ReadonlySet<string>
  /** For each rule that applied, for some of the requests which rules applied: what is not there does not cover it. */
  readonly companions: ReadonlyMap<string, readonly ReadonlySet<string>[]>
  /** The same where the rule denied and could be lifted. */
  readonly lifted: ReadonlyMap<string, readonly ReadonlySet<string>[]>
  /** Rules of which nothing can be said, because no request was made for them, or not all. */
  readonly untried: ReadonlySet<string>
  readonly tried: number
}

/** Ways through one rule that are tried for each of its actions, and actions that are tried for each rule. */
const waysTried = 6
const actionsTried = 3
/** How long the search goes on for requests that no stricter rule applies to; beyond it, nothing is said. */
const [mostRounds, addedInRound] = [5, 3]
/** Steps for making up one request, beside one for each rule that is asked about it; and for a search of ways. */
const stepsToMake = 50
/** Requests of each rule that are remembered. */
const kept = 16

/**
 * Asks the real evaluator about requests made for each rule: one for each way that its condition can be true; then
 * drawn ones, where none reached it; then, while it has decided none, ones that the stricter rules do not apply to. The
 * same bundle gives the same requests.
 */
export function probeRules(bundle: Bundle, logic: readonly RuleLogic[], budget = budgetOf()): Probed {
  const seen: Seen = {
    bundle,
    budget,
    reached: new Map(),
    decisive: new Set(),
    companions: new Map(),
    lifted: new Map(),
    untried: new Set(logic.map(({ rule }) => rule.id)),
    tried: 0,
  }
  const workshop = probeContextOf(bundle)
  for (const one of logic) {
    tryWays(seen, workshop, one)
    if (!seen.reached.has(one.rule.id)) tryDraws(seen, workshop, one)
  }
  for (const one of logic) {
    if (seen.decisive.has(one.rule.id)) continue
    const isNever = one.actions.length <= actionsTried && tryAlone(seen, workshop, one)
    if (!isNever) seen.decisive.add(one.rule.id)
  }
  for (const { rule } of logic) if (readsText(rule) && !seen.reached.has(rule.id)) seen.untried.add(rule.id)
  return seen
}

interface Seen {
  readonly bundle: Bundle
  readonly budget: Budget
  readonly reached: Map<string, Probe>
  readonly decisive: Set<string>
  readonly companions: Map<string, ReadonlySet<string>[]>
  readonly lifted: Map<string, ReadonlySet<string>[]>
  readonly untried: Set<string>
  tried: number
}

/** Makes a request, asks about it, and gives the ids of the rules that applied. Empty where there is none, or no budget. */
function ask(seen: Seen, rule: string, make: () => Probe | null): readonly string[] {
  const { bundle, budget, untried } = seen
  if (!budget.take('requests', stepsToMake)) {
    untried.add(rule)
    return []
  }
  const probe = make()
  if (probe === null) return []
  budget.take('requests', bundle.candidates.get(probe.action.action)?.length ?? 0)
  untried.delete(rule)
  seen.tried += 1
  const { verdict, effect } = evaluateWithFacts(bundle, probe.action, probe.facts)
  const fired = Array.isArray(verdict.facts.fired) ? verdict.facts.fired.map(String) : []
  for (const id of [...fired, ...verdict.observed]) if (!seen.reached.has(id)) seen.reached.set(id, probe)
  // A rule that allows and is held back by the floor adds the defaults, whatever else is asked.
  const counts = verdict.kind !== 'deny' && isHeld(bundle, effect)
  for (const id of counts ? fired : verdict.rules) seen.decisive.add(id)
  const together = new Set(fired)
  for (const id of fired) keep(seen.companions, id, together)
  if (verdict.breakGlass !== null) for (const id of verdict.rules) keep(seen.lifted, id, together)
  return fired
}

function keep(sets: Map<string, ReadonlySet<string>[]>, id: string, set: ReadonlySet<string>): void {
  const known = sets.get(id) ?? []
  if (known.length < kept) known.push(set)
  sets.set(id, known)
}

function tryWays(seen: Seen, workshop: ProbeContext, { rule, actions, ways }: RuleLogic): void {
  for (const action of actions.slice(0, actionsTried))
    for (const way of ways.clauses.slice(0, waysTried))
      ask(seen, rule.id, () => probeFor(workshop, action, only(way, action)))
  // Nothing could be made up because there is no such environment: that is known.
  if (ways.clauses.every((way) => environmentFor(seen.bundle, way) === null)) seen.untried.delete(rule.id)
}

function only(way: Clause, action: string): Clause {
  return new Map([...way, ['action', [{ is: 'among', values: [action] }]]])
}

/**
 * Requests that the rule applies to and that the stricter rules seen beside it so far do not, round by round. Gives
 * whether there certainly are none: some stricter rule always applies too.
 */
function tryAlone(seen: Seen, workshop: ProbeContext, one: RuleLogic): boolean {
  return one.actions.slice(0, actionsTried).every((action) => {
    const beside = new Set<Rule>()
    const stricter = (seen.bundle.candidates.get(action) ?? []).filter((rule) =>
      isStricter(rule, {
        than: one.rule,
        isHeld: isHeld(seen.bundle, seen.bundle.catalogue.get(action)?.effect),
      }),
    )
    for (let round = 1; round <= mostRounds; round += 1) {
      const others = [...beside].map(appliesNot)
      const known = { start: anyRequest([action]), isWhole: one.isWhole }
      const { clauses, complete } = clausesOf([one.applies, ...others], known)
      if (clauses.length === 0) return complete && isEmpty(clausesOf([one.mayFire, ...others], known))
      const fired = clauses
        .slice(0, waysTried)
        .flatMap((way) => ask(seen, one.rule.id, () => probeFor(workshop, action, way)))
      if (seen.decisive.has(one.rule.id)) return false
      const more = stricter
        .filter((rule) => !beside.has(rule) && fired.includes(rule.id))
        .slice(0, addedInRound)
      if (more.length === 0) return false
      for (const rule of more) beside.add(rule)
    }
    return false
  })
}

/** Of rules that decide, one beside which the other says nothing. */
function isStricter(
  rule: Rule,
  { than, isHeld }: { readonly than: Rule; readonly isHeld: boolean },
): boolean {
  if (rule.mode !== 'enforce' || (isHeld && rule.verdict !== 'deny')) return false
  return verdictKinds.indexOf(rule.verdict) > verdictKinds.indexOf(than.verdict)
}

/** Draws for conditions that cannot be reasoned about. What these ask of open parameters cannot be guessed: nothing is said then. */
function tryDraws(seen: Seen, workshop: ProbeContext, { rule, actions, ways }: RuleLogic): void {
  const [action = ''] = actions
  const { bundle, reached, untried } = seen
  const [base] = ways.clauses.slice(0, waysTried).flatMap((way) => {
    const plain = new Map([...way].filter(([path]) => !isOpaque(path)))
    return probeFor(workshop, action, only(plain, action)) ?? []
  })
  if (base === undefined) return
  for (const probe of drawn(bundle, rule, base)) {
    if (reached.has(rule.id)) return
    ask(seen, rule.id, () => probe)
  }
  const isBlind = ways.clauses.some((way) => [...way.keys()].some(isOpaque))
  const isOpen = bundle.catalogue.get(action)?.params === 'open'
  if (isBlind && isOpen && !reached.has(rule.id)) untried.add(rule.id)
}

/** No text is made up that would be read as a condition asks. */
function readsText(rule: Rule): boolean {
  return conditionsOf(rule).some(({ compiled: { refs } }) => refs.has('read') || refs.has('tool'))
}
