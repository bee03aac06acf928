import { formatDuration } from '../../core/duration.ts'
import type { GrantTerms, ReasonDemand } from '../../core/requirement.ts'
import { usualWays } from '../../core/ways.ts'
import type { BreakGlassDemand, Bundle, Condition, Demand, Rule } from '../../policy/bundle.ts'
import { expiryOf } from '../../policy/demandAt.ts'
import { directoryNames } from '../../policy/directoryNames.ts'
import { sayExpiry } from '../../policy/format/expirySchema.ts'
import { changedLines, type Properties } from './changedLines.ts'

/**
 * What differs in the rules of two bundles, one line for each property, as the policy writes it: for the people who
 * decide about a change, beside the names that `differenceOf` gives.
 */
export function ruleChanges(base: Bundle, head: Bundle): readonly string[] {
  return changedLines(propertiesOf(base), propertiesOf(head))
}

function propertiesOf(bundle: Bundle): ReadonlyMap<string, Properties> {
  return new Map(bundle.rules.map((rule) => [rule.id, new Map(written(ofRule(rule, bundle)))]))
}

/** Name and text; null where there is no such property. */
export type Written = readonly (readonly [string, string | null])[]

export function written(properties: Written): (readonly [string, string])[] {
  return properties.flatMap(([name, text]) => (text === null ? [] : [[name, text] as const]))
}

function ofRule(rule: Rule, bundle: Bundle): Written {
  const { match, when, unless, demand, breakGlass } = rule
  return [
    ['verdict', rule.verdict],
    ['mode', rule.mode === 'observe' ? 'observe' : null],
    ['actions', match.actions?.join(', ') ?? null],
    ['agents', match.agents?.map(({ pattern }) => pattern).join(', ') ?? null],
    ['environments', match.environments?.join(', ') ?? null],
    ['effects', match.effects?.join(', ') ?? null],
    ['when', textOf(when)],
    ['unless', textOf(unless)],
    ...(demand ? ofDemand(demand, bundle) : []),
    ...(breakGlass ? ofPath(breakGlass, bundle) : []),
    ['message', rule.message],
    ['description', rule.description],
  ]
}

export function ofDemand(demand: Demand, bundle: Bundle): Written {
  const { legs, grant, confirm, escalate, remindAfterSeconds } = demand
  return [
    ['approvals', legs.map(({ name, count, from }) => `${name} ${count} of ${from.join(' or ')}`).join('; ')],
    ['deny_count', String(demand.denyCount)],
    ['reason', sayReason(demand.reason)],
    ['confirm', confirm.map(textOf).join('; ') || null],
    ['step_up', demand.stepUp ? 'passkey' : null],
    ['via', demand.via.join() === usualWays.join() ? null : demand.via.join(', ')],
    ['expires_in', sayExpiry(expiryOf(demand))],
    ['grant', sayGrant(grant)],
    ['channel', directoryNames(bundle, demand.channels).join(', ') || null],
    ['warn', demand.warnBeforeSeconds === undefined ? null : formatDuration(demand.warnBeforeSeconds)],
    ['remind', remindAfterSeconds.map(formatDuration).join(', ') || null],
    [
      'escalate',
      escalate.map(({ afterSeconds, to }) => `after ${formatDuration(afterSeconds)} to ${to}`).join('; ') ||
        null,
    ],
  ]
}

function ofPath(path: BreakGlassDemand, bundle: Bundle): Written {
  return [
    ['break_glass who', path.who.join(' or ')],
    ['break_glass when', textOf(path.when)],
    ['break_glass reason', sayReason(path.reason)],
    ['break_glass step_up', path.stepUp ? 'passkey' : null],
    ['break_glass grant', sayGrant(path.grant)],
    ['break_glass notify', directoryNames(bundle, path.notify).join(', ')],
    ['break_glass review_within', formatDuration(path.reviewWithinSeconds)],
  ]
}

function sayGrant({ ttlSeconds, withinSeconds }: GrantTerms): string {
  return `${formatDuration(ttlSeconds)}, within ${formatDuration(withinSeconds)}`
}

function sayReason(reason: ReasonDemand | null): string | null {
  if (reason === null) return null
  const hints = (reason.hints ?? []).flatMap((hint) => (hint === null ? [] : [JSON.stringify(hint)]))
  return [`at least ${reason.minLength} characters`, ...reason.patterns, ...hints].join(', ')
}

/** On one line, as conditions read the same whatever white space is between their words. */
function textOf(condition: Condition | null): string | null {
  return condition?.text.trim().replace(/\s*\n\s*/g, ' ') ?? null
}
