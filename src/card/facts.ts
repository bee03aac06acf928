import { type Action, policyActivation } from '../core/action.ts'
import type { Run } from '../core/chain.ts'
import type { Digest } from '../core/digest.ts'
import type { Preview } from '../core/preview.ts'
import type { Verdict } from '../core/request.ts'
import { chainSeen } from './chain.ts'
import { shownAction, shownDigest } from './masked.ts'
import { narrowLines } from './narrow.ts'
import { type ParameterOrder, parameterLines } from './parameters.ts'
import { previewSeen } from './preview.ts'
import { type ShownAction, seenText } from './seen.ts'
import { hasMark, isolated, lengthOf, revealLine, word } from './text.ts'

/** How much of an action a card shows; beyond any of these the full view comes first (threats: too-long). */
const cardLimits = {
  name: 130,
  resource: 300,
  environment: 100,
  parameters: 2_500,
  through: 1_000,
  lines: 50,
} as const

/** An action as people see it. The card, the full view and the recorded `seen` are all made from this. */
export interface Facts extends ShownAction {
  /** All of the above and the digest: what the approver saw, to be kept with the decision (threats: what-you-see). */
  readonly text: string
  /** The parameters and all of it as they are drawn, in lines that a phone does not break. */
  readonly drawn: { readonly parameters: readonly string[]; readonly text: string }
  readonly hidden: boolean
  /** True when a card can show all of it. */
  readonly fits: boolean
}

/** What of a request is shown as the action that people decide about. */
export interface ShownRequest {
  readonly action: Action
  readonly digest: Digest
  readonly salt?: string
  /** Which of its parameters people are not shown. */
  readonly verdict: Pick<Verdict, 'facts'>
  readonly preview?: Preview
  /** Who asks, and through whom it says that it was asked: people decide about that with the action. */
  readonly agent: { readonly id: string; readonly name: string }
  readonly run: Run | null
}

/** Renders an action, complete. Keys are sorted as in the canonical form; hidden characters are revealed. */
export function factsOf(request: ShownRequest): Facts {
  const { preview } = request
  const action = shownAction(request.action, request.verdict)
  const through = chainSeen(request)
  const shown = {
    name: revealLine(action.action),
    resource: `${word(action.resource.type)} ${word(action.resource.id)}`,
    environment: revealLine(action.environment),
    parameters: parameterLines(action.params, orderOf(action)),
    ...(preview && { preview: previewSeen(preview) }),
    ...(through !== null && { through }),
  }
  const { name, resource, environment, parameters } = shown
  // A tab, or a space at the end of a line, is what texts have.
  const inParameters = parameters.map((line) => line.replace(/\[U\+00(09|20)\]/g, ''))
  const hidden = [name, resource, environment, ...inParameters].some(hasMark)
  const text = seenText(shown, shownDigest(request))
  const drawn = {
    parameters: narrowLines(parameters),
    text: narrowLines(text.split('\n')).join('\n'),
  }
  return { ...shown, text, drawn, hidden, fits: fits({ ...shown, parameters: drawn.parameters }) }
}

/** The action in one sentence, for confirmations and notifications: revealed, not escaped, not cut. */
export function summaryOf(facts: Facts): string {
  return `${isolated(facts.name)} on ${isolated(facts.resource)} in ${isolated(facts.environment)}`
}

/** Of a change of the policy, what people read comes before what only machines compare. */
function orderOf({ action }: Action): ParameterOrder {
  if (action !== policyActivation) return {}
  return { first: ['weakens', 'changes'], last: ['digest', 'base', 'files', 'base_files'] }
}

function fits(shown: ShownAction): boolean {
  return (
    lengthOf(shown.name) <= cardLimits.name &&
    lengthOf(shown.resource) <= cardLimits.resource &&
    lengthOf(shown.environment) <= cardLimits.environment &&
    lengthOf(shown.through ?? '') <= cardLimits.through &&
    shown.parameters.length <= cardLimits.lines &&
    lengthOf(shown.parameters.join('\n')) <= cardLimits.parameters
  )
}
