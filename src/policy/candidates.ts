import { didYouMean } from '../core/nearest.ts'
import type { CatalogueAction, Effect } from './catalogue.ts'
import type { RuleShape } from './format/ruleSchema.ts'
import { glob } from './glob.ts'
import { bundleLimits } from './limits.ts'
import type { Fault } from './problem.ts'

type Catalogue = ReadonlyMap<string, CatalogueAction>
type Match = RuleShape['match']

/**
 * The actions of the catalogue that a rule's `actions` and `effects` fit; both are known at load, so evaluation only
 * looks at rules that could apply. Environments are looked at later: they are the agent's to name.
 */
export function actionsFitting(match: Match, catalogue: Catalogue): readonly string[] {
  const globs = match.actions?.map(glob)
  return [...catalogue]
    .filter(
      ([name, { effect }]) => (globs?.some((one) => one.fits(name)) ?? true) && hasEffect(match, effect),
    )
    .map(([name]) => name)
}

/** The actions of the catalogue that fit one of the patterns, sorted. */
export function actionsNamed(patterns: readonly string[], catalogue: Catalogue): readonly string[] {
  const globs = patterns.map(glob)
  return [...catalogue.keys()].filter((name) => globs.some((one) => one.fits(name))).sort()
}

/** What is wrong with a rule's `match` against the catalogue: an action that does not exist, or nothing that could ever fit. */
export function matchFaults(match: Match, catalogue: Catalogue, index: number): readonly Fault[] {
  const path = [index, 'match']
  const faults = (match.actions ?? []).flatMap((pattern, at): Fault[] => {
    const { fits } = glob(pattern)
    if ([...catalogue.keys()].some(fits)) return []
    const message = `"${pattern}" matches no action in actions.yaml.${didYouMean(pattern, catalogue.keys()) || ' Add the action there first.'}`
    return [{ path: [...path, 'actions', at], code: 'match/unknown-action', message }]
  })
  if (faults.length > 0 || actionsFitting(match, catalogue).length > 0) return faults
  const message =
    'No action of the catalogue has both these names and these effects: correct `actions` or `effects`.'
  return [{ path, code: 'match/never', message }]
}

/** A fault for each action to which more rules could apply than an evaluation may look at. */
export function candidateFaults(candidates: ReadonlyMap<string, readonly unknown[]>): readonly Fault[] {
  return [...candidates]
    .filter(([, rules]) => rules.length > bundleLimits.candidates)
    .map(([name, rules]) => ({
      path: ['actions', name],
      on: 'key',
      code: 'limit/candidates',
      message: `${rules.length} rules could apply to "${name}"; at most ${bundleLimits.candidates} may: narrow their globs.`,
    }))
}

function hasEffect(match: Match, effect: Effect): boolean {
  return match.effects?.includes(effect) ?? true
}
