import type { ActionRequest } from '../../core/request.ts'
import type { Untouched } from '../../core/rollback.ts'
import type { Ports } from '../ports.ts'

/** What has to be so when a rollback of a request that has run takes effect. */
export function untouchedSince({ id, action }: ActionRequest): Untouched {
  return { first: id, resource: action.resource }
}

/** Whether something else has begun to change the resource since, by our own record. */
export async function hasMovedOn({ store }: Pick<Ports, 'store'>, untouched: Untouched): Promise<boolean> {
  return (await store.begunSince(untouched)).length > 0
}
