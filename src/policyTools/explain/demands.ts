import { usualWays, type Way } from '../../core/ways.ts'
import type { Bundle, Demand, LegTemplate } from '../../policy/bundle.ts'
import { demandAt } from '../../policy/demandAt.ts'
import type { Evaluation } from '../../policy/evaluate.ts'
import { join } from '../../policy/join.ts'

/** Where each part of what is asked comes from: rule ids, `defaults`, `floor`. */
export interface Asking {
  /** In the order of the requirement's legs; `from` as the policy wrote it. */
  readonly legs: readonly { readonly leg: LegTemplate; readonly by: readonly string[] }[]
  readonly denyCount: readonly string[]
  readonly reason: readonly string[]
  readonly confirm: readonly string[]
  readonly stepUp: readonly string[]
  /** Left out where the ways are the usual ones. */
  readonly via?: readonly string[]
  readonly expires: readonly string[]
  readonly grant: readonly string[]
}

interface Source {
  readonly name: string
  readonly demand: Demand
}

/**
 * Which of the joined demands set each field. The floor is named where it is stricter than all of them. Null when
 * nobody is asked.
 */
export function askingOf(bundle: Bundle, { verdict, requirement, effect }: Evaluation): Asking | null {
  if (requirement === null) return null
  const now = momentIn(verdict.facts.time)
  const sources = sourcesOf(bundle, { fired: firedIn(verdict.facts.fired), effect }).map(
    ({ name, demand }) => ({ name, demand: demandAt(bundle, demand, now) }),
  )
  const [first, ...others] = sources
  if (first === undefined) return null
  const joined = join([first.demand, ...others.map(({ demand }) => demand)], bundle.floor)
  const by = (sets: (demand: Demand) => boolean): readonly string[] => {
    const names = sources.filter(({ demand }) => sets(demand)).map(({ name }) => name)
    return names.length > 0 ? names : ['floor']
  }
  const { grant, expiresInSeconds, denyCount } = joined
  return {
    legs: joined.legs.map((leg) => ({ leg, by: by((demand) => demand.legs.some((one) => same(one, leg))) })),
    denyCount: by((demand) => demand.denyCount === denyCount),
    reason: by(({ reason }) => reason !== null),
    confirm: by(({ confirm }) => confirm.length > 0),
    stepUp: by(({ stepUp }) => stepUp),
    ...(isUnusual(joined.via) && { via: by(({ via }) => isUnusual(via)) }),
    expires: by((demand) => demand.expiresInSeconds === expiresInSeconds),
    grant: by(
      (demand) =>
        demand.grant.ttlSeconds === grant.ttlSeconds && demand.grant.withinSeconds === grant.withinSeconds,
    ),
  }
}

/** As `evaluate` joins them: the rules that fired and ask, and the defaults where none does, or where the floor held one. */
function sourcesOf(
  { rules, defaults, floor }: Bundle,
  { fired, effect }: { readonly fired: readonly string[]; readonly effect: string | null },
): readonly Source[] {
  const spoke = rules.filter(({ id }) => fired.includes(id))
  const asking = spoke.flatMap(({ id, demand }) => (demand ? [{ name: id, demand }] : []))
  const held =
    spoke.some(({ verdict }) => verdict === 'allow') && floor.neverAllowEffects.some((one) => one === effect)
  return asking.length === 0 || held ? [...asking, { name: 'defaults', demand: defaults }] : asking
}

function isUnusual(via: readonly Way[]): boolean {
  return via.join() !== usualWays.join()
}

/** As it was when something was asked. */
function momentIn(stored: unknown): string | undefined {
  const now = typeof stored === 'object' && stored !== null && 'now' in stored ? stored.now : undefined
  return typeof now === 'string' ? now : undefined
}

function firedIn(stored: unknown): readonly string[] {
  return Array.isArray(stored) ? stored.filter((id) => typeof id === 'string') : []
}

function same(one: LegTemplate, joined: LegTemplate): boolean {
  return one.from.join(' ') === joined.from.join(' ') && one.count === joined.count
}
