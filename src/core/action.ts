import { type Digest, digestOf } from './digest.ts'
import type { JsonObject } from './json.ts'

export interface Resource {
  readonly type: string
  readonly id: string
}

/** What the agent wants to do. These four fields, and nothing else, are what people approve and what is digested. */
export interface Action {
  readonly action: string
  readonly resource: Resource
  readonly params: JsonObject
  readonly environment: string
}

/** The action of changing the policy. A bundle whose catalogue has it decides who may replace it. */
export const policyActivation = 'policy.activate'

/** The action of parting accounts that count as one person's. */
export const peopleUnlink = 'people.unlink'

/** The action of resuming what was stopped. */
export const stopResume = 'stop.resume'

/** The action of erasing a request, or what is known of a person, from the record. */
export const recordErase = 'record.erase'

/** What only commands of ours ask for: what an agent said about these would be its own invention. No stop holds them. */
export const administrative: readonly string[] = [policyActivation, peopleUnlink, stopResume, recordErase]

/** The fingerprint of an action: SHA-256 over its RFC 8785 form, domain-separated (docs/formats.md). */
export function digestAction(action: Action): Digest {
  const { action: name, resource, params, environment } = action
  return digestOf('countersign/action/v1', {
    action: name,
    resource: { type: resource.type, id: resource.id },
    params,
    environment,
  })
}
