import { policyToolPrefix } from '../../core/agentNames.ts'
import type { Account, AccountKey, PersonId } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import { refuseUnlessStaff } from '../../core/staff.ts'
import { registrarsOf } from '../../policy/registrars.ts'
import { newEntry } from '../newEntry.ts'
import type { Ports, ReadPorts } from '../ports.ts'
import type { Agent, AgentKey, LinkedAccount } from '../records.ts'
import { addAgent, type Issued, livingAgent, revokeAgent, revokedKey, rotateKey } from './agents.ts'
import { orRefuse } from './askDirectory.ts'
import { formerIdsIn, formerPerson, ownPerson } from './currentPeople.ts'
import { type HandedOver, handOver } from './handOver.ts'
import { linkOf, type PersonClaim } from './identify.ts'
import { isAmong } from './legs.ts'
import { writtenDown } from './readings.ts'
import { saidBy, type Word } from './word.ts'

/** What somebody does with agents of theirs, in their channel. */
export interface OwnAct {
  readonly account: AccountKey
  readonly via: string
  /** Name of what they sent: delivered twice, it takes effect once. */
  readonly delivery: string
}

/**
 * As many agents as one person registers by themselves: those that live, and those that they revoked lately. What is counted or bounded
 * for each agent is bounded for a person only because of it, and nobody begins anew by revoking.
 */
export const mostAgents = 50

/** Milliseconds for which an agent that was revoked counts, from when it was registered: no budget looks further back. */
const countedFor = 30 * 86_400_000

/**
 * Registers an agent of whoever asks. It is their own act, so nobody has to confirm it: the key works at once, and they are behind
 * whatever is asked with it.
 *
 * @throws Refusal `not_staff`, `identity_unknown`, `may_not_register`, `too_many_agents`, and those of `addAgent`
 */
export async function addOwnAgent(ports: Ports, ask: OwnAct & WantedKey): Promise<Issued> {
  const word = await asRegistrar(ports, await inPerson(ports, ask))
  if (ask.name.startsWith(policyToolPrefix))
    throw new Refusal('name_taken', 'names of that form are for the policy tool')
  await refuseMore(ports, word, mostAgents - 1)
  const by = { address: word.themselves.account.key }
  const issued = await addAgent(ports, { ...word, name: ask.name, lifetime: ask.lifetime, owner: by, by })
  try {
    // Several at the same moment each pass the first look: counted once they are written, none is too many.
    await refuseMore(ports, word, mostAgents)
  } catch (refusal) {
    const again = await inPerson(ports, { ...ask, delivery: `${ask.delivery} too many` })
    await revokeAgent(ports, { ...again, name: issued.agent.id, by })
    throw refusal
  }
  return issued
}

/**
 * For each agent budgets and brakes begin anew, so the policy says who makes them: the one that is active when it takes effect.
 *
 * @throws Refusal `may_not_register`, `identity_unknown`
 */
async function asRegistrar(ports: Ports, word: InPersonWord): Promise<InPersonWord> {
  const bundle = ports.policy()
  if (!bundle) throw new Refusal('may_not_register', 'no policy is active that could say who may')
  const { account, judgedBy } = word.themselves
  const named = registrarsOf(bundle)
  if (named && !(await isAmong(ports, named, account.key)))
    throw new Refusal('may_not_register', 'the active policy does not name the account under registrars')
  return { ...word, themselves: { ...word.themselves, judgedBy: { ...judgedBy, judgedBy: bundle.digest } } }
}

/** @throws Refusal `too_many_agents` */
async function refuseMore(ports: Ports, { themselves }: InPersonWord, most: number): Promise<void> {
  const since = new Date(ports.clock().getTime() - countedFor).toISOString()
  const all = await ports.store.agentsOf(themselves.ids)
  const counted = all.filter(
    ({ name, status, createdAt }) =>
      !name.startsWith(policyToolPrefix) && (status !== 'revoked' || createdAt > since),
  )
  if (counted.length > most) throw new Refusal('too_many_agents', `they have ${counted.length} agents`)
}

type InPersonWord = Word & Required<Pick<Word, 'themselves'>>

/** Another key for an agent of theirs; those it had end at once. @throws Refusal as `addOwnAgent` and `rotateKey` */
export async function rotateOwnKey(ports: Ports, ask: OwnAct & WantedKey): Promise<Issued> {
  const word = await inPerson(ports, ask)
  const by = { address: word.themselves.account.key }
  return rotateKey(ports, { ...word, name: ask.name, lifetime: ask.lifetime, by })
}

/** Ends an agent of theirs. @throws Refusal as `addOwnAgent` and `revokeAgent` */
export async function revokeOwnAgent(ports: Ports, ask: OwnAct & { readonly name: string }): Promise<Agent> {
  const word = await inPerson(ports, ask)
  return revokeAgent(ports, { ...word, name: ask.name, by: { address: word.themselves.account.key } })
}

/** Asks somebody else to own an agent of theirs, who has to confirm it. @throws Refusal as `addOwnAgent` and `handOver` */
export async function handOverOwnAgent(
  ports: Ports,
  ask: OwnAct & { readonly name: string; readonly to: PersonClaim },
): Promise<HandedOver> {
  const word = await inPerson(ports, ask)
  const by = { address: word.themselves.account.key }
  return handOver(ports, { ...word, name: ask.name, to: ask.to, by })
}

/** @throws Refusal `unknown_agent`, also for one of somebody else; `not_applicable` when it is revoked; `not_staff`, `identity_unknown` */
export async function ownAgent(
  ports: Ports,
  ask: Pick<OwnAct, 'account'> & { readonly name: string },
): Promise<OwnAgent> {
  const word = await inPerson(ports, { ...ask, via: '', delivery: '' })
  return withKeys(ports, await livingAgent(ports, { ...word, name: ask.name }))
}

/**
 * A key whose secret could not be shown ends: whoever has it, it is not its owner.
 *
 * @throws Refusal `busy`
 */
export async function endUnshown(ports: Ports, { agent, key }: Issued, word: OwnAct): Promise<void> {
  const found = await ports.store.key(key.id)
  if (!found || found.key.status === 'revoked') return
  const said = saidBy({ via: word.via }, { confirmation: null, operatorKey: null })
  const entry = newEntry(ports, {
    type: 'agent.rotated',
    actor: { kind: 'system', id: 'unshown', via: word.via },
    subject: { kind: 'agent', id: agent.id },
    data: { name: agent.name, owner: agent.owner, key: null, ended: key.id, ...said.data },
    kept: said.kept,
  })
  const committed = await ports.store.commit({ keys: [revokedKey(found.key)], entries: [entry] })
  if (committed !== 'applied') throw new Refusal('busy', 'the key changed while it was ended')
}

interface WantedKey {
  readonly name: string
  /** Seconds; null for a key without an end. */
  readonly lifetime: number | null
}

/** An agent with its keys that were not revoked, and how many of its requests wait for people: `mostCounted` means at least so many. */
export interface OwnAgent {
  readonly agent: Agent
  readonly keys: readonly AgentKey[]
  readonly open: number
}

export const mostCounted = 100

/** The first agents of somebody that are not revoked, by name, and how many there are. An account that is only claimed to be theirs brings none. */
export async function agentsOf(
  ports: Pick<ReadPorts, 'store'>,
  account: Account,
  most: number,
): Promise<{ readonly count: number; readonly agents: readonly OwnAgent[] }> {
  const links = await ports.store.accounts([account.key, ...(account.formerKeys ?? [])])
  const link = links.find(({ id }) => id === account.key) ?? links[0]
  if (!link) return { count: 0, agents: [] }
  const rows = await ports.store.accountsOf(link.person)
  const agents = await agentsOfPeople(ports, ownIds(link, rows))
  const first = agents.slice(0, most)
  return { count: agents.length, agents: await Promise.all(first.map((agent) => withKeys(ports, agent))) }
}

async function withKeys({ store }: Pick<ReadPorts, 'store'>, agent: Agent): Promise<OwnAgent> {
  const keys = (await store.keysOf(agent.id)).filter(({ status }) => status !== 'revoked')
  const waiting = await store.requests({ states: ['pending'], agent: agent.id, limit: mostCounted })
  return { agent, keys, open: waiting.length }
}

async function agentsOfPeople(
  { store }: Pick<ReadPorts, 'store'>,
  people: readonly PersonId[],
): Promise<readonly Agent[]> {
  const agents = await store.agentsOf(people)
  return agents.filter(({ status, name }) => status !== 'revoked' && !name.startsWith(policyToolPrefix))
}

/** Whoever acts, judged now. @throws Refusal `identity_unknown`, `not_staff` */
export async function inPerson(ports: Ports, { account: key, via, delivery }: OwnAct): Promise<InPersonWord> {
  const account = await orRefuse('identity_unknown', () => ports.directory.account(key))
  refuseUnlessStaff(account)
  const readings = writtenDown(ports, ports.store)
  const link = await linkOf(readings.ports, account)
  const ids = ownIds(link, await readings.ports.store.accountsOf(link.person))
  const judgedBy = readings.read()
  return { via, themselves: { account, person: ownPerson(link), ids, judgedBy, delivery } }
}

/**
 * Every id by which a record may name whoever has an account: what `ownAccountsOf` answers for, the other way round. An account that
 * was joined to somebody by a link that is only claimed stands for whoever it was before.
 */
function ownIds(link: LinkedAccount, rows: readonly LinkedAccount[]): readonly PersonId[] {
  const mine = rows.filter(({ claimedFrom }) => claimedFrom === link.claimedFrom)
  const own = ownPerson(link)
  const movedOn = rows.some(
    ({ id, claimedFrom }) => id === formerPerson(own) && claimedFrom !== link.claimedFrom,
  )
  return [...new Set([...(movedOn ? [] : [own]), ...formerIdsIn(mine)])]
}
