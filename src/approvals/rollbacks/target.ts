import type { ActionRequest } from '../../core/request.ts'
import { begunAt, type Untouched } from '../../core/rollback.ts'
import type { Ports } from '../ports.ts'

/** What has to be so when a rollback of a request that has run takes effect. */
export function untouchedSince(first: ActionRequest): Untouched {
  return { first: first.id, resource: first.action.resource, since: begunAt(first) ?? first.createdAt }
}

/** Whether something else has begun to change the resource since, by our own record. */
export async function hasMovedOn({ store }: Pick<Ports, 'store'>, untouched: Untouched): Promise<boolean> {
  return (await store.begunSince(untouched)).length > 0
}
