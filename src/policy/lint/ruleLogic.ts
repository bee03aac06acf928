import type { Bundle, Rule } from '../bundle.ts'
import { initiatorKinds, requestSources } from '../conditions/declarations.ts'
import { stepsOf } from '../conditions/path.ts'
import { sensitivities } from '../resources.ts'
import { weekdays } from '../time.ts'
import type { Clause, IsWhole } from './clause.ts'
import { type Clauses, clausesOf } from './clauses.ts'
import type { Tests } from './domain.ts'
import { always, type Constant, type Formula, never } from './formula.ts'
import { formulaOf } from './formulaOf.ts'

/** A rule as the linter reasons about it. */
export interface RuleLogic {
  readonly rule: Rule
  /** Actions of the catalogue that its `match` fits. */
  readonly actions: readonly string[]
  /** When it applies, on a request for one of the actions. */
  readonly applies: Formula
  /** The ways for it to apply. */
  readonly ways: Clauses
  readonly isWhole: IsWhole
  /** A wrong type in open parameters counts the stricter way, so such a rule applies to more than its conditions say. */
  readonly readsOpenParams: boolean
}

/** What the linter knows about every rule, sorted by id. */
export function logicOf(bundle: Bundle): readonly RuleLogic[] {
  const actionsOf = new Map<string, string[]>(bundle.rules.map(({ id }) => [id, []]))
  for (const [action, rules] of bundle.candidates) for (const { id } of rules) actionsOf.get(id)?.push(action)
  return bundle.rules.map((rule) => {
    const actions = actionsOf.get(rule.id) ?? []
    const applies = appliesWhen(rule)
    const isWhole = wholePaths(bundle, actions)
    return {
      rule,
      actions,
      applies,
      ways: clausesOf([applies], { start: anyRequest(actions), isWhole }),
      isWhole,
      readsOpenParams:
        actions.some((action) => bundle.catalogue.get(action)?.params === 'open') && readsParams(rule),
    }
  })
}

/** `match` beside the actions, `when`, and not `unless`. */
export function appliesWhen({ match, when, unless }: Rule): Formula {
  const environments: Formula = match.environments
    ? { kind: 'test', path: 'environment', test: { is: 'among', values: match.environments } }
    : always
  const yes = when ? formulaOf(when.compiled.tree) : always
  const no = unless ? formulaOf(unless.compiled.tree, false) : always
  return { kind: 'and', parts: [environments, yes, no] }
}

/** The contrary of `appliesWhen`. */
export function appliesNot({ match, when, unless }: Rule): Formula {
  const environments: Formula = match.environments
    ? { kind: 'test', path: 'environment', test: { is: 'not among', values: match.environments } }
    : never
  const no = when ? formulaOf(when.compiled.tree, false) : never
  const yes = unless ? formulaOf(unless.compiled.tree) : never
  return { kind: 'or', parts: [environments, no, yes] }
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
    if (path === 'time.hour' || path.startsWith('size(')) return true
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
