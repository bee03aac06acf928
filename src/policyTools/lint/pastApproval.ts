import type { BreakGlassDemand, Bundle, Demand } from '../../policy/bundle.ts'
import { evaluateWithFacts } from '../../policy/evaluate.ts'
import { clausesOf } from '../logic/clauses.ts'
import { always } from '../logic/formula.ts'
import { formulaOf } from '../logic/formulaOf.ts'
import { anyRequest, type RuleLogic } from '../logic/ruleLogic.ts'
import { type Probe, type ProbeContext, probeContextOf, probeFor } from '../probes/probe.ts'
import type { Probed } from '../probes/probes.ts'
import { about } from './about.ts'
import type { Budget } from './budget.ts'
import type { Finding } from './finding.ts'

/** Ways for two rules to apply together that are tried for each action, and actions that are tried for each two. */
const [waysTried, actionsTried] = [4, 3]
/** What it takes to look for requests that two rules apply to. */
const stepsTogether = 1_500
/** Rules that are named; how many more there are is said. */
const named = 3

/**
 * Denials that one person may lift in an emergency, where other rules ask people about the same request: only rules that
 * decide have to offer the path (docs/policy.md#how-a-verdict-is-reached), so it leads past what those ask. Said where a request was found to
 * which both apply, which is a proof.
 */
export function pastApprovals(
  bundle: Bundle,
  logic: readonly RuleLogic[],
  { seen, budget }: { readonly seen: Probed['lifted']; readonly budget: Budget },
): readonly Finding[] {
  const enforced = logic.filter(({ rule }) => rule.mode === 'enforce')
  const lifted = enforced.filter(({ rule }) => rule.verdict === 'deny' && rule.breakGlass !== null)
  if (lifted.length === 0) return []
  const workshop = probeContextOf(bundle)
  return lifted.flatMap((denial) => {
    const known = seen.get(denial.rule.id) ?? []
    const passed = enforced.filter((asking) => {
      if (!isPassed(denial, asking) || !denial.actions.some((one) => asking.actions.includes(one)))
        return false
      if (known.some((fired) => fired.has(asking.rule.id))) return true
      return budget.take('pairs', stepsTogether) && together(workshop, denial, asking)
    })
    return passed.length > 0 ? [finding(denial, passed)] : []
  })
}

/** Whether a rule asks for people, and does not let everybody on the denial's path past itself. */
function isPassed({ rule: denial }: RuleLogic, { rule: asking }: RuleLogic): boolean {
  if (asking.demand === null || denial.breakGlass === null) return false
  return !offersAtLeast(asking.breakGlass, denial.breakGlass)
}

function offersAtLeast(path: BreakGlassDemand | null, other: BreakGlassDemand): boolean {
  return path !== null && path.when === null && other.who.every((name) => path.who.includes(name))
}

/** Whether some request is denied by the one, may be lifted, and is also asked about by the other. */
function together(workshop: ProbeContext, denial: RuleLogic, asking: RuleLogic): boolean {
  const { when } = denial.rule.breakGlass ?? {}
  const offered = when ? formulaOf(when.compiled.tree) : always
  const actions = denial.actions.filter((action) => asking.actions.includes(action)).slice(0, actionsTried)
  return actions.some((action) => {
    const { clauses } = clausesOf([denial.applies, asking.applies, offered], {
      start: anyRequest([action]),
      isWhole: (path) => denial.isWhole(path) || asking.isWhole(path),
    })
    return clauses.slice(0, waysTried).some((way) => {
      const probe = probeFor(workshop, action, way)
      return (
        probe !== null && isLifted(workshop.bundle, probe, { denial: denial.rule.id, asking: asking.rule.id })
      )
    })
  })
}

function isLifted(
  bundle: Bundle,
  probe: Probe,
  ids: { readonly denial: string; readonly asking: string },
): boolean {
  const { verdict } = evaluateWithFacts(bundle, probe.action, probe.facts)
  const { fired } = verdict.facts
  return (
    verdict.breakGlass !== null &&
    verdict.rules.includes(ids.denial) &&
    Array.isArray(fired) &&
    fired.includes(ids.asking)
  )
}

function finding({ rule }: RuleLogic, passed: readonly RuleLogic[]): Finding {
  const told = passed
    .slice(0, named)
    .map(({ rule: { id, demand } }) => `"${id}" asks for ${demand ? sayLegs(demand) : 'people'}`)
  const more = passed.length > named ? `, and ${passed.length - named} more rules ask for people` : ''
  const message = `In an emergency one person may lift this denial alone, even where ${told.join(', ')}${more}. If that is too much, narrow it with \`break_glass.when\`, or remove \`override\`.`
  return about(rule, ['break-glass/past-approval', message])
}

function sayLegs({ legs }: Demand): string {
  return legs.map(({ count, from }) => `${count} of ${from.join(' or ')}`).join(' and ')
}
