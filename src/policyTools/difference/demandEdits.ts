import { formatDuration } from '../../core/duration.ts'
import type { ReasonDemand } from '../../core/requirement.ts'
import type { BreakGlassDemand, Condition, Demand, LegTemplate } from '../../policy/bundle.ts'
import { expiryOf } from '../../policy/demandAt.ts'
import { sayExpiry } from '../../policy/format/expirySchema.ts'

/**
 * How `after` may ask for less than `before`, one short sentence for each field; empty when it asks for at least as much,
 * also when each is joined with what other rules ask. A leg has to stay with the same sources: one that names fewer
 * could become one with another rule's leg, and then fewer people are asked.
 */
export function looserDemand(before: Demand, after: Demand): readonly string[] {
  return [
    ...before.legs.flatMap((leg) => cutLeg(leg, after.legs)),
    ...longer('more denials are needed to end it', before.denyCount, after.denyCount, String),
    ...looserReason(before.reason, after.reason),
    ...missing(before.confirm.map(textOf), after.confirm.map(textOf)).map(
      (text) => `"${text}" need not be typed`,
    ),
    ...(before.stepUp && !after.stepUp ? ['no proof of presence is asked'] : []),
    ...missing(after.via, before.via).map((way) => `a decision may come by ${way}`),
    ...waitsLonger(before, after),
    ...longer('the grant lives longer', before.grant.ttlSeconds, after.grant.ttlSeconds, formatDuration),
    ...longer(
      'the grant may be asked for later',
      before.grant.withinSeconds,
      after.grant.withinSeconds,
      formatDuration,
    ),
    ...longer('the grant can be used more often', before.grant.uses, after.grant.uses, String),
    ...after.escalate
      .filter(
        (one) => !before.escalate.some((old) => old.to === one.to && old.afterSeconds <= one.afterSeconds),
      )
      .map(({ to, afterSeconds }) => `${to} may help after ${formatDuration(afterSeconds)}`),
  ]
}

/** Working hours take at least as long by clocks, and how much longer depends on when something is asked. */
function waitsLonger(before: Demand, after: Demand): readonly string[] {
  const [old, now] = [expiryOf(before), expiryOf(after)]
  if (now.seconds <= old.seconds && (old.working || !now.working)) return []
  return [`it waits longer (${sayExpiry(now)} instead of ${sayExpiry(old)})`]
}

/** How `after` may let somebody past alone more easily than `before`; null is no path. */
export function looserPath(
  before: BreakGlassDemand | null,
  after: BreakGlassDemand | null,
): readonly string[] {
  if (after === null) return []
  if (before === null) return ['it offers break-glass']
  const more = missing(after.who, before.who)
  const isNarrower = before.when === null || textOf(before.when) === (after.when && textOf(after.when))
  const field = (text: string): string => `break-glass: ${text}`
  return [
    ...(more.length > 0 ? [`${more.join(', ')} may break the glass`] : []),
    ...(isNarrower ? [] : [field('when it may be broken was changed')]),
    ...looserReason(before.reason, after.reason).map(field),
    ...(before.stepUp && !after.stepUp ? [field('no proof of presence is asked')] : []),
    ...longer(
      field('the grant lives longer'),
      before.grant.ttlSeconds,
      after.grant.ttlSeconds,
      formatDuration,
    ),
    ...longer(
      field('the grant may be asked for later'),
      before.grant.withinSeconds,
      after.grant.withinSeconds,
      formatDuration,
    ),
    ...longer(field('the grant can be used more often'), before.grant.uses, after.grant.uses, String),
    ...missing(before.notify, after.notify).map((address) => field(`${address} is not told`)),
    ...longer(
      field('the review may come later'),
      before.reviewWithinSeconds,
      after.reviewWithinSeconds,
      formatDuration,
    ),
  ]
}

function cutLeg(leg: LegTemplate, legs: readonly LegTemplate[]): readonly string[] {
  const set = (one: LegTemplate): string => one.from.join(' or ')
  const asked = legs.find((one) => set(one) === set(leg))?.count ?? 0
  if (asked >= leg.count) return []
  return [`leg "${leg.name}" (${leg.count} of ${set(leg)}) ${asked === 0 ? 'is gone' : `asks ${asked}`}`]
}

function looserReason(before: ReasonDemand | null, after: ReasonDemand | null): readonly string[] {
  if (before === null) return []
  if (after === null) return ['no reason is asked']
  return [
    ...(after.minLength < before.minLength
      ? [`the reason may be shorter (${after.minLength} characters)`]
      : []),
    ...missing(before.patterns, after.patterns).map((pattern) => `the reason need not fit ${pattern}`),
  ]
}

function longer(
  what: string,
  before: number,
  after: number,
  say: (value: number) => string,
): readonly string[] {
  return after > before ? [`${what} (${say(after)} instead of ${say(before)})`] : []
}

function missing(wanted: readonly string[], given: readonly string[]): readonly string[] {
  return wanted.filter((one) => !given.includes(one))
}

function textOf({ text }: Condition): string {
  return text.trim()
}
