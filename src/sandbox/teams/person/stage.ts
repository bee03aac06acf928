/** Who acts, and what acting needs. */
import type { Answer, Courier } from '../delivery.ts'
import type { StoredConversation, Tenant } from '../tenant.ts'
import type { TeamsActResult, TeamsPerson } from '../wire.ts'

/** What all acts share. */
export interface Stage {
  readonly tenant: Tenant
  readonly courier: Courier
  readonly serviceUrl: () => string
  /** How often the client sends a dialog before it gives up. */
  readonly submits: number
  /** Notes a mistake of the app that Teams shows only as "Something went wrong". */
  readonly problem: (text: string) => void
}

/** Something that Teams does not let the person do; `message` is what it shows. */
export class Impossible extends Error {}

/** The person who acts. Throws Impossible for nobody and for disabled accounts. */
export function actor(tenant: Tenant, id: string): TeamsPerson {
  const person = tenant.people.get(id)
  if (person === undefined) throw new Impossible(`There is no ${id} in this tenant.`)
  if (!person.enabled) throw new Impossible(`${person.name}'s account is disabled.`)
  return person
}

/** The conversation, if the person is in it. */
export function joined(tenant: Tenant, person: TeamsPerson, id: string): StoredConversation {
  const conversation = tenant.conversations.get(id)
  if (conversation === undefined || !conversation.members.includes(person.id)) {
    throw new Impossible(`${person.name} is not in this conversation.`)
  }
  return conversation
}

/** What Teams shows when an app does not answer, or with an error. */
export function failed(answer: Answer): TeamsActResult {
  if (answer.kind === 'answered') {
    return {
      ok: false,
      error: `Something went wrong. Please try again. (${answer.status})`,
      ackMs: answer.ms,
    }
  }
  return { ok: false, error: 'Unable to reach app. Please try again.', ackMs: answer.ms }
}
