import { type Bundle, type Condition, conditionsOf, type Rule } from '../bundle.ts'
import type { BundleProblem } from '../problem.ts'
import { conditionLimits } from './limits.ts'
import { everyNode, type Node } from './node.ts'
import { sizesFor } from './sizes.ts'
import { type Heaviest, heaviestIn, stepsOf } from './steps.ts'

/**
 * Conditions that can take more steps than there are for one, on the largest request there can be: what the limits of
 * their form miss. For whoever makes a bundle active; a bundle that is active already stays so, thus it is not part of
 * loading. Nothing is measured, so that the same bundle has the same answer on every machine.
 */
export function slowConditions(bundle: Bundle): readonly BundleProblem[] {
  const { steps: most } = conditionLimits
  return [...mostSteps(bundle)].flatMap(([condition, { rule, steps, heaviest }]) => {
    if (steps <= most) return []
    const takes = `${inMillions(steps)} million steps on the largest request; at most ${inMillions(most)} million are allowed`
    const { at, excerpt } = placeOf(condition, heaviest.node)
    const message = `This can take ${takes}. Most of them go into what begins at character ${at + 1}${cheaper(heaviest)}`
    return [{ ...condition.at, rule: rule.id, code: 'cel/slow', message, excerpt }]
  })
}

function cheaper({ node, times }: Heaviest): string {
  if (times > 1)
    return `, which is done for each of ${times.toLocaleString('en')} items: do it once, outside the loop, or compare with something shorter.`
  if (node.kind === 'macro')
    return ', a loop: use fewer loops, and no function of a long text or list in a loop.'
  return ': use `in`, `startsWith` or `==` where they say the same, or split the rule.'
}

/** Where a part begins, from 0, and the line of the condition with a caret below that. */
function placeOf({ text, lead }: Condition, node: Node): { readonly at: number; readonly excerpt: string } {
  const first = Math.min(...everyNode(node).map(({ at }) => at)) - lead
  const before = text.slice(0, Math.max(0, first))
  // The parser gives a call the place of its bracket, and an operator that of the blank before it.
  const word = text[first] === '(' ? (/\w+$/.exec(before)?.[0].length ?? 0) : 0
  const blank = /^\s*/.exec(text.slice(before.length))?.[0].length ?? 0
  const at = before.length - word + blank
  const start = text.lastIndexOf('\n', at - 1) + 1
  const [line = ''] = text.slice(start).split('\n', 1)
  return { at, excerpt: `${line}\n${' '.repeat(at - start)}^` }
}

interface Steps {
  readonly rule: Rule
  /** For the action that makes the condition take the most. */
  readonly steps: number
  readonly heaviest: Heaviest
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
        if (steps > (most.get(condition)?.steps ?? -1)) {
          const heaviest = heaviestIn(condition.compiled.tree, sizes)
          most.set(condition, { rule, steps, heaviest })
        }
      }
    }
  }
  return most
}

/** Rounded up, so that what is over the limit never reads like the limit. */
function inMillions(steps: number): string {
  return (Math.ceil(steps / 100_000) / 10).toLocaleString('en')
}
