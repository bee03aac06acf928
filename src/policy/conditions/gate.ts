import { type Bundle, type Condition, conditionsOf, type Rule } from '../bundle.ts'
import type { BundleProblem } from '../problem.ts'
import { conditionLimits } from './limits.ts'
import { sizesFor } from './sizes.ts'
import { stepsOf } from './steps.ts'

/**
 * Conditions that can take more steps than there are for one, on the largest request there can be: what the limits of
 * their form miss. For whoever makes a bundle active; a bundle that is active already stays so, thus it is not part of
 * loading. Nothing is measured, so that the same bundle has the same answer on every machine.
 */
export function slowConditions(bundle: Bundle): readonly BundleProblem[] {
  const { steps: most } = conditionLimits
  return [...mostSteps(bundle)].flatMap(([condition, { rule, steps }]) => {
    if (steps <= most) return []
    const takes = `${inMillions(steps)} million steps on the largest request; at most ${inMillions(most)} million are allowed`
    const message = `This can take ${takes}: use fewer loops, and no function of a long text or list in a loop.`
    return [{ ...condition.at, rule: rule.id, code: 'cel/slow', message }]
  })
}

interface Steps {
  readonly rule: Rule
  /** For the action that makes the condition take the most. */
  readonly steps: number
}

/** How many steps each condition of the bundle can take. */
export function mostSteps(bundle: Bundle): ReadonlyMap<Condition, Steps> {
  const most = new Map<Condition, Steps>()
  const counted = new Map<Condition, Set<string>>()
  for (const [action, rules] of bundle.candidates) {
    const params = bundle.catalogue.get(action)?.params ?? 'open'
    const signature = params === 'open' ? params : JSON.stringify([...params])
    const sizes = sizesFor({ params }, bundle.windows.size)
    for (const rule of rules) {
      for (const condition of conditionsOf(rule)) {
        const signatures = counted.get(condition) ?? new Set()
        if (signatures.has(signature)) continue
        counted.set(condition, signatures.add(signature))
        const steps = stepsOf(condition.compiled.tree, sizes)
        if (steps > (most.get(condition)?.steps ?? -1)) most.set(condition, { rule, steps })
      }
    }
  }
  return most
}

/** Rounded up, so that what is over the limit never reads like the limit. */
function inMillions(steps: number): string {
  return (Math.ceil(steps / 100_000) / 10).toLocaleString('en')
}
