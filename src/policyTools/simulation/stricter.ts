import { formatDuration } from '../../core/duration.ts'
import { widened } from '../../core/request.ts'
import type { BreakGlass, Leg, ReasonDemand, Requirement } from '../../core/requirement.ts'
import { type Way, waysOf } from '../../core/ways.ts'
import { verdictKinds } from '../../policy/bundle.ts'
import type { Evaluation } from '../../policy/evaluate.ts'
import { atLeastAsStrict } from './strictLegs.ts'

/** One field that differs between two verdicts about the same ask, as people read it. */
export interface Difference {
  readonly field: string
  readonly from: string
  readonly to: string
  /** What the second verdict does to the first. `moved` is neither: another channel, another reminder. */
  readonly effect: 'loosened' | 'tightened' | 'moved'
  /** True when it does both at once, such as asking other people: it counts as loosened. */
  readonly both: boolean
}

/**
 * What changes for one ask when `head` judges it instead of `base`, field by field: a decision that stays
 * `require_approval` can still ask fewer people (docs/policy-tools.md#simulate). What cannot be shown to be at least as strict
 * counts as loosened.
 */
export function differences(base: Evaluation, head: Evaluation): readonly Difference[] {
  const [before, after] = [base.verdict.kind, head.verdict.kind]
  if (before !== after) {
    const stricter = verdictKinds.indexOf(after) > verdictKinds.indexOf(before)
    const verdict: Difference = {
      field: 'verdict',
      from: before,
      to: after,
      effect: effectOf(stricter),
      both: false,
    }
    if (before === 'allow') return [verdict] // whoever may lift what was free is no loss
    // A denial that one person may lift alone can be weaker than what two people were asked.
    return [verdict, ...ofBreakGlass(pathOf(base), pathOf(head))]
  }
  if (base.requirement && head.requirement) return ofRequirements(base.requirement, head.requirement)
  return ofBreakGlass(base.verdict.breakGlass, head.verdict.breakGlass)
}

/** Whether an ask is judged more loosely, more strictly, or no differently. One loosened field is enough. */
export function outcomeOf(changes: readonly Difference[]): 'loosened' | 'tightened' | 'unchanged' {
  if (changes.some(({ effect }) => effect === 'loosened')) return 'loosened'
  return changes.some(({ effect }) => effect === 'tightened') ? 'tightened' : 'unchanged'
}

/** The way past a verdict that one person may take alone. */
function pathOf({ requirement, verdict }: Evaluation): BreakGlass | null {
  return requirement?.breakGlass ?? verdict.breakGlass
}

function ofRequirements(base: Requirement, head: Requirement): readonly Difference[] {
  const number = (field: string, of: (one: Requirement) => number, say: (value: number) => string) =>
    smallerIsStricter(field, { from: of(base), to: of(head), say })
  return [
    ...legs(base, head),
    ...number('deny_count', ({ denyCount }) => denyCount, String),
    ...ofReason('reason', base.reason, head.reason),
    ...sets('confirm', base.confirm, head.confirm),
    ...sets('step_up', base.stepUp ? ['passkey'] : [], head.stepUp ? ['passkey'] : []),
    ...fewerWays(waysOf(base), waysOf(head)),
    ...number('expires_in', ({ expiresInSeconds }) => expiresInSeconds, formatDuration),
    ...number('grant ttl', ({ grant }) => grant.ttlSeconds, formatDuration),
    ...number('grant within', ({ grant }) => grant.withinSeconds, formatDuration),
    ...number('grant uses', ({ grant }) => grant.uses, String),
    ...escalation(base, head),
    ...ofBreakGlass(base.breakGlass, head.breakGlass),
    ...moved('channels', base.notify.channels, head.notify.channels),
    ...moved('remind', times(base), times(head)),
  ]
}

function legs(base: Requirement, head: Requirement): readonly Difference[] {
  const [tighter, looser] = [atLeastAsStrict(head.legs, base.legs), atLeastAsStrict(base.legs, head.legs)]
  const [from, to] = [sayLegs(base.legs), sayLegs(head.legs)]
  // The same names can lead to other people now.
  const sides = from === to ? { from: sayAddresses(base.legs), to: sayAddresses(head.legs) } : { from, to }
  return compared('approvals', { ...sides, tighter, looser })
}

/** Leg by leg: `1×owner|group:data-owners + 1×group:security`. */
function sayLegs(legs: readonly Leg[]): string {
  return legs.map(sayLeg).join(' + ') || 'nobody'
}

function sayAddresses(legs: readonly Leg[]): string {
  const named = legs.map(({ from, ...leg }) => ({
    ...leg,
    from: from.map((source) => ({ ...source, ref: `${source.ref} (${source.address})` })),
  }))
  return sayLegs(named)
}

function sayLeg({ count, from }: Leg): string {
  return `${count}×${saySet({ from })}`
}

function saySet({ from }: Pick<Leg, 'from'>): string {
  return from.map(({ ref }) => ref).join('|') || 'nobody'
}

function ofReason(
  field: string,
  base: ReasonDemand | null,
  head: ReasonDemand | null,
): readonly Difference[] {
  const covers = (strict: ReasonDemand | null, other: ReasonDemand | null): boolean =>
    (strict?.minLength ?? 0) >= (other?.minLength ?? 0) &&
    (other?.patterns ?? []).every((pattern) => strict?.patterns.includes(pattern) ?? false)
  const say = (reason: ReasonDemand | null): string =>
    reason === null ? 'none' : [`≥ ${reason.minLength} chars`, ...reason.patterns].join(', ')
  return compared(field, {
    from: say(base),
    to: say(head),
    tighter: covers(head, base),
    looser: covers(base, head),
  })
}

function ofBreakGlass(base: BreakGlass | null, head: BreakGlass | null): readonly Difference[] {
  if (base === null || head === null) {
    if (base === head) return []
    const say = (path: BreakGlass | null): string => (path ? refs(path).join('|') : 'none')
    return [
      { field: 'break-glass', from: say(base), to: say(head), effect: effectOf(head === null), both: false },
    ]
  }
  const number = (field: string, of: (one: BreakGlass) => number, say: (value: number) => string) =>
    smallerIsStricter(`break-glass ${field}`, { from: of(base), to: of(head), say })
  const stepUp = (path: BreakGlass): readonly string[] => (path.stepUp ? ['passkey'] : [])
  const addresses = ({ who }: BreakGlass): readonly string[] => who.map(({ address }) => address)
  const [tighter, looser] = [
    within(addresses(head), addresses(base)),
    within(addresses(base), addresses(head)),
  ]
  return [
    ...compared('break-glass', { from: refs(base).join('|'), to: refs(head).join('|'), tighter, looser }),
    ...ofReason('break-glass reason', base.reason, head.reason),
    ...sets('break-glass step_up', stepUp(base), stepUp(head)),
    ...number('grant ttl', ({ grant }) => grant.ttlSeconds, formatDuration),
    ...number('grant within', ({ grant }) => grant.withinSeconds, formatDuration),
    ...number('grant uses', ({ grant }) => grant.uses, String),
    ...sets('break-glass notify', base.notify, head.notify),
    ...number('review_within', ({ reviewWithinSeconds }) => reviewWithinSeconds, formatDuration),
  ]
}

/**
 * Escalations let more people in, so the legs are compared as they are at each moment one takes place. Where the people
 * who can fill the seats stay the same, only somebody else is told.
 */
function escalation(base: Requirement, head: Requirement): readonly Difference[] {
  const [from, to] = [sayEscalations(base), sayEscalations(head)]
  if (from === to) return []
  const moments = [...base.escalate, ...head.escalate].map(({ afterSeconds }) => afterSeconds)
  const covers = (strict: Requirement, other: Requirement): boolean =>
    moments.every((moment) => atLeastAsStrict(legsAt(strict, moment), legsAt(other, moment)))
  const [tighter, looser] = [covers(head, base), covers(base, head)]
  if (tighter && looser) return [{ field: 'escalate', from, to, effect: 'moved', both: false }]
  return compared('escalate', { from, to, tighter, looser })
}

function legsAt({ legs, escalate }: Requirement, moment: number): readonly Leg[] {
  return widened(
    legs,
    escalate.filter(({ afterSeconds }) => afterSeconds <= moment),
  )
}

/** Whom each lets in, when, and into which sets of people; the names of legs do not matter. */
function sayEscalations({ escalate, legs: all }: Requirement): string {
  const each = escalate.map(({ afterSeconds, to, legs: opened }) => {
    const into = all.filter(({ name }) => opened.includes(name)).map(saySet)
    return `${to.ref} after ${formatDuration(afterSeconds)}${into.length > 0 ? ` into ${into.join(' + ')}` : ''}`
  })
  return each.join(', ') || 'none'
}

function times({ notify }: Requirement): readonly string[] {
  return notify.remindAfterSeconds.map(formatDuration)
}

function refs({ who }: BreakGlass): readonly string[] {
  return who.map(({ ref }) => ref)
}

interface Numbers {
  readonly from: number
  readonly to: number
  readonly say: (value: number) => string
}

function smallerIsStricter(field: string, { from, to, say }: Numbers): readonly Difference[] {
  return compared(field, { from: say(from), to: say(to), tighter: to <= from, looser: from <= to })
}

/** Each way by which a decision counts is one more to keep an eye on. */
function fewerWays(from: readonly Way[], to: readonly Way[]): readonly Difference[] {
  const sides = { from: from.join(', '), to: to.join(', ') }
  return compared('via', { ...sides, tighter: within(to, from), looser: within(from, to) })
}

/** More is stricter. */
function sets(field: string, from: readonly string[], to: readonly string[]): readonly Difference[] {
  const say = (values: readonly string[]): string => values.join(', ') || 'none'
  return compared(field, {
    from: say(from),
    to: say(to),
    tighter: within(from, to),
    looser: within(to, from),
  })
}

function moved(field: string, from: readonly string[], to: readonly string[]): readonly Difference[] {
  if (within(from, to) && within(to, from)) return []
  return [
    { field, from: from.join(', ') || 'none', to: to.join(', ') || 'none', effect: 'moved', both: false },
  ]
}

interface Compared {
  readonly from: string
  readonly to: string
  /** Is the second at least as strict as the first, and the first as the second? */
  readonly tighter: boolean
  readonly looser: boolean
}

function compared(field: string, { from, to, tighter, looser }: Compared): readonly Difference[] {
  if (tighter && looser) return []
  return [{ field, from, to, effect: effectOf(tighter), both: !tighter && !looser }]
}

function effectOf(stricter: boolean): 'loosened' | 'tightened' {
  return stricter ? 'tightened' : 'loosened'
}

function within(some: readonly string[], all: readonly string[]): boolean {
  return some.every((one) => all.includes(one))
}
