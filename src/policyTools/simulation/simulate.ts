import { shortJson } from '../../core/shortJson.ts'
import type { Bundle, VerdictKind } from '../../policy/bundle.ts'
import { type Evaluation, evaluate } from '../../policy/evaluate.ts'
import type { Recorded } from './recorded.ts'
import { type Difference, differences, outcomeOf } from './stricter.ts'

/** Requests that change in the same way. */
export interface Group {
  readonly action: string
  /** What decided before and after: `require_approval(data.export.bulk+data.export.pii)`. */
  readonly from: string
  readonly to: string
  readonly differences: readonly Difference[]
  readonly count: number
  /** The first of them: its id, and what it asked for. */
  readonly example: { readonly id: string; readonly says: string }
}

/** What a change of policy would have done to requests of the past. Counts are requests. */
export interface Simulation {
  readonly base: Named
  readonly head: Named
  readonly replayed: number
  readonly unchanged: number
  readonly tightened: number
  readonly loosened: number
  /** Of those that are unchanged: with other channels or reminders. */
  readonly moved: number
  /** How many went from which verdict to which, most first. */
  readonly matrix: readonly { readonly from: VerdictKind; readonly to: VerdictKind; readonly count: number }[]
  /** Most first. */
  readonly groups: { readonly loosened: readonly Group[]; readonly tightened: readonly Group[] }
  /** How many requests ask each set of people, before and after; most asked first. */
  readonly askedOf: readonly { readonly ref: string; readonly from: number; readonly to: number }[]
}

interface Named {
  readonly name: string
  readonly digest: string
}

/**
 * Asks both bundles about every request, each with its own inventory and windows, at the time of the request: so a
 * request made at night stays one. Requirements are compared field by field, because a decision that stays the same
 * can hide that fewer people are asked (docs/policy-tools.md#simulate). Pure.
 */
export function simulate(base: Bundle | null, head: Bundle, recorded: readonly Recorded[]): Simulation {
  const tally = new Tally()
  for (const one of recorded) tally.add(one, evaluate(base, one.ask), evaluate(head, one.ask))
  return { base: nameOf(base), head: nameOf(head), replayed: recorded.length, ...tally.counted() }
}

function nameOf(bundle: Bundle | null): Named {
  return bundle ? { name: bundle.name, digest: bundle.digest } : { name: 'none', digest: 'none' }
}

type Counted = Omit<Simulation, 'base' | 'head' | 'replayed'>

/** Counts while requests go by; a class, because there are thousands of them and several counts. */
class Tally {
  private readonly outcomes = { unchanged: 0, tightened: 0, loosened: 0 }
  private moved = 0
  private readonly matrix = new Map<string, { from: VerdictKind; to: VerdictKind; count: number }>()
  private readonly groups = { loosened: new Map<string, Group>(), tightened: new Map<string, Group>() }
  private readonly asked = new Map<string, { from: number; to: number }>()

  add(recorded: Recorded, base: Evaluation, head: Evaluation): void {
    const changes = differences(base, head)
    const outcome = outcomeOf(changes)
    this.outcomes[outcome] += 1
    this.countVerdicts(base.verdict.kind, head.verdict.kind)
    for (const ref of refsIn(base)) this.countAsked(ref, 'from')
    for (const ref of refsIn(head)) this.countAsked(ref, 'to')
    if (outcome === 'unchanged') this.moved += changes.length > 0 ? 1 : 0
    else this.group(this.groups[outcome], { recorded, base, head, changes })
  }

  counted(): Counted {
    return {
      ...this.outcomes,
      moved: this.moved,
      matrix: [...this.matrix.values()].sort((left, right) => right.count - left.count),
      groups: { loosened: mostFirst(this.groups.loosened), tightened: mostFirst(this.groups.tightened) },
      askedOf: [...this.asked]
        .map(([ref, counts]) => ({ ref, ...counts }))
        .sort(
          (left, right) => right.to - left.to || right.from - left.from || (left.ref < right.ref ? -1 : 1),
        ),
    }
  }

  private countVerdicts(from: VerdictKind, to: VerdictKind): void {
    const cell = this.matrix.get(`${from} ${to}`) ?? { from, to, count: 0 }
    this.matrix.set(`${from} ${to}`, { ...cell, count: cell.count + 1 })
  }

  private countAsked(ref: string, side: 'from' | 'to'): void {
    const counts = this.asked.get(ref) ?? { from: 0, to: 0 }
    this.asked.set(ref, { ...counts, [side]: counts[side] + 1 })
  }

  private group(groups: Map<string, Group>, one: Changed): void {
    const { recorded, base, head, changes } = one
    const { action } = recorded.ask.action
    const [from, to] = [sayVerdict(base), sayVerdict(head)]
    const key = JSON.stringify([action, from, to, changes])
    const example = { id: recorded.id, says: sayAsked(recorded) }
    const known = groups.get(key) ?? { action, from, to, differences: changes, count: 0, example }
    groups.set(key, { ...known, count: known.count + 1 })
  }
}

interface Changed {
  readonly recorded: Recorded
  readonly base: Evaluation
  readonly head: Evaluation
  readonly changes: readonly Difference[]
}

/** `require_approval(data.export.bulk+data.export.pii)`: a verdict with the rules that decided it, or else the reason. */
export function sayVerdict({ verdict }: Evaluation): string {
  return `${verdict.kind}(${verdict.rules.join('+') || verdict.code})`
}

function sayAsked({ ask }: Recorded): string {
  const { resource, params } = ask.action
  return `${resource.type}/${resource.id} ${shortJson(params, 120)}`
}

function refsIn({ requirement }: Evaluation): ReadonlySet<string> {
  return new Set((requirement?.legs ?? []).flatMap(({ from }) => from.map(({ ref }) => ref)))
}

function mostFirst(groups: ReadonlyMap<string, Group>): readonly Group[] {
  return [...groups.values()].sort((left, right) => right.count - left.count)
}
