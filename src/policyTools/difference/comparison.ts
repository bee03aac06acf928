import type { Bundle, Rule } from '../../policy/bundle.ts'
import { covers } from '../lint/covered.ts'
import { logicOf, type RuleLogic } from '../logic/ruleLogic.ts'
import { looserDemand } from './demandEdits.ts'

/** Two bundles, and the rules of each that take part in judging, by id, each with those of its actions that both know. */
export interface Comparison {
  readonly base: Bundle
  readonly head: Bundle
  readonly before: ReadonlyMap<string, RuleLogic>
  readonly after: ReadonlyMap<string, RuleLogic>
}

/** Prepares a comparison: everything that lint says about edits reasons from this. */
export function comparisonOf(base: Bundle, head: Bundle): Comparison {
  const judging = (bundle: Bundle, other: Bundle): ReadonlyMap<string, RuleLogic> =>
    new Map(
      logicOf(bundle)
        .filter(({ rule }) => rule.mode === 'enforce')
        .map((logic) => {
          const actions = logic.actions.filter((action) => other.catalogue.has(action))
          return [logic.rule.id, { ...logic, actions }]
        }),
    )
  return { base, head, before: judging(base, head), after: judging(head, base) }
}

/** Whether `outer` applies to every request that `inner` applies to, as far as the rules themselves tell. True only when that is certain. */
export function appliesWherever(outer: RuleLogic, inner: RuleLogic): boolean {
  if (!inner.actions.every((action) => outer.actions.includes(action))) return false
  const [within, around] = [inner.rule, outer.rule]
  // What cannot be evaluated counts as true for a rule that asks or denies, and as false for one that allows.
  const errorsAgree = within.verdict === 'allow' || around.verdict !== 'allow' || !inner.mayFail
  const environments =
    around.match.environments === null ||
    (within.match.environments?.every((one) => around.match.environments?.includes(one)) ?? false)
  const agents =
    around.match.agents === null ||
    (within.match.agents?.every(({ pattern, exact }) =>
      around.match.agents?.some((one) => one.pattern === pattern || (exact && one.fits(pattern))),
    ) ??
      false)
  const same = (name: 'when' | 'unless'): boolean =>
    around[name] === null || around[name].text.trim() === within[name]?.text.trim()
  if (errorsAgree && environments && agents && same('when') && same('unless')) return true
  return covers({ inner, outer })
}

/**
 * How a rule that begins to apply to requests may ask less than was asked before; empty when it cannot. Where other
 * rules applied already, one that denies or asks only adds; where none did, what no rule matches was denied or asked by
 * the defaults. What one person may lift alone can be less than what several were asked.
 */
export function looserWhereNew({ base, before }: Comparison, added: RuleLogic): readonly string[] {
  if (added.rule.verdict === 'deny') return added.rule.breakGlass ? ['one person may lift it alone'] : []
  if ([...before.values()].some((one) => appliesWherever(one, added))) return []
  return looserThanUnmatched(base, added.rule, base.unmatched.knownAction)
}

/** The same for requests that no rule matched: `fallback` is what was done with them. */
export function looserThanUnmatched(
  { defaults }: Bundle,
  { demand, breakGlass }: Rule,
  fallback: 'require_approval' | 'deny',
): readonly string[] {
  if (demand === null) return breakGlass ? ['one person may lift it alone'] : []
  if (fallback === 'deny') return ['requests that no rule matched were denied']
  return [...looserDemand(defaults, demand), ...(breakGlass ? ['it offers break-glass'] : [])]
}

/**
 * Whether people can be asked for less because a rule that allows applies no longer: where the floor holds it back, it
 * makes the defaults part of what is asked, beside the rules that ask.
 */
export function heldWithDefaults({ base, head }: Comparison, { rule, actions }: RuleLogic): boolean {
  if (rule.verdict !== 'allow') return false
  return actions.some((action) => {
    const effect = base.catalogue.get(action)?.effect
    const asking = (head.candidates.get(action) ?? []).filter(
      ({ mode, demand }) => mode === 'enforce' && demand,
    )
    return (
      base.floor.neverAllowEffects.some((one) => one === effect) &&
      asking.some((one) => looserThanUnmatched(base, one, 'require_approval').length > 0)
    )
  })
}
