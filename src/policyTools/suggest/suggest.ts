import { type Bundle, conditionsOf } from '../../policy/bundle.ts'
import { rootOf } from '../../policy/conditions/path.ts'
import { evaluateUnshown } from '../../policy/evaluate.ts'
import { loadBundle } from '../../policy/load.ts'
import type { ReadText } from '../../policy/readers/outside.ts'
import { lintFiles } from '../lint/lintBundle.ts'
import type { Recorded } from '../simulation/recorded.ts'
import { type Simulation, simulate } from '../simulation/simulate.ts'
import { type Addition, assembled, type Files } from './assemble.ts'
import { boundsOf } from './bounds.ts'
import { type Flow, flowsIn, type Past, pastOf } from './flows.ts'
import { harmOf, isSensitive } from './harm.ts'
import type { LeftOut } from './leftOut.ts'
import { prove } from './prove.ts'
import { type RuleText, ruleText, type Suggested } from './ruleText.ts'
import { type Decided, saidTo, type Thresholds } from './said.ts'
import { insideOf, outsideOf } from './samples.ts'
import { splitBy } from './split.ts'

export interface Suggestion extends Pick<Flow, 'action' | 'agent' | 'environment' | 'resourceType'> {
  readonly verdict: Suggested
  readonly addition: Addition
  readonly decided: Decided
  /** Ids of resources that were asked about, at most a few. */
  readonly resources: readonly string[]
  /** Ids of the requests of the record that would have gone otherwise, oldest first. */
  readonly changed: readonly string[]
}

export interface Suggestions {
  readonly suggestions: readonly Suggestion[]
  /** The bundle with all of them. */
  readonly files: Files
  /** The whole record, by the bundle and by that one. */
  readonly simulation: Simulation
  /** What nothing is suggested for, and why; kinds of request, and requests. */
  readonly leftOut: readonly { readonly why: LeftOut; readonly kinds: number; readonly requests: number }[]
  /** Requests of which the record does not say what came of them, as in a file that no `--save` wrote. */
  readonly unanswered: number
}

export interface SuggestOptions {
  readonly thresholds: Thresholds
  /** So many are shown at most. */
  readonly limit: number
  readonly readText?: ReadText | undefined
}

interface Found {
  readonly flow: Flow
  readonly verdict: Suggested
  readonly decided: Decided
}

/**
 * What was asked often and always granted, as rules that would let exactly that flow; and what was denied often, as rules that
 * deny it or ask for more. Each is proved before it is returned: the bundle loads with it, all tests pass, the record shows nothing else
 * flowing, and lint has nothing to say that it did not say before. Pure, and the same record gives the same suggestions.
 */
export function suggest(
  base: { readonly bundle: Bundle; readonly files: Files },
  recorded: readonly Recorded[],
  { thresholds, limit, readText }: SuggestOptions,
): Suggestions {
  const leftOut = new Tally()
  const found: Suggestion[] = []
  const asked = recorded.flatMap((one) => pastOf(base.bundle, one) ?? [])
  for (const one of flowsIn(base.bundle, asked).flatMap((flow) => saidIn(flow, thresholds, leftOut))) {
    if (found.length >= limit) {
      leftOut.add('limit', one.decided.asked.length)
      continue
    }
    const before = found.map(({ addition }) => addition)
    const ground = { base: base.bundle, files: base.files, before, recorded, readText }
    const proved = suggestionFor(one, ground, thresholds)
    for (const [why, count] of proved.leftOut) leftOut.add(why, count)
    found.push(...proved.suggestions.slice(0, limit - found.length))
  }
  const clean = withoutFindings(base.files, found, leftOut)
  const files =
    assembled(
      base.files,
      clean.map(({ addition }) => addition),
    ) ?? base.files
  const head = loadBundle(files)
  return {
    suggestions: clean,
    files,
    simulation: simulate(base.bundle, head.ok ? head.bundle : base.bundle, recorded),
    leftOut: leftOut.counted(),
    unanswered: recorded.filter(({ answer }) => !answer).length,
  }
}

/** Kinds of requests for which nothing is suggested. */
class Tally {
  private readonly counts = new Map<LeftOut, { kinds: number; requests: number }>()

  add(why: LeftOut, requests: number): void {
    const known = this.counts.get(why) ?? { kinds: 0, requests: 0 }
    this.counts.set(why, { kinds: known.kinds + 1, requests: known.requests + requests })
  }

  counted(): Suggestions['leftOut'] {
    return [...this.counts]
      .map(([why, count]) => ({ why, ...count }))
      .sort((left, right) => right.requests - left.requests || (left.why < right.why ? -1 : 1))
  }
}

const verdicts = { granted: 'allow', denied: 'deny', doubted: 'require_approval' } as const

/** What people said to it, where they said enough and nobody is shown what they may not see. */
function saidIn(flow: Flow, thresholds: Thresholds, leftOut: Pick<Tally, 'add'>): readonly Found[] {
  const said = saidTo(flow, thresholds)
  const why = said.says === 'nothing' ? said.why : isSensitive(flow, flow.asked) ? 'sensitive' : null
  if (said.says === 'nothing' || why !== null) {
    leftOut.add(why ?? 'rare', flow.asked.length)
    return []
  }
  return [{ flow, verdict: verdicts[said.says], decided: said.decided }]
}

/** What would be suggested, with the rule that would be; not proved. */
type Likely = Omit<Suggestion, 'addition' | 'changed'> & { readonly rule: RuleText }

/**
 * What could be suggested, for a list that only points to it: nothing is proved, and what a proof would take away is among
 * them. Most asked first, at most `limit`.
 */
export function likelySuggestions(
  bundle: Bundle,
  asked: readonly Past[],
  { thresholds, limit }: Omit<SuggestOptions, 'readText'>,
): readonly Likely[] {
  const likely: Likely[] = []
  for (const flow of flowsIn(bundle, asked)) {
    if (likely.length >= limit) break
    for (const { verdict, decided } of saidIn(flow, thresholds, { add: () => undefined })) {
      const { asked } = decided
      const runs =
        verdict === 'allow' &&
        (typeof askingRules(bundle, asked) === 'string' || harmOf(bundle, flow, asked) !== null)
      const bounds = boundsOf(flow, asked)
      if (runs || 'why' in bounds) continue
      const rule = ruleText(flow, decided, { verdict, conditions: bounds.conditions })
      likely.push({ ...shownOf(flow, asked), verdict, decided, rule })
    }
  }
  return likely
}

function shownOf({ action, agent, environment, resourceType }: Flow, asked: readonly Past[]) {
  const ids = [...new Set(asked.map(({ recorded: { ask } }) => ask.action.resource.id))].sort()
  return { action, agent, environment, resourceType, resources: ids.slice(0, 4) }
}

interface Tried {
  readonly suggestions: readonly Suggestion[]
  readonly leftOut: readonly (readonly [LeftOut, number])[]
}

type Ground = Parameters<typeof prove>[1]

function suggestionFor(one: Found, ground: Ground, thresholds: Thresholds): Tried {
  const { flow, verdict, decided } = one
  const { asked } = decided
  const nothing = (why: LeftOut): Tried => ({ suggestions: [], leftOut: [[why, asked.length]] })
  const rules = verdict === 'allow' ? askingRules(ground.base, asked) : []
  if (typeof rules === 'string') return nothing(rules)
  if (verdict === 'require_approval' && isDenied(ground.base, asked)) return nothing('runs')
  const harm = verdict === 'allow' ? harmOf(ground.base, flow, asked) : null
  if (harm !== null) return nothing(harm)
  const bounds = boundsOf(flow, asked)
  if ('why' in bounds) {
    const parts = bounds.param === undefined ? [] : splitBy(bounds.param, one.decided, thresholds)
    if (bounds.why !== 'varies' || parts.length === 0) return nothing(bounds.why)
    const tried = parts.map((part) => suggestionFor({ ...one, decided: part }, ground, thresholds))
    const rest = asked.length - parts.reduce((sum, part) => sum + part.asked.length, 0)
    return {
      suggestions: tried.flatMap(({ suggestions }) => suggestions),
      leftOut: [...tried.flatMap((part) => part.leftOut), ...(rest > 0 ? [['varies', rest] as const] : [])],
    }
  }
  const draft = {
    verdict,
    rule: ruleText(flow, decided, { verdict, conditions: bounds.conditions }),
    exceptions: rules,
    asked,
    inside: insideOf(asked, 6),
    outside: outsideOf(ground.base, flow, asked),
  }
  const about = ground.recorded.filter(
    ({ ask }) => ask.action.action === flow.action && ask.agent.name === flow.agent,
  )
  const proof = prove(draft, { ...ground, recorded: about })
  if (!proof.proved) return nothing(proof.why)
  const { addition, changed } = proof
  return { suggestions: [{ ...shownOf(flow, asked), verdict, addition, decided, changed }], leftOut: [] }
}

/** The rules by which all of these are asked about now, none where no rule is about them; or why that cannot be taken from them. */
function askingRules(base: Bundle, asked: readonly Past[]): Addition['exceptions'] | LeftOut {
  const ids = new Set<string>()
  for (const { recorded } of asked) {
    const { verdict } = evaluateUnshown(base, recorded.ask)
    const isAsked = verdict.kind === 'require_approval' && ['rules', 'unmatched'].includes(verdict.code)
    if (!isAsked) return 'runs'
    for (const id of verdict.rules) ids.add(id)
  }
  // Beside a budget, what is let through by another rule would not be held by it.
  const [first] = asked
  const about = base.candidates.get(first?.recorded.ask.action.action ?? '') ?? []
  const refs = about.flatMap(conditionsOf).flatMap(({ compiled }) => [...compiled.refs])
  if (refs.some((path) => rootOf(path) === 'budget')) return 'counted'
  // Of these a suggestion says nothing, so it would hold whatever they are the next time.
  if (refs.some((path) => ['run', 'tool', 'resources'].includes(rootOf(path)))) return 'beyond'
  return base.rules.filter(({ id }) => ids.has(id)).map(({ id, at }) => ({ rule: id, file: at.file }))
}

/** Whether any of these is denied by now: where no rule is about it, one that asks would let people release it again. */
function isDenied(base: Bundle, asked: readonly Past[]): boolean {
  return asked.some(({ recorded: { ask } }) => evaluateUnshown(base, ask).verdict.kind === 'deny')
}

/** Without those of which lint says something that it does not say of the bundle as it is. */
function withoutFindings(files: Files, found: readonly Suggestion[], leftOut: Tally): readonly Suggestion[] {
  if (found.length === 0) return found
  const serious = (of: Files) => lintFiles(of).findings.filter(({ level }) => level !== 'note')
  const known = new Set(
    serious(files).map(({ code, rule, message }) => JSON.stringify([code, rule, message])),
  )
  let clean = found
  for (;;) {
    const head = assembled(
      files,
      clean.map(({ addition }) => addition),
    )
    const named = new Set(
      (head ? serious(head) : [])
        .filter(({ code, rule }) => !known.has(`${code} ${rule}`))
        .map(({ rule }) => rule),
    )
    if (head !== null && named.size === 0) return clean
    const isNamed = ({ addition: { rule, exceptions } }: Suggestion) =>
      named.has(rule.id) || exceptions.some((one) => named.has(one.rule))
    // What cannot be laid at anybody's door is at everybody's.
    const guilty = clean.some(isNamed) ? clean.filter(isNamed) : clean
    for (const { decided } of guilty) leftOut.add('lint', decided.asked.length)
    clean = clean.filter((one) => !guilty.includes(one))
    if (clean.length === 0) return clean
  }
}
