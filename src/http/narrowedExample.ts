import { type Action, digestAction } from '../core/action.ts'
import type { RequestBody } from './requestSchema.ts'

/** A request of which somebody let less through: that another asks for. */
export function narrowedExample(
  pending: RequestBody,
  { asked, by }: { readonly asked: Action; readonly by: string },
): RequestBody {
  const less = { ...asked, params: { ...asked.params, rows: 5_000 } }
  const id = 'req_01kaxyz0000000000000000001'
  return {
    ...pending,
    state: 'denied',
    narrowed_to: { id, digest: digestAction(less), ...less, by, reason: 'The quarter is enough.' },
    outcome: `Narrowed: ${id} asks for less instead.`,
    outcome_code: 'narrowed',
    settled_at: '2026-11-24T14:20:41.000Z',
  }
}
