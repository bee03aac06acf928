import { type Bundle, type Condition, conditionsOf, type Rule } from '../bundle.ts'
import type { BundleProblem } from '../problem.ts'
import type { Bindings, Conjunct } from './engine.ts'
import { largestRequests } from './largest.ts'
import { conditionLimits, costOf, searchCost } from './limits.ts'
import { everyNode } from './node.ts'

/** Below this bound a part of a condition has no loop, and takes microseconds. */
const worthMeasuring = 20

/**
 * Conditions that take more than 50 ms on the largest request there can be: what the static limits miss (policy.md
 * section 4.7). For whoever makes a bundle active; it takes time, so it is not part of loading, which is pure.
 * `now` tells the milliseconds this process has worked, so that a busy machine refuses nothing; the best of three runs
 * counts.
 *
 * The parts between `&&` are measured one by one and added: the first that is false would hide the others, and an agent
 * can send what makes it true.
 */
export function slowConditions(bundle: Bundle, now: () => number): readonly BundleProblem[] {
  return measuredOf(bundle).flatMap(({ rule, condition, actions }) => {
    const milliseconds = slowest(bundle, { condition, actions, now })
    if (milliseconds <= conditionLimits.milliseconds) return []
    const took = `${Math.round(milliseconds)} ms on the largest request; at most ${conditionLimits.milliseconds} ms are allowed`
    const message = `This took ${took}: use fewer loops, shorter patterns, and no function of a long text in a loop.`
    return [{ ...condition.at, rule: rule.id, code: 'cel/slow', message }]
  })
}

interface Measured {
  readonly rule: Rule
  readonly condition: Condition
  /** One action for each set of parameters that the rule can meet. */
  readonly actions: ReadonlyMap<string, string>
}

function measuredOf(bundle: Bundle): readonly Measured[] {
  const measured = new Map<Condition, { rule: Rule; condition: Condition; actions: Map<string, string> }>()
  for (const [action, rules] of bundle.candidates) {
    const params = bundle.catalogue.get(action)?.params ?? 'open'
    const signature = params === 'open' ? params : JSON.stringify([...params])
    for (const rule of rules) {
      for (const condition of conditionsOf(rule)) {
        if (!condition.compiled.conjuncts.some(isWorthMeasuring)) continue
        const one = measured.get(condition) ?? { rule, condition, actions: new Map() }
        one.actions.set(signature, action)
        measured.set(condition, one)
      }
    }
  }
  return [...measured.values()]
}

/** What searches take is bounded by a budget of its own (search.ts), so only the rest counts. */
function isWorthMeasuring({ tree }: Conjunct): boolean {
  const searches = everyNode(tree).filter((node) => node.kind === 'call' && node.name === 'matches')
  return costOf(tree) - searches.length * searchCost > worthMeasuring
}

/** The first time that is over the limit, since it is refused then; else the longest. */
function slowest(
  bundle: Bundle,
  { condition, actions, now }: Pick<Measured, 'condition' | 'actions'> & { readonly now: () => number },
): number {
  let longest = 0
  for (const action of actions.values()) {
    const params = bundle.catalogue.get(action)?.params ?? 'open'
    const about = { action, params, tree: condition.compiled.tree, windows: [...bundle.windows.keys()] }
    for (const bindings of largestRequests(about)) {
      longest = Math.max(longest, fastest(condition, bindings, now))
      if (longest > conditionLimits.milliseconds) return longest
    }
  }
  return longest
}

/** One run within the limit is enough; a longer one is tried again. */
function fastest({ compiled }: Condition, bindings: Bindings, now: () => number): number {
  const parts = compiled.conjuncts.filter(isWorthMeasuring)
  const run = (): number => {
    const start = now()
    for (const part of parts) part.eval(bindings)
    return now() - start
  }
  let best = run()
  for (let tries = 1; tries < 3 && best > conditionLimits.milliseconds; tries += 1)
    best = Math.min(best, run())
  return best
}
