import { type Account, type CurrentPerson, samePerson } from '../../core/identity.ts'
import type { ActionRequest, Claim } from '../../core/request.ts'
import type { Behind } from '../../core/separation.ts'
import type { KeyOfAgent } from '../known.ts'
import type { Ports } from '../ports.ts'
import type { Agent } from '../records.ts'
import { peopleOfAgents } from './chain.ts'
import { currentPeople, withCurrentPeople } from './currentPeople.ts'
import { type PersonClaim, personOf, resolveClaim } from './identify.ts'

/** Everybody behind an action, and what was found out about them on the way. */
export interface PeopleBehind {
  readonly initiator: { readonly person: CurrentPerson; readonly claim: Claim }
  /** Of the agent. */
  readonly owner: CurrentPerson
  readonly behind: readonly Behind<CurrentPerson>[]
  /** The account that the initiator was claimed by; null when the agent named none. */
  readonly claimed: Account | null
  /** As the directory gave them, for the record. */
  readonly accounts: readonly Account[]
}

/** Who is named: by their agent and its key, by what it claims, and by a command of ours that knows whom it is about. */
interface Named extends KeyOfAgent {
  /** Null: the agent's owner is the initiator. */
  readonly initiator: PersonClaim | null
  readonly involved: readonly PersonClaim[]
  readonly about: readonly CurrentPerson[]
  /** Registered agents that it was asked through, as the agent says. */
  readonly through: readonly Agent[]
  /** Of a rollback: what it undoes. */
  readonly first: ActionRequest | null
  /** Of a revision: what it is asked instead of. */
  readonly revised?: ActionRequest | null
}

/**
 * Everybody behind the action. The agent's owner and the creator of its key are, whatever the agent says
 * (threats: claimed-initiator); and so are those of every agent that it says it was asked through, or one agent could get by another what its
 * owner then approves (threats: asked-through).
 *
 * @throws Refusal `unknown_person`, `directory_unavailable`
 */
export async function peopleBehind(
  ports: Ports,
  { agent, key, initiator: claimedInitiator, involved: claims, about, through, first, revised }: Named,
): Promise<PeopleBehind> {
  const accounts: Account[] = []
  const resolve = async (claim: PersonClaim, pointer: string) => {
    const account = await resolveClaim(ports, claim, pointer)
    accounts.push(account)
    return personOf(ports, account)
  }
  const claim: Claim = !claimedInitiator
    ? 'agent_owner'
    : 'email' in claimedInitiator
      ? 'email'
      : 'slack_user_id'
  // The agent and its key may be older than a link between people.
  const today = await currentPeople(ports, [agent.owner, key.createdBy])
  const owner = today(agent.owner)
  const initiator = claimedInitiator ? await resolve(claimedInitiator, `/initiator/${claim}`) : owner
  const behind: Behind<CurrentPerson>[] = [
    { person: initiator, role: 'initiator' },
    { person: owner, role: 'agent_owner' },
    { person: today(key.createdBy), role: 'key_creator' },
  ]
  for (const [index, involved] of claims.entries())
    behind.push({ person: await resolve(involved, `/involved/${index}`), role: 'involved' })
  for (const person of about) behind.push({ person, role: 'involved' })
  for (const person of await peopleOfAgents(ports, through)) behind.push({ person, role: 'through' })
  for (const one of [first, revised]) if (one) behind.push(...(await behindFirst(ports, one, behind)))
  const claimed = claimedInitiator ? (accounts[0] ?? null) : null
  return { initiator: { person: initiator, claim }, owner, behind, claimed, accounts }
}

/** Whoever is behind an action is behind what undoes it or is asked instead of it, too, as what they were there, unless they are behind it already. */
async function behindFirst(
  ports: Ports,
  first: ActionRequest,
  known: readonly Behind<CurrentPerson>[],
): Promise<readonly Behind<CurrentPerson>[]> {
  const { behind } = await withCurrentPeople(ports, first)
  return behind.filter(({ person }) => !known.some((one) => samePerson(one.person, person)))
}
