import type { ActionRequest } from '../core/request.ts'
import { begunBy, resourceKey, type Untouched } from '../core/rollback.ts'
import type { Row } from './rows.ts'

/** Where a request has begun to run, that it has, and how: each is written once, with whatever is written of it first. */
export function begunRows(request: ActionRequest): readonly Row[] {
  const kind = begunBy(request)
  if (kind === null) return []
  const { id: request_id, action, effect, rollsBack } = request
  const resource = resourceKey(action.resource)
  return [{ request_id, kind, resource, changes: effect !== 'read', rolls_back: rollsBack ?? null }]
}

export function untouchedRow({ first, resource }: Untouched): Row {
  return { first, resource: resourceKey(resource) }
}
