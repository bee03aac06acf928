import type { Bundle, Rule } from '../../policy/bundle.ts'
import { initiatorKinds, requestSources } from '../../policy/conditions/declarations.ts'
import { stepsOf } from '../../policy/conditions/path.ts'
import { sensitivities } from '../../policy/resources.ts'
import { weekdays } from '../../policy/time.ts'
import { budgetOf } from '../lint/budget.ts'
import { isNamed } from './agentNames.ts'
import { type CanFail, canFailFor, notFalse, searchesIn, showsAlways } from './canFail.ts'
import type { Clause, IsWhole } from './clause.ts'
import { type Clauses, clausesOf, mostSteps } from './clauses.ts'
import type { Tests } from './domain.ts'
import { always, type Constant, type Formula, never } from './formula.ts'
import { formulaOf } from './formulaOf.ts'

/** A rule as the linter reasons about it. */
export interface RuleLogic {
  readonly rule: Rule
  /** Actions of the catalogue that its `match` fits. */
  readonly actions: readonly string[]
  /** When its conditions say that it applies, on a request for one of the actions. */
  readonly applies: Formula
  /** The ways for that. */
  readonly ways: Clauses
  /** When it applies, also where a condition cannot be evaluated and the rule denies or asks for that reason. */
  readonly fires: Formula
  /** The same, where nothing is known of what may fail: never less than `fires`. */
  readonly mayFire: Formula
  /** The ways for that. */
  readonly waysToFire: Clauses
  readonly isWhole: IsWhole
  /** Whether a condition may fail on some request. */
  readonly mayFail: boolean
  /** Parts that search, each with its contrary: where an allow has more of them than another, it may fail alone. */
  readonly searches: readonly (readonly Formula[])[]
  /** A wrong type in open parameters counts the stricter way, so such a rule applies to more than its conditions say. */
  readonly readsOpenParams: boolean
}

/** For the conditions of a bundle that has too many of them. */
const fewSteps = 100

/** What the linter knows about every rule, sorted by id. */
export function logicOf(bundle: Bundle, budget = budgetOf()): readonly RuleLogic[] {
  const actionsOf = new Map<string, string[]>(bundle.rules.map(({ id }) => [id, []]))
  for (const [action, rules] of bundle.candidates) for (const { id } of rules) actionsOf.get(id)?.push(action)
  return bundle.rules.map((rule) => {
    const actions = actionsOf.get(rule.id) ?? []
    const applies = appliesWhen(rule)
    const isWhole = wholePaths(bundle, actions)
    const canFail = canFailFor(bundle, actions)
    const mayFail = [rule.when, rule.unless].some((one) => one !== null && canFail(one.compiled.tree))
    const waysOf = (formula: Formula): Clauses => {
      const most = budget.take('conditions', mostSteps) ? mostSteps : fewSteps
      const ways = clausesOf([formula], { start: anyRequest(actions), isWhole, most })
      if (most === mostSteps) budget.giveBack('conditions', Math.max(0, mostSteps - ways.steps))
      return ways
    }
    const ways = waysOf(applies)
    const isStrict = mayFail && rule.verdict !== 'allow'
    const mayFire = isStrict ? firesWhen(rule, { canFail, orTrue: false }) : applies
    return {
      rule,
      actions,
      applies,
      ways,
      fires: isStrict ? firesWhen(rule, { canFail, orTrue: true }) : applies,
      mayFire,
      waysToFire: isStrict ? waysOf(mayFire) : ways,
      isWhole,
      mayFail,
      searches: [rule.when, rule.unless].flatMap((one) =>
        (one ? searchesIn(one.compiled.tree) : []).map((node) => [formulaOf(node), formulaOf(node, false)]),
      ),
      readsOpenParams:
        actions.some((action) => bundle.catalogue.get(action)?.params === 'open') && readsParams(rule),
    }
  })
}

/** Whether the floor makes people be asked where a rule allows an action of this effect. */
export function isHeld({ floor }: Pick<Bundle, 'floor'>, effect: string | null | undefined): boolean {
  return floor.neverAllowEffects.some((one) => one === effect)
}

/** `match` beside actions and effects, `when`, and not `unless`. */
export function appliesWhen({ match, when, unless }: Rule): Formula {
  const yes = when ? formulaOf(when.compiled.tree) : always
  const no = unless ? formulaOf(unless.compiled.tree, false) : always
  return { kind: 'and', parts: [inEnvironments(match), isNamed(match.agents), yes, no] }
}

/** The same where what fails counts against the request: `when` as true, `unless` as false. `orTrue` as in `notFalse`. */
function firesWhen(
  { match, when, unless }: Rule,
  { canFail, orTrue }: { readonly canFail: CanFail; readonly orTrue: boolean },
): Formula {
  const yes = when ? notFalse(when.compiled.tree, { canFail, orTrue }) : always
  // The checker lets `unless` read what `when` has shown to be there; where `when` fails, it may not be.
  const canFailAfter = when && !showsAlways(when.compiled.tree, canFail) ? () => true : canFail
  const no = unless ? notFalse(unless.compiled.tree, { holds: false, canFail: canFailAfter, orTrue }) : always
  return { kind: 'and', parts: [inEnvironments(match), isNamed(match.agents), yes, no] }
}

function inEnvironments({ environments }: Rule['match']): Formula {
  if (environments === null) return always
  return { kind: 'test', path: 'environment', test: { is: 'among', values: environments } }
}

/** The contrary of `appliesWhen`. */
export function appliesNot({ match, when, unless }: Rule): Formula {
  const environments: Formula = match.environments
    ? { kind: 'test', path: 'environment', test: { is: 'not among', values: match.environments } }
    : never
  const no = when ? formulaOf(when.compiled.tree, false) : never
  const yes = unless ? formulaOf(unless.compiled.tree) : never
  return { kind: 'or', parts: [environments, isNamed(match.agents, false), no, yes] }
}

/** What is known of every request for one of these actions, before any rule is looked at. */
export function anyRequest(actions: readonly string[]): Clause {
  const among = (values: readonly Constant[]): Tests => [{ is: 'among', values }]
  return new Map<string, Tests>([
    ['action', among(actions)],
    ['resource.sensitivity', among([...sensitivities, 'unknown'])],
    ['time.weekday', among(weekdays)],
    [
      'time.hour',
      [
        { is: 'above', bound: 0, orEqual: true },
        { is: 'below', bound: 23, orEqual: true },
      ],
    ],
    ['initiator.kind', among(initiatorKinds)],
    ['initiator.attested', among([true, false])],
    ['request.source', among(requestSources)],
  ])
}

/** Paths that hold whole numbers for each of the actions. */
export function wholePaths({ catalogue }: Bundle, actions: readonly string[]): IsWhole {
  const isInt = (name: string, action: string): boolean => {
    const params = catalogue.get(action)?.params
    return params !== undefined && params !== 'open' && params.get(name)?.type === 'int'
  }
  return (path) => {
    if (path === 'time.hour' || path.startsWith('size(') || path.startsWith('budget.')) return true
    const [root, name, ...deeper] = stepsOf(path)
    return (
      root === 'params' &&
      name !== undefined &&
      deeper.length === 0 &&
      actions.length > 0 &&
      actions.every((action) => isInt(name, action))
    )
  }
}

function readsParams({ when, unless }: Rule): boolean {
  const refs = [...(when?.compiled.refs ?? []), ...(unless?.compiled.refs ?? [])]
  return refs.some((path) => path.startsWith('params'))
}
