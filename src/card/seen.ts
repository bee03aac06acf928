import { type Digest, digestOf } from '../core/digest.ts'
import type { ShownDigest } from './masked.ts'

/** An action as it is shown, hidden characters revealed. */
export interface ShownAction {
  readonly name: string
  /** Type and id: `table warehouse.users`. */
  readonly resource: string
  readonly environment: string
  /** One parameter per line, values as JSON; a long value takes several lines. */
  readonly parameters: readonly string[]
  /** What a target said that it would touch, on one line; left out where none was asked. */
  readonly preview?: string
  /** Through whom it was asked, on one line, as its agent says; left out where that says nothing. */
  readonly through?: string
}

/**
 * What somebody saw when they decided, drawn again from the record: the value `seen` beside the entry of their decision, which is null
 * once it was erased. Nothing is made anew, so it is what was shown, whatever a later version would show.
 */
export function seenAgain(kept: string | null): readonly string[] {
  return kept === null ? ['(erased)'] : kept.split('\n')
}

/**
 * What the approver saw, to be digested and kept with the decision (threats: what-you-see). Recorded decisions refer to
 * these bytes: another text would be another thing seen.
 */
export function seenText(shown: ShownAction, { name, digest }: ShownDigest): string {
  return [
    `action: ${shown.name}`,
    `resource: ${shown.resource}`,
    `environment: ${shown.environment}`,
    shown.parameters.length > 0 ? 'parameters:' : 'parameters: none',
    ...shown.parameters.map((line) => `  ${line}`),
    ...(shown.preview === undefined ? [] : [`preview: ${shown.preview}`]),
    ...(shown.through === undefined ? [] : [`through, as the agent says: ${shown.through}`]),
    `${name}: ${digest}`,
  ].join('\n')
}

/** The digest of what somebody saw, as their decision keeps it and as a decision by a personal token names it. */
export function seenDigest(text: string): Digest {
  return digestOf('countersign/seen/v2', { text })
}
