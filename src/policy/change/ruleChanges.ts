import { formatDuration } from '../../core/duration.ts'
import type { ReasonDemand } from '../../core/request.ts'
import type { BreakGlassDemand, Bundle, Condition, Demand, Rule } from '../bundle.ts'
import { channelNames } from '../channels.ts'

/**
 * What differs in the rules of two bundles, one line for each property, as the policy writes it: for the people who
 * decide about a change, beside the names that `differenceOf` gives. Of a long text only the part that differs.
 */
export function ruleChanges(base: Bundle, head: Bundle): readonly string[] {
  const [before, after] = [propertiesOf(base), propertiesOf(head)]
  const ids = [...new Set([...before.keys(), ...after.keys()])].sort()
  return ids.flatMap((id) => {
    const [old, now] = [before.get(id), after.get(id)]
    if (!old || !now)
      return [...(now ?? old ?? [])].map(([name, text]) => `${now ? '+' : '-'} ${id} ${name}: ${text}`)
    return [...new Set([...old.keys(), ...now.keys()])].flatMap((name) => {
      const [from, to] = [old.get(name) ?? none, now.get(name) ?? none]
      return from === to ? [] : [`${id} ${name}: ${differing(from, to)}`]
    })
  })
}

const none = 'none'

type Properties = ReadonlyMap<string, string>

function propertiesOf(bundle: Bundle): ReadonlyMap<string, Properties> {
  return new Map(bundle.rules.map((rule) => [rule.id, new Map(written(ofRule(rule, bundle)))]))
}

/** Name and text; null where a rule does not have the property. */
type Written = readonly (readonly [string, string | null])[]

function written(properties: Written): (readonly [string, string])[] {
  return properties.flatMap(([name, text]) => (text === null ? [] : [[name, text] as const]))
}

function ofRule(rule: Rule, bundle: Bundle): Written {
  const { match, when, unless, demand, breakGlass } = rule
  return [
    ['verdict', rule.verdict],
    ['mode', rule.mode === 'observe' ? 'observe' : null],
    ['actions', match.actions?.join(', ') ?? null],
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

function ofDemand(demand: Demand, bundle: Bundle): Written {
  const { legs, grant, confirm, escalate, remindAfterSeconds } = demand
  return [
    ['approvals', legs.map(({ name, count, from }) => `${name} ${count} of ${from.join(' or ')}`).join('; ')],
    ['deny_count', String(demand.denyCount)],
    ['reason', sayReason(demand.reason)],
    ['confirm', confirm.map(textOf).join('; ') || null],
    ['step_up', demand.stepUp ? 'passkey' : null],
    ['expires_in', formatDuration(demand.expiresInSeconds)],
    ['grant', formatDuration(grant.ttlSeconds)],
    ['channel', channelNames(bundle, demand.channels).join(', ') || null],
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
    ['break_glass grant', formatDuration(path.grant.ttlSeconds)],
    ['break_glass notify', channelNames(bundle, path.notify).join(', ')],
    ['break_glass review_within', formatDuration(path.reviewWithinSeconds)],
  ]
}

function sayReason(reason: ReasonDemand | null): string | null {
  if (reason === null) return null
  return [`at least ${reason.minLength} characters`, ...reason.patterns].join(', ')
}

/** On one line, as conditions read the same whatever white space is between their words. */
function textOf(condition: Condition | null): string | null {
  return condition?.text.trim().replace(/\s*\n\s*/g, ' ') ?? null
}

/** Characters of what stays that are shown beside what differs, and up to which a text is shown whole. */
const beside = 40

/** `1h → 30m`; of a long text what differs and what stands around it: `… && params.rows <= «1000 → 5000» && …`. */
function differing(from: string, to: string): string {
  if (Math.max(from.length, to.length) <= 2 * beside) return `${from} → ${to}`
  const [start, end] = ends(from, to)
  const [old, now] = [from, to].map((text) => text.slice(start, text.length - end))
  const first = Math.max(0, start - beside)
  const before = `${first > 0 ? '…' : ''}${from.slice(first, start)}`
  const after = `${from.slice(from.length - end).slice(0, beside)}${end > beside ? '…' : ''}`
  return `${before}«${old} → ${now}»${after}`
}

/** How many characters two texts share at their beginnings and at their ends, not cutting a word or a number in two. */
function ends(from: string, to: string): readonly [start: number, end: number] {
  const most = Math.min(from.length, to.length)
  let start = 0
  while (start < most && from[start] === to[start]) start += 1
  while (start > 0 && /\w/.test(from[start - 1] ?? '')) start -= 1
  let end = 0
  while (end < most - start && from.at(-1 - end) === to.at(-1 - end)) end += 1
  while (end > 0 && /\w/.test(from.at(-end) ?? '')) end -= 1
  return [start, end]
}
