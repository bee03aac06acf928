import type { Account } from '../core/identity.ts'
import { median } from '../core/median.ts'
import type { Bundle } from '../policy/bundle.ts'
import type { Recorded } from '../policyTools/simulation/recorded.ts'
import { type Past, pastOf } from '../policyTools/suggest/flows.ts'
import type { RuleText } from '../policyTools/suggest/ruleText.ts'
import { defaultThresholds } from '../policyTools/suggest/said.ts'
import { likelySuggestions } from '../policyTools/suggest/suggest.ts'
import type { Line } from '../policyTools/suggest/suggestText.ts'
import { type Loads, loadByPerson } from './loadByPerson.ts'
import { isTrustedWithAll } from './people/trusted.ts'
import { recordedRequests } from './policy/recordedRequests.ts'
import type { Ports } from './ports.ts'

/** What became of the requests of one action that people were asked about. */
export interface ActionStats {
  readonly action: string
  readonly asked: number
  readonly approved: number
  readonly denied: number
  readonly expired: number
  /** In the median, from the asking to the last decision; null where nobody decided. */
  readonly medianSeconds: number | null
}

export interface Stats {
  /** RFC 3339: where it begins, which is later than 30 days ago where there are more requests than are looked at. */
  readonly since: string
  readonly looked: number
  /** Most asked first. */
  readonly actions: readonly ActionStats[]
  readonly suggestions: readonly Suggested[]
  /** Those who are asked most first. */
  readonly load: Loads
  /** How often one may be mentioned in 24 hours. */
  readonly mentionsPerDay: number
}

/** What people decided again and again, and the rule by which policy would decide it; unproved. */
type Suggested = Line & { readonly rule: Pick<RuleText, 'id' | 'yaml'> }

const days = 30

/** So many of the newest requests are looked at, allowed ones too. */
const mostLooked = 5_000

/** Characters. What has more is counted, and no rule is suggested for it: so many as are looked at are held in memory, and read once more. */
const longestRead = 8_192

/**
 * What people were asked in the last 30 days, of everybody: so only for those whom the active policy trusts with all of it, as auditors or
 * to stop whatever there is. Null for anybody else.
 */
export async function statsFor(ports: Ports, account: Account): Promise<Stats | null> {
  const bundle = ports.policy()
  if (bundle === null) return null
  if (!(await isTrustedWithAll(ports, account))) return null
  const from = new Date(ports.clock().getTime() - days * 86_400_000).toISOString()
  const { asked, past, looked, oldest } = await lookedAt(ports, bundle, from)
  return {
    since: looked === mostLooked && oldest !== null && oldest > from ? oldest : from,
    looked,
    actions: byAction(asked),
    load: await loadByPerson(ports, from),
    mentionsPerDay: bundle.brakes.mentionsPerDay,
    suggestions: likelySuggestions(bundle, past, { thresholds: defaultThresholds, limit: 5 }),
  }
}

/** What there is to count, and what a rule could be suggested for, with the age of the oldest of all. */
async function lookedAt({ store }: Ports, bundle: Bundle, from: string) {
  const asked: Asked[] = []
  const past: Past[] = []
  let looked = 0
  let oldest: string | null = null
  for await (const { recorded } of recordedRequests(store, mostLooked)) {
    looked += recorded.length
    oldest ??= recorded[0]?.ask.at ?? null
    for (const one of recorded) {
      if (one.ask.at < from || one.answer?.outcome === 'allowed') continue
      asked.push({ action: one.ask.action.action, answer: one.answer })
      const read = JSON.stringify(one.ask).length > longestRead ? null : pastOf(bundle, one)
      if (read) past.push(read)
      // What agents ask can be as hard to read as they like: whoever else waits has a turn in between.
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  return { asked, past, looked, oldest }
}

/** What of a request is counted. */
interface Asked {
  readonly action: string
  readonly answer: Recorded['answer']
}

function byAction(asked: readonly Asked[]): readonly ActionStats[] {
  const groups = new Map<string, Asked[]>()
  for (const one of asked) {
    if (!wasAsked(one)) continue
    const group = groups.get(one.action)
    if (group) group.push(one)
    else groups.set(one.action, [one])
  }
  return [...groups]
    .map(([action, group]) => statsOf(action, group))
    .sort((left, right) => right.asked - left.asked || (left.action < right.action ? -1 : 1))
}

/** Whether people were asked at all: what policy denies, or a cool-down, asks nobody. */
function wasAsked({ answer }: Asked): boolean {
  const nobody = ['allowed', 'cooling_down', 'nobody_can', 'denial_stands', 'denied_by_policy']
  return answer !== undefined && !nobody.includes(answer.outcome ?? '')
}

function statsOf(action: string, group: readonly Asked[]): ActionStats {
  const count = (...outcomes: readonly string[]) =>
    group.filter(({ answer }) => outcomes.includes(answer?.outcome ?? '')).length
  return {
    action,
    asked: group.length,
    approved: count('approved', 'glass_broken'),
    denied: count('denied'),
    expired: count('timed_out', 'nobody_reachable'),
    medianSeconds: median(group.flatMap(({ answer }) => answer?.seconds ?? [])),
  }
}
