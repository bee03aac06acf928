import { verdictKinds } from '../../policy/bundle.ts'
import type { Part, RuleExplained } from './ruleExplained.ts'

/** The rule that came closest to applying, and what kept it from that. */
export interface Nearest {
  readonly rule: string
  readonly verdict: RuleExplained['verdict']
  /** What would have to be otherwise, in the order of the rule; the fewest of all rules that are weaker than what was said. */
  readonly differs: readonly Miss[]
}

/** A part of a condition, or a list of `match`. */
export type Miss =
  | { readonly of: 'environments' | 'agents'; readonly listed: readonly string[] }
  | { readonly of: 'condition'; readonly part: Part }

/** Beyond so many, a rule is about something else. */
const mostDiffering = 3

interface Asked {
  readonly parts: ReadonlyMap<string, readonly Part[]>
  readonly said: RuleExplained['verdict']
  /** Whether rules said it. */
  readonly byRule: boolean
}

/**
 * Of the rules that did not apply and would have said less than what was said, the one of which the fewest parts differ; of
 * equals the first. Null where none is near. `parts` are those of each rule, whatever its `match` says.
 */
export function nearestRule(
  candidates: readonly RuleExplained[],
  { parts, said, byRule }: Asked,
): Nearest | null {
  const rank = (verdict: RuleExplained['verdict']) => verdictKinds.indexOf(verdict)
  const near = candidates
    .filter(({ mode, applies }) => mode === 'enforce' && !applies)
    // Where no rule spoke at all, whichever nearly did is worth a look.
    .filter(({ verdict }) => !byRule || rank(verdict) < rank(said))
    .map((one) => ({
      rule: one.rule,
      verdict: one.verdict,
      differs: missesOf(one, parts.get(one.rule) ?? []),
    }))
    .filter(({ differs }) => differs.length > 0 && differs.length <= mostDiffering)
  return near.reduce<Nearest | null>(
    (best, one) => (best === null || one.differs.length < best.differs.length ? one : best),
    null,
  )
}

function missesOf(
  { otherEnvironments, otherAgents }: RuleExplained,
  parts: readonly Part[],
): readonly Miss[] {
  const listed = [
    ...(otherEnvironments ? [{ of: 'environments' as const, listed: otherEnvironments }] : []),
    ...(otherAgents ? [{ of: 'agents' as const, listed: otherAgents }] : []),
  ]
  const when = parts.filter((part) => part.of === 'when' && part.value !== 'true')
  const unless = parts.filter((part) => part.of === 'unless')
  // What is excepted is one thing that differs, however many parts it has.
  const excepted =
    unless.length > 0 && unless.every(({ value }) => value === 'true') ? unless.slice(0, 1) : []
  return [...listed, ...[...when, ...excepted].map((part) => ({ of: 'condition' as const, part }))]
}
