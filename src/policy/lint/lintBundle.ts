import type { Bundle } from '../bundle.ts'
import { unsupportedAtActivation } from '../change/unsupportedAtActivation.ts'
import { slowConditions } from '../conditions/gate.ts'
import { loadBundle } from '../load.ts'
import { about } from './about.ts'
import { contradictions } from './contradiction.ts'
import { covered } from './covered.ts'
import { type Finding, findingOf, inOrder } from './finding.ts'
import { loosened, loosenedTests } from './loosened.ts'
import { openEnvironments } from './openEnvironments.ts'
import { pastApprovals } from './pastApproval.ts'
import { probeRules } from './probes.ts'
import { unreached } from './reach.ts'
import { ruleChecks } from './ruleChecks.ts'
import { logicOf } from './ruleLogic.ts'
import { type Members, unsatisfiable } from './unsatisfiable.ts'
import { vacant } from './vacant.ts'

export interface LintOptions {
  /** Milliseconds this process has worked: with it, conditions over the 50 ms gate are errors. */
  readonly now?: () => number
  /** Who is in a set now, from a live directory: with it, legs that groups are too small for are found. */
  readonly members?: Members
  /** The bundle that this one would replace: with it, edits that can weaken it are notes. */
  readonly base?: Bundle
  /** Its files: with them, tests that were taken away or changed are notes. Only for `lintFiles`. */
  readonly baseFiles?: ReadonlyMap<string, string>
  /** For how many days each rule has been observing, by id, as far as the record of activations tells. */
  readonly observedDays?: ReadonlyMap<string, number>
}

const longestObservation = 30

/**
 * Everything there is to say about a bundle that has been loaded, errors first (policy.md sections 8 and 9). The same
 * bundle and options give the same findings, but for the gate, which measures.
 */
export function lintBundle(bundle: Bundle, options: LintOptions = {}): readonly Finding[] {
  const { now, members = null, base, observedDays } = options
  const logic = logicOf(bundle)
  const impossible = contradictions(logic)
  const needless = covered(bundle, logic)
  const single = ruleChecks(bundle)
  const explained = new Set(
    [...impossible, ...needless, ...single.filter(({ code }) => code === 'allow/admin-effect')].map(
      ({ rule }) => rule ?? '',
    ),
  )
  return inOrder([
    ...(now ? slowConditions(bundle, now).map((problem) => findingOf(problem)) : []),
    ...unsupportedAtActivation(bundle).map((problem) => findingOf(problem, 'note')),
    ...impossible,
    ...needless,
    ...single,
    ...openEnvironments(bundle),
    ...pastApprovals(bundle, logic),
    ...unsatisfiable(bundle, members),
    ...(members ? vacant(bundle, members) : []),
    ...unreached(logic, probeRules(bundle, logic), explained),
    ...(observedDays ? stale(bundle, observedDays) : []),
    ...(base ? loosened(base, bundle) : []),
  ])
}

/** The same for files: what the loader refuses are errors, and then the bundle is null. */
export function lintFiles(
  files: ReadonlyMap<string, string>,
  options: LintOptions = {},
): { readonly bundle: Bundle | null; readonly findings: readonly Finding[] } {
  const loaded = loadBundle(files)
  if (!loaded.ok) return { bundle: null, findings: loaded.problems.map((problem) => findingOf(problem)) }
  const { baseFiles } = options
  const tests = baseFiles ? loosenedTests(baseFiles, files) : []
  return { bundle: loaded.bundle, findings: inOrder([...lintBundle(loaded.bundle, options), ...tests]) }
}

function stale(bundle: Bundle, days: ReadonlyMap<string, number>): readonly Finding[] {
  return bundle.rules
    .filter(({ id, mode }) => mode === 'observe' && (days.get(id) ?? 0) > longestObservation)
    .map((rule) => {
      const message = `This rule has been observing for ${days.get(rule.id)} days: look at what it would have done, and enforce or remove it.`
      return about(rule, ['observe/stale', message])
    })
}
