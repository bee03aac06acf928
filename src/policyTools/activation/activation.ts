import type { Action } from '../../core/action.ts'
import { policyActivation } from '../../core/action.ts'
import type { Digest } from '../../core/digest.ts'
import type { JsonObject } from '../../core/json.ts'
import { jsonLimits } from '../../core/strictJson.ts'
import type { Bundle } from '../../policy/bundle.ts'
import { misfits } from '../../policy/params.ts'
import { asksForActivation, placeOfChange } from '../../policy/policyAction.ts'
import { type BundleProblem, fileProblem } from '../../policy/problem.ts'
import { bundleChanges } from '../difference/bundleChanges.ts'
import { type BundleDifference, differenceOf } from '../difference/difference.ts'
import { loosened, loosenedTests } from '../difference/loosened.ts'
import { ruleChanges } from '../difference/ruleChanges.ts'
import type { Recorded } from '../simulation/recorded.ts'
import type { Simulation } from '../simulation/simulate.ts'
import { simulationSummary } from '../simulation/simulateText.ts'
import { sayTestDifference, type TestDifference } from '../tests/testDifference.ts'

/** Which files are compared, by the digest over all of them: what is activated is exactly what was shown. */
export interface ComparedFiles {
  readonly base: Digest
  readonly head: Digest
}

/** What people are told of a change: what differs, also in the tests, and what it would have done. */
export interface Told {
  readonly difference: BundleDifference
  readonly tests: TestDifference
  readonly files: ComparedFiles
  readonly simulation: Simulation
  /** How many requests of the past are among those of the simulation. */
  readonly recorded: number
}

/**
 * The change of a policy as an action that people can decide about: which bundle would replace which, what differs, and
 * what that would have done to requests of the past (docs/policy-tools.md#how-an-approver-reviews-a-change). How the rules changed stands in a parameter
 * of its own where the base declares it; so does what can loosen it, and what differs in the tests, which always stands in
 * the summary too. `loosened` counts requests of the past, and is at least the number of edits that can loosen: one that no
 * request of the past met is no harmless one.
 */
export function activationAction(base: Bundle, head: Bundle, told: Told): Action {
  const { difference, tests, files, simulation, recorded } = told
  const weakens = [...loosened(base, head), ...loosenedTests(tests)].map(({ message }) => message)
  const { resource, environment } = placeOfChange(base)
  return {
    action: policyActivation,
    resource,
    params: {
      digest: head.digest,
      base: base.digest,
      files: files.head,
      base_files: files.base,
      loosened: Math.max(simulation.loosened, weakens.length),
      tightened: simulation.tightened,
      unchanged: simulation.unchanged,
      rules_added: listed(difference.rulesAdded),
      rules_removed: listed(difference.rulesRemoved),
      rules_changed: listed(difference.rulesChanged),
      other_changes: listed(difference.otherChanges),
      ...declaredIn(base, {
        weakens: listed(weakens),
        changes: listed([...ruleChanges(base, head), ...bundleChanges(base, head)]),
        tests_added: listed(tests.added),
        tests_removed: listed(tests.removed),
        tests_changed: listed(tests.changed),
      }),
      summary: [
        ...(weakens.length > 0
          ? [`${weakens.length} ${weakens.length === 1 ? 'edit' : 'edits'} can loosen it`]
          : []),
        simulationSummary(simulation, recorded),
        ...sayTestDifference(tests),
      ].join(' | '),
    },
    environment,
  }
}

/**
 * This change itself, as one more request to simulate behind those of the past: what guards the policy is loosened by a
 * change that no other request would show. Null for a bundle that does not ask for its activation. `simulation` is that of
 * the requests of the past.
 */
export function changeAsked(
  base: Bundle,
  head: Bundle,
  { at, ...told }: Omit<Told, 'difference'> & { readonly at: string },
): Recorded | null {
  if (!asksForActivation(base)) return null
  const action = activationAction(base, head, { ...told, difference: differenceOf(base, head) })
  // A head that does not take a parameter any more would seem to deny what it lets through.
  const dropped = Object.keys(later).filter((name) => !(name in declaredIn(head, later)))
  const params = Object.fromEntries(Object.entries(action.params).filter(([name]) => !dropped.includes(name)))
  const agent = { id: 'policy-tool', name: 'policy-tool' }
  return { id: 'this change', ask: { action: { ...action, params }, agent, at } }
}

/**
 * Why a bundle could never be replaced again: its catalogue has the action, with parameters that ours do not fit.
 * Empty for every other bundle.
 */
export function activationProblems(bundle: Bundle): readonly BundleProblem[] {
  const declared = bundle.catalogue.get(policyActivation)
  const wrong = declared ? misfits(declared.params, { ...sample, ...declaredIn(bundle, later) }) : []
  if (wrong.length === 0) return []
  const places = wrong.map(({ pointer, detail }) => `${pointer.replace('/params/', '')} ${detail}`).join('; ')
  const message = `\`${policyActivation}\` is declared with parameters that changing the policy does not send, so this policy could never be changed: ${places}. Write \`params: open\`, or those of docs/policy-tools.md.`
  return [fileProblem('actions.yaml', 'activation/parameters', message)]
}

const sample: JsonObject = {
  digest: '',
  base: '',
  files: '',
  base_files: '',
  loosened: 0,
  tightened: 0,
  unchanged: 0,
  rules_added: [''],
  rules_removed: [''],
  rules_changed: [''],
  other_changes: [''],
  summary: '',
}

/** Parameters that came later: a bundle from before them can still be replaced. */
const later: JsonObject = {
  weakens: [''],
  changes: [''],
  tests_added: [''],
  tests_removed: [''],
  tests_changed: [''],
}

/** Those of the parameters that a bundle takes. */
function declaredIn({ catalogue }: Bundle, params: JsonObject): JsonObject {
  const declared = catalogue.get(policyActivation)?.params ?? 'open'
  return Object.fromEntries(
    Object.entries(params).filter(([name]) => declared === 'open' || declared.has(name)),
  )
}

/** Characters of a list that people still read through. */
const readable = 20_000

/** A list holds at most a thousand, and no more than can be read; how many more there are is said, never hidden. */
function listed(lines: readonly string[]): readonly string[] {
  let length = 0
  const over = lines.findIndex((line, index) => {
    length += line.length
    return index >= jsonLimits.items - 1 || length > readable
  })
  return over === -1 ? lines : [...lines.slice(0, over), `and ${lines.length - over} more`]
}
