import type { Bundle, Demand, LegTemplate, Rule } from '../bundle.ts'
import { verdictKinds } from '../bundle.ts'
import { about } from './about.ts'
import type { Finding } from './finding.ts'

/**
 * Edits between two bundles that can weaken the policy, for whoever reviews the change (policy.md section 4.6, last
 * paragraph of "why not first-match"). Strictest-wins makes these the only places to look: what a strict rule lost, an
 * exception, and a new allow, which simulate shows.
 */
export function loosened(base: Bundle, head: Bundle): readonly Finding[] {
  const now = new Map(head.rules.map((rule) => [rule.id, rule]))
  return base.rules.flatMap((before) => {
    const after = now.get(before.id)
    if (before.verdict === 'allow' || before.mode === 'observe') return []
    if (after === undefined) return [removed(before)]
    return [...exception(before, after), ...weakened(before, after)]
  })
}

function removed(rule: Rule): Finding {
  const message = `The rule "${rule.id}" (${rule.verdict}) was taken away: what it asked for is no longer asked. Its place is that of the base.`
  return about(rule, ['loosen/removed', message])
}

function exception(before: Rule, after: Rule): readonly Finding[] {
  if (after.unless === null || after.unless.text === before.unless?.text) return []
  const what = before.unless === null ? 'An exception was added' : 'The exception was changed'
  const message = `${what} to "${after.id}" (${after.verdict}): the rule no longer applies where it is true.`
  return [about(after, ['loosen/unless', message], { condition: after.unless })]
}

function weakened(before: Rule, after: Rule): readonly Finding[] {
  const lost = [
    ...(verdictKinds.indexOf(after.verdict) < verdictKinds.indexOf(before.verdict)
      ? [`it says ${after.verdict} instead of ${before.verdict}`]
      : []),
    ...(after.mode === 'observe' ? ['it only observes'] : []),
    ...(after.when !== null && after.when.text !== before.when?.text ? ['its condition was changed'] : []),
    ...(narrower(before, after) ? ['it matches less'] : []),
    ...(before.breakGlass === null && after.breakGlass !== null ? ['it offers break-glass'] : []),
    ...(before.demand && after.demand ? lessAsked(before.demand, after.demand) : []),
  ]
  if (lost.length === 0) return []
  const message = `The rule "${after.id}" may ask for less: ${lost.join('; ')}.`
  return [about(after, ['loosen/removed', message])]
}

function narrower(before: Rule, after: Rule): boolean {
  return (['actions', 'environments', 'effects'] as const).some((property) => {
    const [old, now] = [before.match[property], after.match[property]]
    return now !== null && (old === null || old.some((one) => !now.some((other) => other === one)))
  })
}

function lessAsked(before: Demand, after: Demand): readonly string[] {
  const asked = (leg: LegTemplate): number =>
    after.legs.find(({ from }) => String(from) === String(leg.from))?.count ?? 0
  const shorter = before.legs
    .filter((leg) => asked(leg) < leg.count)
    .map(({ name }) => `leg "${name}" was cut`)
  return [
    ...shorter,
    ...(after.denyCount > before.denyCount ? ['more denials are needed'] : []),
    ...(after.expiresInSeconds > before.expiresInSeconds ? ['it waits longer'] : []),
    ...(after.grant.ttlSeconds > before.grant.ttlSeconds ? ['the grant lives longer'] : []),
    ...(after.confirm.length < before.confirm.length ? ['nothing has to be typed'] : []),
    ...(before.stepUp && !after.stepUp ? ['no proof of presence is asked'] : []),
    ...(before.reason && (after.reason?.minLength ?? 0) < before.reason.minLength
      ? ['the reason may be shorter']
      : []),
    ...(before.reason?.patterns.some((one) => !after.reason?.patterns.includes(one))
      ? ['the reason is free']
      : []),
    ...(after.escalate.length > before.escalate.length ? ['it escalates to more people'] : []),
  ]
}
