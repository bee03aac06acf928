import type { PersonId } from './identity.ts'

/** How a person is behind an action. `initiator` counts whether it was proved or only claimed. */
export type Role = 'initiator' | 'agent_owner' | 'key_creator' | 'involved'

/** One person behind an action, fixed when the request is made. */
export interface Behind {
  readonly person: PersonId
  readonly role: Role
}

/**
 * NOBODY DECIDES ON WHAT THEY ARE BEHIND. The rule that forbids self-approval, and the only place it stands.
 *
 * Returns how the person is behind the action, or null when they are not and may go on to the other checks. Compares
 * people, never accounts, names or e-mail addresses; there is no exemption, for administrators or anybody else.
 * (docs/threats.md#who-may-decide; threats: own-request, claimed-initiator)
 */
export function roleBehind(person: PersonId, behind: readonly Behind[]): Role | null {
  return behind.find((one) => one.person === person)?.role ?? null
}
