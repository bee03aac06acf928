/** Changes to people and groups while everything runs; the app hears of each if it subscribes. */
import type { Member, Usergroup } from '../wire.ts'
import type { Events } from './delivery/events.ts'
import { usergroupObject, userObject } from './objects.ts'
import type { Workspace } from './workspace.ts'

export interface Directory {
  /** Changes a member: `{ deleted: true }` deactivates, `{ guest: 'single' }` makes a guest. Sends `user_change`. */
  changeMember(id: string, change: Partial<Omit<Member, 'id'>>): void
  /** Puts people into a group. Sends `subteam_members_changed`. */
  addToGroup(groupId: string, ...members: readonly string[]): void
  /** Takes people out of a group. Sends `subteam_members_changed`. */
  removeFromGroup(groupId: string, ...members: readonly string[]): void
  /** Enables or disables a group. Sends `subteam_updated`. */
  setGroupDisabled(groupId: string, disabled: boolean): void
}

/** Throws for a member or group that does not exist: that is a mistake of the caller. */
export function createDirectory(workspace: Workspace, events: Events, scopes: readonly string[]): Directory {
  return {
    changeMember(id, change) {
      const member = { ...existing(workspace.members, id), ...change }
      workspace.members.set(id, member)
      workspace.changed()
      const user = userObject(workspace, member, scopes.includes('users:read.email'))
      events.emit({ type: 'user_change', user, cache_ts: seconds(workspace), event_ts: workspace.nextTs() })
    },
    addToGroup(groupId, ...members) {
      const group = existing(workspace.usergroups, groupId)
      setUsers(workspace, events, { group, users: [...new Set([...group.users, ...members])] })
    },
    removeFromGroup(groupId, ...members) {
      const group = existing(workspace.usergroups, groupId)
      setUsers(workspace, events, { group, users: group.users.filter((user) => !members.includes(user)) })
    },
    setGroupDisabled(groupId, disabled) {
      const group = { ...existing(workspace.usergroups, groupId), disabled }
      workspace.usergroups.set(groupId, group)
      workspace.changed()
      const subteam = usergroupObject(workspace, group, true)
      events.emit({ type: 'subteam_updated', subteam, event_ts: workspace.nextTs() })
    },
  }
}

function setUsers(
  workspace: Workspace,
  events: Events,
  change: { group: Usergroup; users: readonly string[] },
): void {
  const { group, users } = change
  const added = users.filter((user) => !group.users.includes(user))
  const removed = group.users.filter((user) => !users.includes(user))
  workspace.usergroups.set(group.id, { ...group, users })
  workspace.changed()
  events.emit({
    type: 'subteam_members_changed',
    subteam_id: group.id,
    team_id: workspace.team.id,
    date_previous_update: 1,
    date_update: seconds(workspace),
    added_users: added,
    added_users_count: added.length,
    removed_users: removed,
    removed_users_count: removed.length,
    event_ts: workspace.nextTs(),
  })
}

function existing<T>(all: ReadonlyMap<string, T>, id: string): T {
  const one = all.get(id)
  if (one === undefined) throw new Error(`the local Slack has nobody and nothing with the id ${id}`)
  return one
}

function seconds(workspace: Workspace): number {
  return Math.floor(workspace.now() / 1000)
}
