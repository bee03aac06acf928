/** Finding members by either of their ids. */
import type { Member } from '../wire.ts'
import type { Workspace } from './workspace.ts'

/** The member with this id, which may be the one of the organisation. */
export function findMember({ members }: Workspace, id: string): Member | undefined {
  return members.get(id) ?? [...members.values()].find(({ enterprise }) => enterprise?.userId === id)
}

/** Whether the member's home is this workspace, or a sister of it in the same organisation. */
export function isAtHome({ team }: Workspace, { teamId, enterprise }: Member): boolean {
  return teamId === team.id || (enterprise !== undefined && enterprise.id === team.enterprise?.id)
}
