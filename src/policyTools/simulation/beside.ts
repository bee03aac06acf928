import type { Bundle } from '../../policy/bundle.ts'
import { evaluate } from '../../policy/evaluate.ts'
import type { Recorded } from './recorded.ts'
import { sayVerdict } from './simulate.ts'
import { type Difference, differences, outcomeOf } from './stricter.ts'

/** What another bundle would make of one request. `moved`: the same, with other channels or reminders. */
export const shadowOutcomes = ['loosened', 'tightened', 'moved', 'unchanged'] as const
type ShadowOutcome = (typeof shadowOutcomes)[number]

/**
 * A kind of difference: everything that requests which differ in the same way have in common. It names rules, sets of people and actions of
 * the two bundles, and nothing that was asked. Of what stays the same only the verdict is told.
 */
export interface Kind {
  readonly outcome: ShadowOutcome
  readonly action: string
  /** What decided, as in a simulation: `require_approval(data.export.pii)`. */
  readonly from: string
  readonly to: string
  readonly differences: readonly Difference[]
}

/** In place of the name of an action that neither bundle knows: agents choose those, as many as they like. */
export const unknownAction = '(unknown)'

/**
 * How `head` would judge a request that `base` has judged, by the facts that were recorded with it: its time, its readings, who the agent
 * was. Both judge it anew, so that what else became of it (nobody could be asked, the same had just been denied) is no difference. Pure.
 */
export function beside(base: Bundle | null, head: Bundle, { ask }: Recorded): Kind {
  const [before, after] = [evaluate(base, ask), evaluate(head, ask)]
  const changes = differences(before, after)
  const outcome = outcomeOf(changes)
  if (outcome === 'unchanged')
    return {
      outcome: changes.length > 0 ? 'moved' : 'unchanged',
      action: '',
      from: before.verdict.kind,
      to: after.verdict.kind,
      differences: [],
    }
  const { action } = ask.action
  const isKnown = base?.catalogue.has(action) || head.catalogue.has(action)
  return {
    outcome,
    action: isKnown ? action : unknownAction,
    from: sayVerdict(before),
    to: sayVerdict(after),
    differences: changes,
  }
}

/** Kinds with how many requests are of each, and the ids of some. */
export interface Counted extends Kind {
  readonly count: number
  /** Newest first. */
  readonly examples: readonly string[]
}

/** Of each kind so many requests are named. */
export const mostExamples = 5

/** Adds to what was counted before, kind by kind; of more than `mostKinds` the rest is left out. Pure. */
export function addedTo(
  counted: ReadonlyMap<string, Counted>,
  more: readonly Counted[],
  mostKinds = Number.POSITIVE_INFINITY,
): ReadonlyMap<string, Counted> {
  const sum = new Map(counted)
  for (const one of more) {
    const key = keyOf(one)
    const known = sum.get(key)
    if (!known && sum.size >= mostKinds) continue
    sum.set(key, {
      ...one,
      count: one.count + (known?.count ?? 0),
      examples: [...one.examples, ...(known?.examples ?? [])].slice(0, mostExamples),
    })
  }
  return sum
}

/** What tells kinds apart. */
export function keyOf({ outcome, action, from, to, differences: changes }: Kind): string {
  return JSON.stringify([outcome, action, from, to, changes])
}
