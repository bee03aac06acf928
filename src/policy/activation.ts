import type { Action } from '../core/action.ts'
import type { JsonObject } from '../core/json.ts'
import { jsonLimits } from '../core/strictJson.ts'
import type { Bundle } from './bundle.ts'
import { type BundleDifference, differenceOf } from './difference.ts'
import { misfits } from './params.ts'
import { type BundleProblem, fileProblem } from './problem.ts'
import type { Recorded } from './recorded.ts'
import { type Simulation, simulate } from './simulate.ts'
import { simulationSummary } from './simulateText.ts'

/** The action of changing the policy. A bundle whose catalogue has it decides who may replace it. */
export const policyActivation = 'policy.activate'

/** Whether changing this policy is itself an action that it judges. */
export function asksForActivation(bundle: Bundle): boolean {
  return bundle.catalogue.has(policyActivation)
}

/**
 * The change of a policy as an action that people can decide about: which bundle would replace which, what differs, and
 * what that would have done to requests of the past (policy.md section 4.6).
 */
export function activationAction(
  base: Bundle,
  head: Bundle,
  said: { readonly difference: BundleDifference; readonly simulation: Simulation },
): Action {
  const { difference, simulation } = said
  return {
    action: policyActivation,
    resource: { type: 'policy', id: base.name },
    params: {
      digest: head.digest,
      base: base.digest,
      loosened: simulation.loosened,
      tightened: simulation.tightened,
      unchanged: simulation.unchanged,
      rules_added: listed(difference.rulesAdded),
      rules_removed: listed(difference.rulesRemoved),
      rules_changed: listed(difference.rulesChanged),
      other_changes: listed(difference.otherChanges),
      summary: simulationSummary(simulation),
    },
    environment: 'prod',
  }
}

/**
 * The requests of the past, and this change itself: what guards the policy is loosened by a change that no other
 * request would show. For simulating a change of a bundle that asks for its activation.
 */
export function withTheChange(
  base: Bundle,
  head: Bundle,
  of: { readonly recorded: readonly Recorded[]; readonly at: string },
): readonly Recorded[] {
  const { recorded, at } = of
  if (!asksForActivation(base)) return recorded
  const difference = differenceOf(base, head)
  const action = activationAction(base, head, { difference, simulation: simulate(base, head, recorded) })
  const agent = { id: 'policy-tool', name: 'policy-tool' }
  return [...recorded, { id: 'this change', ask: { action, agent, at } }]
}

/**
 * Why a bundle could never be replaced again: its catalogue has the action, with parameters that ours do not fit.
 * Empty for every other bundle.
 */
export function activationProblems(bundle: Bundle): readonly BundleProblem[] {
  const declared = bundle.catalogue.get(policyActivation)
  const wrong = declared ? misfits(declared.params, sample) : []
  if (wrong.length === 0) return []
  const places = wrong.map(({ pointer, detail }) => `${pointer.replace('/params/', '')} ${detail}`).join('; ')
  const message = `\`${policyActivation}\` is declared with parameters that changing the policy does not send, so this policy could never be changed: ${places}. Write \`params: open\`, or those of docs/policy-tools.md.`
  return [fileProblem('actions.yaml', 'activation/parameters', message)]
}

const sample: JsonObject = {
  digest: '',
  base: '',
  loosened: 0,
  tightened: 0,
  unchanged: 0,
  rules_added: [''],
  rules_removed: [''],
  rules_changed: [''],
  other_changes: [''],
  summary: '',
}

/** A list holds at most a thousand; how many more there are is said, never hidden. */
function listed(names: readonly string[]): readonly string[] {
  const most = jsonLimits.items - 1
  return names.length <= most ? names : [...names.slice(0, most), `and ${names.length - most} more`]
}
