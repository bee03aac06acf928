import { formatDuration } from '../../core/duration.ts'
import type { Json, JsonObject } from '../../core/json.ts'
import type { BreakGlass, GrantTerms, Requirement } from '../../core/requirement.ts'
import { shortJson } from '../../core/shortJson.ts'
import { ownerIn } from '../../policy/owners.ts'
import { shortId } from '../simulation/simulateText.ts'
import type { Asking } from './demands.ts'
import type { Explanation } from './explain.ts'
import type { Part, RuleExplained } from './ruleExplained.ts'

/** How an explanation reads in a terminal (docs/policy-tools.md#explain). `agent` is its name, where that is known. */
export function explanationText(explanation: Explanation, agent = explanation.facts.agent.id): string {
  const { bundle, candidates, evaluation } = explanation
  const { verdict, requirement } = evaluation
  const counted = `${candidates.length} candidate rule${candidates.length === 1 ? '' : 's'} of ${bundle.rules}`
  const lines = [
    headline(explanation, agent),
    `bundle ${bundle.name}@${shortId(bundle.digest)} · ${counted}`,
    '',
    ...candidates.flatMap(ruleLines),
    ...(candidates.length > 0 ? [''] : []),
    `verdict: ${verdict.kind}  (${verdict.rules.join(' + ') || verdict.code})`,
    ...explanation.unread.map(({ param, why, at }) =>
      row('not read', `${param}: ${why}${at === undefined ? '' : ` (character ${at + 1})`}`),
    ),
    ...saidOver(verdict.facts).map((says) => row('counted', says)),
    ...(verdict.message === null ? [] : [row('message', verdict.message)]),
    ...(requirement && explanation.asking
      ? askingLines(requirement, explanation.asking, explanation.channels)
      : []),
    ...(verdict.kind === 'allow'
      ? []
      : [row('break-glass', sayBreakGlass(requirement?.breakGlass ?? verdict.breakGlass, candidates))]),
    ...nearestLines(explanation.nearest),
    ...verdict.observed.map((id) => row('observes', `${id} would apply, but only observes`)),
    ...verdict.errors.map((error) => row('error', error)),
  ]
  return `${lines.join('\n')}\n`
}

/** Of which budgets it is past what a rule compares with. */
function saidOver({ over }: JsonObject): readonly string[] {
  return (Array.isArray(over) ? over : []).flatMap((one: Json) =>
    typeof one === 'object' && one !== null && 'says' in one && typeof one.says === 'string' ? one.says : [],
  )
}

const counts = ['nothing', 'one condition', 'two conditions', 'three conditions']

function nearestLines(nearest: Explanation['nearest']): readonly string[] {
  if (nearest === null) return []
  const { rule, verdict, differs } = nearest
  const verb = differs.length === 1 ? 'differs' : 'differ'
  return [
    row('nearest', `${rule} (${verdict}): ${counts[differs.length] ?? differs.length} ${verb}`),
    ...differs.map((miss) =>
      miss.of === 'condition'
        ? partLine(miss.part)
        : `       ${`only ${miss.of === 'agents' ? 'for' : 'in'} ${miss.listed.join(', ')}`}`,
    ),
  ]
}

function headline({ action, facts }: Explanation, agent: string): string {
  const initiator = facts.initiator?.email ?? facts.initiator?.id
  const behind = initiator === undefined ? '' : ` for ${initiator}`
  return `${action.action} on ${action.resource.id} (${action.environment}) by ${agent}${behind}`
}

function ruleLines(one: RuleExplained): readonly string[] {
  const observes = one.mode === 'observe' ? ' (observes only)' : ''
  if (one.otherEnvironments)
    return [`  ○  ${one.rule}  → no match: only in ${one.otherEnvironments.join(', ')}${observes}`]
  if (one.otherAgents)
    return [`  ○  ${one.rule}  → no match: only for ${one.otherAgents.join(', ')}${observes}`]
  const outcome = one.applies ? `→ ${one.verdict}` : '→ no match'
  return [`  ${one.applies ? '●' : '○'}  ${one.rule}  ${outcome}${observes}`, ...one.parts.map(partLine)]
}

function partLine({ of, value, source, reads }: Part): string {
  const shown = reads.map(
    ({ path, value: read }) => `${path} ${read === null ? 'is absent' : `= ${shortJson(read, 80)}`}`,
  )
  const facts = shown.length > 0 ? `    [${shown.join(', ')}]` : ''
  return `       ${of.padEnd(6)} ${value.padEnd(7)} ${cut(source, 100)}${facts}`
}

function askingLines(
  requirement: Requirement,
  asking: Asking,
  channels: readonly string[],
): readonly string[] {
  const { reason, confirm, stepUp, expiresInSeconds, grant, denyCount } = requirement
  const because = (by: readonly string[]): string => `   ← ${by.join(' + ')}`
  return [
    ...requirement.legs.map((leg, index) => {
      const { by = [], leg: template } = asking.legs[index] ?? {}
      const named = (template?.from ?? []).map((name) => sayName(name, leg.from))
      return row('approve', `${leg.count} × ${named.join(' or ')}${because(by)}`)
    }),
    row('people', 'distinct; not initiator, not agent_owner'),
    ...(denyCount > 1 ? [row('denials', `${denyCount} end it${because(asking.denyCount)}`)] : []),
    ...(reason ? [row('reason', sayReason(reason) + because(asking.reason))] : []),
    ...confirm.map((text) => row('confirm', `type ${shortJson(text, 80)}${because(asking.confirm)}`)),
    ...(stepUp ? [row('step-up', `passkey${because(asking.stepUp)}`)] : []),
    ...(requirement.via ? [row('via', `${requirement.via.join(', ')}${because(asking.via ?? [])}`)] : []),
    row('expires', formatDuration(expiresInSeconds) + because(asking.expires)),
    row('grant', `${sayGrant(grant)}${because(asking.grant)}`),
    row('notify', sayNotify(requirement, channels)),
  ]
}

/** The owner is somebody in particular, or nobody: the policy's word alone would not say whom. */
function sayName(name: string, from: Requirement['legs'][number]['from']): string {
  const owner = ownerIn(name)
  if (owner === null || from.some(({ ref }) => ref === name)) return name
  return owner.resource === null
    ? 'owner (this resource has none of its own)'
    : `${name} (it is not given, or has none of its own)`
}

function sayReason({ minLength, patterns }: NonNullable<Requirement['reason']>): string {
  return [`≥ ${minLength} chars`, ...patterns.map((pattern) => `with ${pattern}`)].join(', ')
}

function sayNotify({ notify, escalate }: Requirement, channels: readonly string[]): string {
  const remind = notify.remindAfterSeconds.map(formatDuration)
  return [
    channels.join(', ') || 'no channel',
    ...(remind.length > 0 ? [`remind ${remind.join(', ')}`] : []),
    ...escalate.map(({ afterSeconds, to }) => `after ${formatDuration(afterSeconds)} → ${to.ref}`),
  ].join('; ')
}

function sayBreakGlass(path: BreakGlass | null, candidates: readonly RuleExplained[]): string {
  if (path === null) return 'no'
  const { who, reason, grant, reviewWithinSeconds } = path
  const people = who.map(({ ref }) => ref).join(' or ')
  return `1 × ${people}; reason ${sayReason(reason)}; grant ${sayGrant(grant)}; review within ${formatDuration(reviewWithinSeconds)}${sayPassed(candidates)}`
}

/** The path past a denial also leads past what other rules that apply ask for, so these are named. */
function sayPassed(candidates: readonly RuleExplained[]): string {
  const spoke = candidates.filter(({ applies, mode }) => applies && mode === 'enforce')
  const asking = spoke.filter(({ verdict }) => verdict === 'require_approval').map(({ rule }) => rule)
  const isPastDenial = spoke.some(({ verdict }) => verdict === 'deny') && asking.length > 0
  return isPastDenial ? `; also past what is asked by ${asking.join(' and ')}` : ''
}

function sayGrant({ uses, ttlSeconds, withinSeconds }: GrantTerms): string {
  const times = `${uses} use${uses === 1 ? '' : 's'}`
  return `${times}, ${formatDuration(ttlSeconds)}, asked for within ${formatDuration(withinSeconds)}`
}

function row(name: string, text: string): string {
  return `  ${name.padEnd(11)} ${text}`
}

function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`
}
