import type { Bundle, Spot } from '../../policy/bundle.ts'
import type { BundleProblem } from '../../policy/problem.ts'

/**
 * What the language accepts and this version cannot do yet, for whoever makes a bundle active: to judge by it and skip
 * the step would be weaker than its author wrote. Empty when the bundle may become active.
 */
export function unsupportedAtActivation(bundle: Bundle): readonly BundleProblem[] {
  const problem = (at: Spot, rule: string | null): BundleProblem => ({
    ...at,
    rule,
    code: 'activation/unsupported',
    message:
      '`step_up` is not supported yet: remove it, and ask for one more person or a typed confirmation.',
  })
  const inDefaults = bundle.defaults.stepUp
    ? [problem({ file: 'bundle.yaml', line: 1, column: 1 }, null)]
    : []
  const inRules = bundle.rules
    .filter(({ demand, breakGlass }) => demand?.stepUp || breakGlass?.stepUp)
    .map(({ at, id }) => problem(at, id))
  return [...inDefaults, ...inRules]
}
