import type { Doer } from '../../channels/hearing.ts'
import { Refusal } from '../../core/refusal.ts'
import { addressOf, keyIn } from '../address.ts'
import type { TeamsContext } from '../context.ts'

interface Done {
  readonly id: string
  readonly from: { readonly aadObjectId?: string | undefined }
}

/**
 * Who did it: the object id that the connector names, and nothing else of what an activity says of its sender. Who that is now, Entra is
 * asked. Of what is done there is one activity, so it names the delivery.
 *
 * @throws Refusal `not_staff` for whoever has no account of Entra
 */
export function doerOf({ tenant }: Pick<TeamsContext, 'tenant'>, { id, from }: Done): Doer {
  const object = from.aadObjectId
  if (object === undefined) throw new Refusal('not_staff', 'somebody without an account of Entra')
  return { actor: { address: addressOf(object), claimed: keyIn(tenant, object) }, delivery: `teams:${id}` }
}

/** For the log. */
export function accountIn({ from }: Pick<Done, 'from'>): string {
  return from.aadObjectId === undefined ? 'teams:nobody' : addressOf(from.aadObjectId)
}
