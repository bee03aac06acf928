import type { Rule } from './bundle.ts'
import type { Bindings, Outcome } from './conditions/engine.ts'
import type { Facts } from './facts.ts'

/** What a condition came to, and the sentence for the record when it could not be evaluated. */
export interface Ruling {
  readonly applies: boolean
  readonly errors: readonly string[]
}

/**
 * Whether a candidate rule applies: `when` and not `unless`. What cannot be evaluated counts the stricter way: for a rule
 * that denies or asks, `when` as true and `unless` as false; for one that allows, the other way round (policy.md section
 * 4.6). The action's name and effect were already matched by the index.
 */
export function judgeRule(rule: Rule, about: Whereabouts, bindings: () => Bindings): Ruling {
  const { when, unless, verdict } = rule
  if (!isAbout(rule, about)) return stays
  const strict = verdict !== 'allow'
  const shown = when?.compiled.eval(bindings()) ?? always
  const applies = shown.ok ? shown.value === true : strict
  const lifted = applies && unless !== null ? unless.compiled.eval(bindings()) : never
  if (shown.ok && lifted.ok) return applies && lifted.value !== true ? fires : stays
  return {
    applies: applies && !(lifted.ok ? lifted.value === true : !strict),
    errors: [...failure(shown, '`when', rule), ...failure(lifted, '`unless', rule)],
  }
}

/** What `match` says beside actions and effects. */
type Whereabouts = Pick<Facts, 'environment' | 'agent'>

/**
 * Whether a rule is about this environment and this agent. Environments are compared letter by letter; an agent whose name was
 * not recorded is whoever makes the rule stricter.
 */
export function isAbout({ match, verdict }: Pick<Rule, 'match' | 'verdict'>, about: Whereabouts): boolean {
  const { environment, agent } = about
  return (match.environments?.includes(environment) ?? true) && isOneOf({ match, verdict }, agent)
}

/** The same of the agent alone. */
export function isOneOf(
  { match: { agents }, verdict }: Pick<Rule, 'match' | 'verdict'>,
  { name }: Facts['agent'],
): boolean {
  if (agents === null) return true
  return name === undefined ? verdict !== 'allow' : agents.some((one) => one.fits(name))
}

const stays: Ruling = { applies: false, errors: [] }
const fires: Ruling = { applies: true, errors: [] }
const always: Outcome = { ok: true, value: true }
const never: Outcome = { ok: true, value: false }

function failure(
  outcome: Outcome,
  name: '`when' | '`unless',
  { id, verdict, mode }: Rule,
): readonly string[] {
  if (outcome.ok) return []
  const taken = (verdict !== 'allow') === (name === '`when')
  const counts = mode === 'observe' ? 'decides nothing, because the rule only observes' : `counts as ${taken}`
  return [couldNot(`${name}\` of rule ${id}`, counts, outcome.error)]
}

/** One sentence for people; the engine's own words never hold a value. */
export function couldNot(what: string, taken: string, error: string): string {
  return `${what} could not be evaluated and ${taken} (${error}).`
}
