import type { Role } from '../core/separation.ts'

/** How somebody is behind an action, in words. */
export const roles = {
  initiator: 'it is for them',
  agent_owner: 'owns the agent',
  key_creator: "created the agent's key",
  involved: 'named as involved',
  through: 'owns an agent that it was asked through, or made its key',
} as const satisfies Record<Role, string>
