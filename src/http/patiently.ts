import { waitUntilSettled } from '../approvals/wait.ts'
import { isSettled } from '../core/lifecycle.ts'
import type { ActionRequest } from '../core/request.ts'
import { type Api, type Call, headerOf } from './call.ts'
import { waitOf } from './preferences.ts'

/**
 * The request after the wait that the caller prefers, and the header that says so. Ends early when the request is
 * settled, the caller hangs up or the server closes; then the state is the one of that moment.
 */
export async function patiently(
  api: Api,
  call: Call,
  request: ActionRequest,
): Promise<{ readonly latest: ActionRequest; readonly applied: Record<string, string> }> {
  const seconds = waitOf(headerOf(call, 'prefer'))
  if (seconds === null) return { latest: request, applied: {} }
  const applied = { 'preference-applied': `wait=${seconds}` }
  if (isSettled(request.state)) return { latest: request, applied }

  const leave = api.limits.waiting.sit(request.agent.id)
  if (!leave) return { latest: request, applied: {} }
  try {
    const latest = await waitUntilSettled(api.ports, request.id, { seconds, signal: call.ended })
    return { latest: latest ?? request, applied }
  } finally {
    leave()
  }
}
