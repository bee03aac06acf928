import { type Account, type CurrentPerson, samePerson } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import type { ActionRequest, Claim, Initiator } from '../../core/request.ts'
import type { Behind } from '../../core/separation.ts'
import type { KeyOfAgent } from '../known.ts'
import type { Ports } from '../ports.ts'
import type { Agent } from '../records.ts'
import { peopleOfAgents } from './chain.ts'
import { currentPeople, withCurrentPeople } from './currentPeople.ts'
import { type InitiatorClaim, type PersonClaim, personOf, resolveClaim } from './identify.ts'
import { idTokenPointer, type SignIn } from './signIn.ts'

/** Everybody behind an action, and what was found out about them on the way. */
export interface PeopleBehind {
  readonly initiator: Initiator<CurrentPerson>
  /** What an identity provider said of the initiator; null where only the agent, or its registration, says who that is. */
  readonly signIn: SignIn | null
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
  readonly initiator: InitiatorClaim | null
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
 * @throws Refusal `unknown_person`, `directory_unavailable`, `id_token_refused`, `id_token_unchecked`
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
  const claim = claimIn(claimedInitiator)
  const signIn = await signInOf(ports, agent.name, claimedInitiator)
  const claimedAs = namedBy(claimedInitiator, signIn)
  // The agent and its key may be older than a link between people.
  const today = await currentPeople(ports, [agent.owner, key.createdBy])
  const owner = today(agent.owner)
  const initiator = claimedAs ? await resolve(claimedAs, `/initiator/${claim}`) : owner
  const behind: Behind<CurrentPerson>[] = [
    { person: initiator, role: 'initiator', ...(signIn && { attested: true }) },
    { person: owner, role: 'agent_owner' },
    { person: today(key.createdBy), role: 'key_creator' },
  ]
  for (const [index, involved] of claims.entries())
    behind.push({ person: await resolve(involved, `/involved/${index}`), role: 'involved' })
  for (const person of about) behind.push({ person, role: 'involved' })
  for (const person of await peopleOfAgents(ports, through)) behind.push({ person, role: 'through' })
  for (const one of [first, revised]) if (one) behind.push(...(await behindFirst(ports, one, behind)))
  const claimed = claimedAs ? (accounts[0] ?? null) : null
  const signedIn = signIn && { issuer: signIn.issuer, at: signIn.at }
  return {
    initiator: { person: initiator, claim, ...(signedIn && { signedIn }) },
    ...{ signIn, owner, behind, claimed, accounts },
  }
}

function claimIn(initiator: InitiatorClaim | null): Claim {
  if (!initiator) return 'agent_owner'
  if ('idToken' in initiator) return 'id_token'
  return 'email' in initiator ? 'email' : (initiator.by ?? 'slack_user_id')
}

/** @throws Refusal `id_token_refused`, `id_token_unchecked` */
async function signInOf(
  { identityProviders, clock }: Pick<Ports, 'identityProviders' | 'clock'>,
  agent: string,
  initiator: InitiatorClaim | null,
): Promise<SignIn | null> {
  if (!initiator || !('idToken' in initiator)) return null
  return identityProviders.signIn(initiator.idToken, { agent, at: clock() })
}

/** @throws Refusal `unknown_person` when the operator says of nobody here that they are who signed in */
function namedBy(initiator: InitiatorClaim | null, signIn: SignIn | null): PersonClaim | null {
  if (!initiator || !('idToken' in initiator)) return initiator
  if (signIn?.address) return { address: signIn.address }
  throw new Refusal('unknown_person', 'who signed in is mapped to nobody', [
    {
      pointer: idTokenPointer,
      detail:
        'Nobody here is known by the subject of this token: ask whoever runs this server to add it under `people` in OIDC_FILE.',
    },
  ])
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
