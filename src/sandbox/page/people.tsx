import { createContext, type ReactNode, useContext } from 'react'
import type { Member, Shortcut, Snapshot, Usergroup } from '../wire.ts'

/** Names for the ids that stand in messages. */
export interface People {
  readonly viewer: string
  readonly appBot: string
  readonly members: ReadonlyMap<string, Member>
  readonly usergroups: ReadonlyMap<string, Usergroup>
  readonly conversations: ReadonlyMap<string, string>
  /** What the app offers in menus. */
  readonly shortcuts: readonly Shortcut[]
}

const nobody: People = {
  viewer: '',
  appBot: '',
  members: new Map(),
  usergroups: new Map(),
  conversations: new Map(),
  shortcuts: [],
}

const PeopleContext = createContext<People>(nobody)

export function PeopleProvider({ people, children }: { people: People; children: ReactNode }) {
  return <PeopleContext.Provider value={people}>{children}</PeopleContext.Provider>
}

export function usePeople(): People {
  return useContext(PeopleContext)
}

export function peopleOf(snapshot: Snapshot): People {
  return {
    viewer: snapshot.viewer,
    appBot: snapshot.app.botUserId,
    members: new Map(snapshot.members.map((member) => [member.id, member])),
    usergroups: new Map(snapshot.usergroups.map((group) => [group.id, group])),
    conversations: new Map(snapshot.conversations.map((each) => [each.id, each.name])),
    shortcuts: snapshot.shortcuts,
  }
}

/** What stands beside a name in the switcher: everything that changes whether somebody may decide. */
export function notesOn(id: string, snapshot: Snapshot): readonly string[] {
  const member = snapshot.members.find((one) => one.id === id)
  if (member === undefined) return []
  const groups = snapshot.usergroups.filter((group) => !group.disabled && group.users.includes(member.id))
  return [
    ...(member.deleted ? ['deactivated'] : []),
    ...(member.teamId === snapshot.team.id ? [] : ['another company']),
    ...(member.guest === 'multi' ? ['guest'] : []),
    ...(member.guest === 'single' ? ['single-channel guest'] : []),
    ...groups.map((group) => `@${group.handle}`),
  ]
}
