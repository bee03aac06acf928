import type { Bundle } from '../../policy/bundle.ts'
import { slowConditions } from '../../policy/conditions/gate.ts'
import { loadBundle } from '../../policy/load.ts'
import { unsupportedAtActivation } from '../activation/unsupportedAtActivation.ts'
import { loosened, loosenedTests } from '../difference/loosened.ts'
import { logicOf } from '../logic/ruleLogic.ts'
import { probeRules } from '../probes/probes.ts'
import { readTests } from '../tests/readTests.ts'
import { testDifference, testsIn } from '../tests/testDifference.ts'
import { about } from './about.ts'
import { audienceFindings } from './audiences.ts'
import { bounded, budgetOf } from './budget.ts'
import { contradictions } from './contradiction.ts'
import { covered } from './covered.ts'
import { emptySets } from './emptySets.ts'
import { type Finding, findingOf, inOrder } from './finding.ts'
import { grantTimes } from './grantTimes.ts'
import { impossibleTexts } from './impossibleText.ts'
import { liftedByText } from './liftedByText.ts'
import { openEnvironments } from './openEnvironments.ts'
import { pastApprovals } from './pastApproval.ts'
import { unreached } from './reach.ts'
import { reasonsWithoutHint } from './reasonHints.ts'
import { ruleChecks } from './ruleChecks.ts'
import { shownSensitive } from './shownSensitive.ts'
import { nobodyStops } from './stopping.ts'
import { trusting } from './trusting.ts'
import { unaskedNarrowing } from './unaskedNarrowing.ts'
import { unreadBudgets } from './unreadBudgets.ts'
import { type Members, unsatisfiable } from './unsatisfiable.ts'

export interface LintOptions {
  /** Who is in a set now, from a live directory: with it, legs that groups are too small for are found. */
  readonly members?: Members
  /** The bundle that this one would replace: with it, edits that can weaken it are notes. */
  readonly base?: Bundle
  /** Its files: with them, tests that were taken away or changed are notes. Only for `lintFiles`. */
  readonly baseFiles?: ReadonlyMap<string, string>
  /** For how many days each rule has been observing, by id, as far as the record of activations tells. */
  readonly observedDays?: ReadonlyMap<string, number>
  /** Only what stops an activation, without looking for warnings and notes. */
  readonly errorsOnly?: boolean
  /** Steps of each kind of work, where fewer than usual are to be taken (budget.ts). */
  readonly steps?: number
}

const longestObservation = 30

/**
 * Everything there is to say about a bundle that has been loaded, errors first (docs/policy-tools.md#lint). The same
 * bundle and options give the same findings, on every machine.
 */
export function lintBundle(bundle: Bundle, options: LintOptions = {}): readonly Finding[] {
  const { members = null, base, observedDays } = options
  const budget = budgetOf(options.steps)
  const logic = logicOf(bundle, budget)
  const impossible = contradictions(logic)
  const single = ruleChecks(bundle)
  const certain = [
    ...[...slowConditions(bundle), ...reasonsWithoutHint(bundle)].map((problem) => findingOf(problem)),
    ...impossible,
    ...impossibleTexts(bundle),
    ...single,
    ...grantTimes(bundle),
    ...unsatisfiable(bundle, members),
  ]
  if (options.errorsOnly) return inOrder(certain.filter(({ level }) => level === 'error'))
  const probed = probeRules(bundle, logic, budget)
  const needless = covered(bundle, logic, { companions: probed.companions, budget })
  const explained = new Set(
    [...impossible, ...needless, ...single.filter(({ code }) => code === 'allow/admin-effect')].map(
      ({ rule }) => rule ?? '',
    ),
  )
  return inOrder([
    ...certain,
    ...unsupportedAtActivation(bundle).map((problem) => findingOf(problem, 'note')),
    ...needless,
    ...trusting(bundle, logic, explained),
    ...liftedByText(bundle),
    ...unreadBudgets(bundle),
    ...unaskedNarrowing(bundle),
    ...openEnvironments(bundle),
    ...audienceFindings(bundle),
    ...shownSensitive(bundle),
    ...nobodyStops(bundle),
    ...pastApprovals(bundle, logic, { seen: probed.lifted, budget }),
    ...(members ? emptySets(bundle, members) : []),
    ...unreached(logic, probed, explained),
    ...bounded(budget),
    ...(observedDays ? stale(bundle, observedDays) : []),
    ...(base ? loosened(base, bundle) : []),
  ])
}

/** The same for files, tests included: what the loader refuses are errors, and then the bundle is null. */
export function lintFiles(
  files: ReadonlyMap<string, string>,
  options: LintOptions = {},
): { readonly bundle: Bundle | null; readonly findings: readonly Finding[] } {
  const loaded = loadBundle(files)
  if (!loaded.ok) return { bundle: null, findings: loaded.problems.map((problem) => findingOf(problem)) }
  const { baseFiles } = options
  const unreadable = readTests(loaded.bundle, files).problems.map((problem) => findingOf(problem))
  const tests = baseFiles ? loosenedTests(testDifference(testsIn(baseFiles), testsIn(files))) : []
  return {
    bundle: loaded.bundle,
    findings: inOrder([...lintBundle(loaded.bundle, options), ...unreadable, ...tests]),
  }
}

function stale(bundle: Bundle, days: ReadonlyMap<string, number>): readonly Finding[] {
  return bundle.rules
    .filter(({ id, mode }) => mode === 'observe' && (days.get(id) ?? 0) > longestObservation)
    .map((rule) => {
      const message = `This rule has been observing for ${days.get(rule.id)} days: look at what it would have done, and enforce or remove it.`
      return about(rule, ['observe/stale', message])
    })
}
