import type { Health } from '../../approvals/ports.ts'
import { type Reach, reachOf } from '../../channels/reach.ts'
import { refusalsOfToken } from './tokenFaults.ts'

/** Who says that something is wrong, where each of several workspaces may. */
export function partOf(part: string, workspace?: string): string {
  return workspace ? `${part} ${workspace}` : part
}

/** @param workspace of several, one that is not the first: while it refuses us, others may reach people */
export function createReach(health: Health, workspace?: string): Reach {
  return reachOf(health, {
    name: workspace ? `Slack in ${workspace}` : 'Slack',
    proof: 'our token',
    part: (part) => partOf(part, workspace),
    isBeside: workspace !== undefined,
    fixes: refusalsOfToken,
  })
}
