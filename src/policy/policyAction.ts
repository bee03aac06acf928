import { policyActivation, type Resource } from '../core/action.ts'
import type { Bundle } from './bundle.ts'
import { environmentOf } from './environments.ts'

/** Whether changing this policy is itself an action that it judges. */
export function asksForActivation(bundle: Bundle): boolean {
  return bundle.catalogue.has(policyActivation)
}

/** What a change of this policy is about, and the environment in which it is judged: rules may go by either. */
export function placeOfChange(bundle: Bundle): { readonly resource: Resource; readonly environment: string } {
  const resource = { type: 'policy', id: bundle.name }
  return { resource, environment: environmentOf(bundle, resource) }
}
