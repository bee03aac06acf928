import { shortJson } from '../../core/shortJson.ts'
import type { Bundle, VerdictKind } from '../../policy/bundle.ts'
import { type Evaluation, evaluate } from '../../policy/evaluate.ts'
import { Alike } from './alike.ts'
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
export function simulate(base: Bundle | null, head: Bundle, recorded: Iterable<Recorded>): Simulation {
  const simulating = new Simulating(base, head)
  for (const one of recorded) simulating.add(one)
  return simulating.counted()
}

/** What two bundles say of one request, compared. */
interface Compared {
  readonly kinds: { readonly from: VerdictKind; readonly to: VerdictKind }
  /** What decided: `require_approval(data.export.bulk+data.export.pii)`. */
  readonly says: { readonly from: string; readonly to: string }
  readonly refs: { readonly from: ReadonlySet<string>; readonly to: ReadonlySet<string> }
  readonly changes: readonly Difference[]
  readonly outcome: 'unchanged' | 'tightened' | 'loosened'
}

/**
 * The same while requests go by, a page at a time: it keeps counts and not requests. What neither bundle could tell from an
 * earlier request is not judged again.
 */
export class Simulating {
  private readonly base: Bundle | null
  private readonly head: Bundle
  private readonly known: Alike<Compared>
  private replayed = 0
  private readonly outcomes = { unchanged: 0, tightened: 0, loosened: 0 }
  private moved = 0
  private readonly matrix = new Map<string, { from: VerdictKind; to: VerdictKind; count: number }>()
  private readonly groups = { loosened: new Map<string, Group>(), tightened: new Map<string, Group>() }
  private readonly asked = new Map<string, { from: number; to: number }>()

  constructor(base: Bundle | null, head: Bundle) {
    this.base = base
    this.head = head
    this.known = new Alike(base === null ? [head] : [base, head])
  }

  add(recorded: Recorded): void {
    const compared = this.known.of(recorded.ask, () => compare(this.base, this.head, recorded))
    const { kinds, refs, changes, outcome } = compared
    this.replayed += 1
    this.outcomes[outcome] += 1
    this.countVerdicts(kinds.from, kinds.to)
    for (const ref of refs.from) this.countAsked(ref, 'from')
    for (const ref of refs.to) this.countAsked(ref, 'to')
    if (outcome === 'unchanged') this.moved += changes.length > 0 ? 1 : 0
    else this.group(this.groups[outcome], recorded, compared)
  }

  /** What it has come to so far. */
  counted(): Simulation {
    return {
      base: nameOf(this.base),
      head: nameOf(this.head),
      replayed: this.replayed,
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

  private group(groups: Map<string, Group>, recorded: Recorded, { says, changes }: Compared): void {
    const { action } = recorded.ask.action
    const { from, to } = says
    const key = JSON.stringify([action, from, to, changes])
    const known = groups.get(key)
    const example = known?.example ?? { id: recorded.id, says: sayAsked(recorded) }
    groups.set(key, { action, from, to, differences: changes, count: (known?.count ?? 0) + 1, example })
  }
}

function compare(base: Bundle | null, head: Bundle, { ask }: Recorded): Compared {
  const [before, after] = [evaluate(base, ask), evaluate(head, ask)]
  const changes = differences(before, after)
  return {
    kinds: { from: before.verdict.kind, to: after.verdict.kind },
    says: { from: sayVerdict(before), to: sayVerdict(after) },
    refs: { from: refsIn(before), to: refsIn(after) },
    changes,
    outcome: outcomeOf(changes),
  }
}

function nameOf(bundle: Bundle | null): Named {
  return bundle ? { name: bundle.name, digest: bundle.digest } : { name: 'none', digest: 'none' }
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
