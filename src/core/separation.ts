import { type Comparable, type PersonId, samePerson } from './identity.ts'

/**
 * How a person is behind an action. `initiator` counts whether it was proved or only claimed; `through` is whoever owns an agent that
 * it was asked through, or made a key of it.
 */
export type Role = 'initiator' | 'agent_owner' | 'key_creator' | 'involved' | 'through'

/** One person behind an action, fixed when the request is made. */
export interface Behind<P extends PersonId = PersonId> {
  readonly person: P
  readonly role: Role
  /** Present on an initiator whom an identity provider has named, and not only the request. */
  readonly attested?: true
}

/**
 * NOBODY DECIDES ON WHAT THEY ARE BEHIND. The rule that forbids self-approval, and the only place it stands.
 *
 * Returns how the person is behind the action, or null when they are not and may go on to the other checks. Compares
 * people of today, never accounts, names, e-mail addresses or the people of a record; there is no exemption, for
 * administrators or anybody else.
 * (docs/threats.md#who-may-decide; threats: own-request, claimed-initiator)
 */
export function roleBehind<P extends Comparable>(
  person: P,
  behind: readonly Behind<NoInfer<P>>[],
): Role | null {
  return behind.find((one) => samePerson(person, one.person))?.role ?? null
}

/** Roles that our own records say, whatever a request names. */
const onRecord: readonly Role[] = ['agent_owner', 'key_creator']

function isCertain({ role, attested }: Pick<Behind, 'role' | 'attested'>): boolean {
  return attested === true || onRecord.includes(role)
}

/**
 * Those who are behind an action only because the request says so: whoever sends it chose them, and with them who cannot
 * decide. They are behind it all the same.
 */
export function onlyClaimed<P extends Comparable>(behind: readonly Behind<P>[]): readonly P[] {
  const certain = behind.filter(isCertain).map(({ person }) => person)
  const claimed = behind.map(({ person }) => person).filter((person) => !certain.includes(person))
  return [...new Set(claimed)]
}
