import { type Move, move } from '../core/lifecycle.ts'
import type { ActionRequest } from '../core/request.ts'
import { type Job, jobKey, type Ports } from './ports.ts'

/** The request after a move that ends the asking. `outcome` is one sentence for the agent. */
export function settled(
  ports: Ports,
  request: ActionRequest,
  by: { readonly move: Move; readonly outcome: string },
): ActionRequest {
  return {
    ...request,
    version: request.version + 1,
    state: move(request.state, by.move),
    outcome: by.outcome,
    settledAt: ports.clock().toISOString(),
  }
}

/** Keys of the jobs that a settled request no longer wants. */
export function jobsToDrop(request: ActionRequest): readonly string[] {
  const id = request.id
  const reminders = request.requirement?.notify.remindAfterSeconds ?? []
  return [
    jobKey({ task: 'expire', request: id, at: '' }),
    ...reminders.map((_, nth) => jobKey({ task: 'remind', request: id, nth, at: '' })),
  ]
}

/** The job that makes every card of a request show its newest state. */
export function refreshJob(request: ActionRequest): readonly Job[] {
  return request.requirement ? [{ task: 'refresh', request: request.id }] : []
}
