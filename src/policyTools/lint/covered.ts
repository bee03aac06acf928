import type { BreakGlassDemand, Bundle, Demand, Rule } from '../../policy/bundle.ts'
import { verdictKinds } from '../../policy/bundle.ts'
import { join } from '../../policy/join.ts'
import type { Clause } from '../logic/clause.ts'
import { allows } from '../logic/clauses.ts'
import { implies } from '../logic/domain.ts'
import { type Formula, isOpaque, keyOf } from '../logic/formula.ts'
import { askedOf } from '../logic/relation.ts'
import { isHeld, type RuleLogic } from '../logic/ruleLogic.ts'
import type { Probed } from '../probes/probes.ts'
import { about } from './about.ts'
import type { Budget } from './budget.ts'
import type { Finding, LintCode } from './finding.ts'

/**
 * Rules that never change an outcome, because another rule applies to every request that they apply to
 * (docs/policy-tools.md#lint). Sound, so there are no false alarms; incomplete, so it may stay silent.
 */
export function covered(
  bundle: Bundle,
  logic: readonly RuleLogic[],
  { companions, budget }: { readonly companions: Probed['companions']; readonly budget: Budget },
): readonly Finding[] {
  const byId = new Map(logic.map((one) => [one.rule.id, one]))
  return logic.flatMap((inner) => {
    const [first = ''] = inner.actions
    const seen = companions.get(inner.rule.id) ?? []
    for (const { id } of bundle.candidates.get(first) ?? []) {
      const outer = byId.get(id)
      // Where a request was seen that only the inner one applies to, the outer one does not cover it.
      if (!outer || outer === inner || !seen.every((fired) => fired.has(id))) continue
      if (!budget.take('pairs', 1 + inner.waysToFire.clauses.length * sizeOf(outer.fires))) continue
      const finding = consequence(bundle, { inner, outer })
      if (finding) return [finding]
    }
    return []
  })
}

/** How many tests a formula has. */
function sizeOf(formula: Formula): number {
  return formula.kind === 'test' ? 1 : formula.parts.reduce((sum, part) => sum + sizeOf(part), 0)
}

interface Pair {
  readonly inner: RuleLogic
  readonly outer: RuleLogic
}

function consequence(bundle: Bundle, pair: Pair): Finding | null {
  const { rule } = pair.inner
  const other = pair.outer.rule
  const said = saying(bundle, pair)
  if (said === null || rule.id === other.id || !covers(pair)) return null
  // Of two rules that say the same about the same requests, one has to stay.
  if (
    said[0] === 'rule/redundant' &&
    covers({ inner: pair.outer, outer: pair.inner }) &&
    rule.id < other.id
  ) {
    const back = saying(bundle, { inner: pair.outer, outer: pair.inner })
    if (back?.[0] === 'rule/redundant') return null
  }
  return about(rule, said)
}

function saying(bundle: Bundle, { inner, outer }: Pair): readonly [LintCode, string] | null {
  const { rule } = inner
  const other = outer.rule
  if (rule.mode === 'observe' || other.mode === 'observe' || rule.id === other.id) return null
  const stricter = verdictKinds.indexOf(other.verdict) - verdictKinds.indexOf(rule.verdict)
  if (stricter < 0) return null
  if (stricter > 0 && rule.verdict === 'allow') {
    // Where the floor holds it back, it adds the defaults to what the other one asks.
    if (
      other.verdict !== 'deny' &&
      inner.actions.some((action) => isHeld(bundle, bundle.catalogue.get(action)?.effect))
    )
      return null
    const message = `This never takes effect: whenever it applies, "${other.id}" (${other.verdict}) applies too. Narrow that rule, or remove this one.`
    return ['rule/dead-allow', message]
  }
  if (stricter > 0)
    return [
      'rule/shadowed',
      `This approval is never asked for: "${other.id}" denies every request it applies to. Narrow that rule, or remove this one.`,
    ]
  if (!addsNothing(bundle, { rule, other })) return null
  return [
    'rule/redundant',
    `This adds nothing: "${other.id}" applies to every request it applies to, and asks for at least as much. Remove it.`,
  ]
}

/** Whether `outer` applies whenever `inner` does. True only when that is certain. */
export function covers(pair: Pair): boolean {
  const { inner, outer } = pair
  const { clauses, complete } = inner.waysToFire
  if (!complete || clauses.length === 0) return false
  if (outer.readsOpenParams && outer.rule.verdict === 'allow') return false
  if (!inner.actions.every((action) => outer.actions.includes(action))) return false
  return clauses.every((way) => canSearch(way, outer) && follows(way, outer.fires, pair))
}

/** Whether an outer rule that allows searches nothing that was not searched already: it could fail there. */
function canSearch(way: Clause, { rule, searches }: RuleLogic): boolean {
  if (rule.verdict !== 'allow') return true
  const isKnown = (formula: Formula): boolean =>
    formula.kind === 'test' &&
    (way.get(formula.path) ?? []).some((test) => keyOf(test) === keyOf(formula.test))
  return searches.every((either) => either.some(isKnown))
}

/** Paths of which `anyRequest` knows the possible values, and which may not be there. */
const assumed: readonly string[] = ['initiator.kind', 'initiator.attested', 'request.source']

function follows(way: Clause, formula: Formula, pair: Pair): boolean {
  const { isWhole } = pair.inner
  if (formula.kind === 'and') return formula.parts.every((part) => follows(way, part, pair))
  if (formula.kind === 'or') return formula.parts.some((part) => follows(way, part, pair))
  const { path, test } = formula
  // Both are there, so they stand to each other as they should or the contrary way.
  if (test.is === 'relation')
    return (
      way.has(path) &&
      way.has(test.path) &&
      !allows(way, { ...formula, test: { ...test, holds: !test.holds } }, isWhole)
    )
  const tests = askedOf(way, path)
  // Nobody asked for it in this way: it is one of those only where it is known at all, else nothing is allowed.
  if (tests.length === 1 && assumed.includes(path) && pair.outer.rule.verdict === 'allow') return false
  return tests.length > 0 && implies(tests, test, !isOpaque(path) && isWhole(path))
}

interface Two {
  readonly rule: Rule
  readonly other: Rule
}

/** Whether the joined requirement is the same with and without the rule. */
function addsNothing({ floor }: Bundle, { rule, other }: Two): boolean {
  if (rule.verdict === 'allow') return true
  if (other.breakGlass !== null && comparable(rule.breakGlass) !== comparable(other.breakGlass)) return false
  if (rule.verdict === 'deny') return rule.message === null || rule.message === other.message
  if (rule.demand === null || other.demand === null) return false
  const joined = (demands: readonly [Demand, ...Demand[]]): string => comparable(join(demands, floor))
  return joined([other.demand, rule.demand]) === joined([other.demand])
}

/** Conditions by their text; a text that has to be typed twice is typed once. */
function comparable(value: Omit<Demand, 'escalate'> | BreakGlassDemand | null): string {
  if (value === null) return 'null'
  const texts =
    'confirm' in value ? [...new Set(value.confirm.map(({ text }) => text))].sort() : [value.when?.text]
  return JSON.stringify({ ...value, confirm: texts, when: texts })
}
