/** How the agent asks to undo what it did (docs/rollbacks.md), where it knows how. Pure. */
import { actionOf } from './acts.ts'
import { isObject, text } from './exchange.ts'
import type { AgentRequest } from './requestClient.ts'

const ran = ['succeeded', 'failed', 'unreported']
const live = ['pending', 'approved', 'executing', 'succeeded']

/** The body that asks for it, or null: it has not run, is undone already, is an undoing itself, or nobody has told the agent how. */
export function undoingOf(request: AgentRequest): string | null {
  const { id, state, rolls_back, rollbacks } = request
  const isOver = ran.includes(state) && typeof rolls_back !== 'string'
  const undone =
    Array.isArray(rollbacks) && rollbacks.some((one) => isObject(one) && live.includes(text(one.state)))
  if (!isOver || undone || request.action !== 'deploy.start') return null
  const { resource, params, environment } = actionOf(request)
  const { service, version } = isObject(params) ? params : {}
  const body = {
    action: 'deploy.rollback',
    resource,
    params: { service, version: versionBefore(text(version)) },
    environment,
    reason: `Back to what was there before ${text(version)}.`,
    rolls_back: id,
  }
  return JSON.stringify(body, null, 2)
}

/** The id of the way back that was declared with a request and may be taken now, or null. */
export function declaredWayBackOf({ state, rollbacks }: AgentRequest): string | null {
  if (!ran.includes(state) || !Array.isArray(rollbacks)) return null
  const ready = rollbacks.find((one) => isObject(one) && one.state === 'approved')
  return ready === undefined ? null : text(ready.id)
}

/** `2026.11.2`, of `2026.11.3`. */
function versionBefore(version: string): string {
  return version.replace(/\d+$/, (last) => String(Math.max(0, Number(last) - 1)))
}
