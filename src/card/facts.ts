import type { Action } from '../core/action.ts'
import type { Digest } from '../core/digest.ts'
import { parameterLines } from './parameters.ts'
import { type ShownAction, seenText } from './seen.ts'
import { hasHidden, lengthOf, revealLine, word } from './text.ts'

/** How much of an action a card shows; beyond any of these the full view comes first (threats: too-long). */
const cardLimits = {
  name: 130,
  resource: 300,
  environment: 100,
  parameters: 2_500,
  lines: 50,
} as const

/** An action as people see it. The card, the full view and the recorded `seen` are all made from this. */
export interface Facts extends ShownAction {
  /** All of the above and the digest: what the approver saw, to be kept with the decision (threats: what-you-see). */
  readonly text: string
  readonly hidden: boolean
  /** True when a card can show all of it. */
  readonly fits: boolean
}

/** Renders an action, complete. Keys are sorted as in the canonical form; hidden characters are revealed. */
export function factsOf(request: { readonly action: Action; readonly digest: Digest }): Facts {
  const { action, digest } = request
  const raw = parameterLines(action.params)
  const shown = {
    name: revealLine(action.action),
    resource: revealLine(`${word(action.resource.type)} ${word(action.resource.id)}`),
    environment: revealLine(action.environment),
    parameters: raw.map(revealLine),
  }
  const { type, id } = action.resource
  const hidden = [action.action, word(type), word(id), action.environment, ...raw].some(hidesSomething)
  return { ...shown, text: seenText(shown, digest), hidden, fits: fits(shown) }
}

/** The action in one sentence, for confirmations and notifications. Not escaped, not cut. */
export function summaryOf(facts: Facts): string {
  return `${facts.name} on ${facts.resource} in ${facts.environment}`
}

function fits(shown: ShownAction): boolean {
  return (
    lengthOf(shown.name) <= cardLimits.name &&
    lengthOf(shown.resource) <= cardLimits.resource &&
    lengthOf(shown.environment) <= cardLimits.environment &&
    shown.parameters.length <= cardLimits.lines &&
    lengthOf(shown.parameters.join('\n')) <= cardLimits.parameters
  )
}

function hidesSomething(text: string): boolean {
  return hasHidden(text) || /[\n\t]|\[U\+0020 ×/.test(text)
}
