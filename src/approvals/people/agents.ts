import { agentName, policyToolPrefix } from '../../core/agentNames.ts'
import type { Confirmable, Confirmation } from '../../core/confirmation.ts'
import type { Account } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import type { EntryType, NewEntry } from '../../ledger/entry.ts'
import { jobKey } from '../job.ts'
import { coveredJobs } from '../leases/endCovered.ts'
import { newEntry } from '../newEntry.ts'
import type { Ports } from '../ports.ts'
import type { Agent, AgentKey } from '../records.ts'
import { dropped } from './askToConfirm.ts'
import { credentialOf, hashSecret } from './authenticate.ts'
import { type PersonClaim, personOf, resolveClaim } from './identify.ts'
import { accountOfOwner, keyClaim, whoConfirms } from './keyClaim.ts'
import { expiryOf, keyEndJobs } from './keyEnds.ts'
import { inReach, used } from './operatorKeys.ts'
import { asJudged, onlyClaimed, type Stands, saidBy, type Word } from './word.ts'

/** What a new key is to be: who makes it, and for how long. */
interface NewKey {
  readonly by: PersonClaim
  /** Seconds; null, or left out, for a key that ends only when it is revoked. */
  readonly lifetime?: number | null
}

/** A credential and the key it belongs to. The credential is shown once; only a hash of its secret is kept. */
export interface Issued {
  readonly agent: Agent
  readonly key: AgentKey
  readonly credential: string
  /** Who has to confirm it before the key works; null when it works already. */
  readonly confirmation: Confirmation | null
}

/**
 * Registers an agent with a first key. `by`, who creates the key, is behind every action asked for with it, and so is
 * the owner: where people can be asked, neither agent nor key can do anything before both have confirmed that
 * (threats: claimed-administrator).
 *
 * @throws Refusal `invalid_request` for the name or the lifetime, `name_taken`, `unknown_person`, `directory_unavailable`, `busy`
 */
export async function addAgent(
  ports: Ports,
  ask: Word & NewKey & { readonly name: string; readonly owner: PersonClaim },
): Promise<Issued> {
  if (!agentName.test(ask.name))
    throw new Refusal('invalid_request', 'an agent name of the wrong form', [
      { pointer: '/name', detail: 'Use 2 to 63 lower-case letters, digits, dots, dashes and underscores.' },
    ])
  const owner = await resolveClaim(ports, ask.owner, '/owner')
  const creator = await resolveClaim(ports, ask.by, '/by')
  const person = ask.themselves?.person ?? (await personOf(ports, owner))
  const who = await whoConfirms(ports, { owner: person, ownerAccount: async () => owner, creator, word: ask })
  const agent: Agent = {
    id: ports.ids.next('agt'),
    version: 1,
    name: ask.name,
    owner: person,
    status: who.status,
    limits: null,
    tags: [],
    createdAt: ports.clock().toISOString(),
  }
  const { key, credential } = await issueKey(ports, agent, { creator, status: who.status, ask })
  const claim = keyClaim(ports, { agent, key, first: true, who, word: ask })
  const committed = await ports.store.commit({
    ...asJudged(ask),
    ...claim.change,
    jobs: [...(claim.change.jobs ?? []), ...keyEndJobs(key)],
    agents: [{ expected: null, next: agent }],
    keys: [{ expected: null, next: key }],
    entries: [
      agentEntry(ports, 'agent.added', { agent, by: key.createdBy, key, word: ask, stands: claim }),
      ...claim.change.entries,
    ],
  })
  if (committed === 'duplicate') throw doneBefore()
  if (committed !== 'applied') {
    if (await ports.store.agent(ask.name)) throw new Refusal('name_taken', 'an agent of that name exists')
    throw new Refusal('busy', 'people changed while the agent was added')
  }
  return { agent, key, credential, confirmation: claim.confirmation }
}

/**
 * Gives the agent a new key and revokes the ones it had, at once. The new one works when the agent's owner and whoever
 * made it have confirmed it, where people can be asked.
 *
 * @throws Refusal `unknown_agent`, `wrong_state` for a revoked agent, `invalid_request` for the lifetime, `unknown_person`,
 *   `directory_unavailable`, `busy`
 */
export async function rotateKey(
  ports: Ports,
  ask: Word & NewKey & { readonly name: string },
): Promise<Issued> {
  const agent = await livingAgent(ports, ask)
  const creator = await resolveClaim(ports, ask.by, '/by')
  const who = await whoConfirms(ports, {
    owner: agent.owner,
    // Whoever makes it may name themselves by another account of the owner's: the same message asks for both.
    ownerAccount: () => accountOfOwner(ports, agent, creator),
    creator,
    word: ask,
  })
  const { key, credential } = await issueKey(ports, agent, { creator, status: who.status, ask })
  const claim = keyClaim(ports, { agent, key, first: agent.status === 'unconfirmed', who, word: ask })
  const ended = await endedWith(ports, agent, ['key'])
  // Also where it stays as it is: who is asked about the key was chosen by the owner of this version. Where everybody who would be
  // asked speaks for it already, nothing is left for the agent to wait for.
  const status = who.status === 'active' ? 'active' : agent.status
  const next: Agent = { ...agent, version: agent.version + 1, status }
  const committed = await ports.store.commit({
    ...asJudged(ask),
    agents: [{ expected: agent.version, next }],
    keys: [...ended.keys, { expected: null, next: key }],
    confirmations: [...ended.confirmations, ...(claim.change.confirmations ?? [])],
    operatorKeys: claim.change.operatorKeys ?? [],
    jobs: [...ended.jobs, ...(claim.change.jobs ?? []), ...keyEndJobs(key)],
    dropJobs: ended.dropJobs,
    entries: [
      agentEntry(ports, 'agent.rotated', { agent, by: key.createdBy, key, word: ask, stands: claim }),
      ...claim.change.entries,
    ],
  })
  if (committed === 'duplicate') throw doneBefore()
  if (committed !== 'applied') throw new Refusal('busy', 'the keys changed while they were rotated')
  return { agent: next, key, credential, confirmation: claim.confirmation }
}

/**
 * Ends an agent and all its keys, at once and on anybody's word: it only takes away. What it asked for, or others were asked through it, and
 * is pending is cancelled by jobs of the same commit (threats: agent-revoked, asked-through).
 *
 * @throws Refusal `unknown_agent`, `wrong_state` when it is revoked already, `unknown_person`, `busy`
 */
export async function revokeAgent(
  ports: Ports,
  ask: Word & { readonly name: string; readonly by: PersonClaim },
): Promise<Agent> {
  const agent = await livingAgent(ports, ask)
  const by = ask.themselves?.person ?? (await personOf(ports, await resolveClaim(ports, ask.by, '/by')))
  const next: Agent = { ...agent, version: agent.version + 1, status: 'revoked' }
  const operatorKey = await inReach(ports, ask.operatorKey ?? null, agent.owner)
  const use = used(ports, operatorKey, { command: 'agents revoke', agent: agent.id })
  const stands = { ...onlyClaimed, operatorKey }
  const ended = await endedWith(ports, agent, ['key', 'owner'])
  const waiting = await ports.store.waiting({ about: agent.id, limit: 1_000 })
  const committed = await ports.store.commit({
    ...asJudged(ask),
    ...ended,
    ...use,
    jobs: [
      ...ended.jobs,
      ...waiting.map((one) => ({ task: 'cancel' as const, request: one.id })),
      ...coveredJobs({ scope: { kind: 'agent', agent: agent.id }, why: 'revoked' }),
    ],
    agents: [{ expected: agent.version, next }],
    entries: [
      agentEntry(ports, 'agent.revoked', { agent: next, by, key: null, word: ask, stands }),
      ...use.entries,
    ],
  })
  if (committed === 'duplicate') throw doneBefore()
  if (committed !== 'applied') throw new Refusal('busy', 'the agent changed while it was revoked')
  return next
}

/** What was sent twice is done once. */
export function doneBefore(): Refusal {
  return new Refusal('not_applicable', 'what was sent has taken effect before')
}

/**
 * Whoever does something in person does it with agents of theirs, and learns nothing of others. Those by which they propose policies
 * are nothing to look after: nobody has their keys.
 *
 * @throws Refusal `unknown_agent`, `wrong_state` when it is revoked
 */
export async function livingAgent(
  ports: Pick<Ports, 'store'>,
  { name, themselves }: Word & { readonly name: string },
): Promise<Agent> {
  const agent = await ports.store.agent(name)
  if (!agent) throw new Refusal('unknown_agent', 'no agent of that name')
  const isOurs = agent.name.startsWith(policyToolPrefix)
  if (themselves && (isOurs || !themselves.ids.includes(agent.owner)))
    throw new Refusal('unknown_agent', 'the agent is somebody else’s, or of the policy tool')
  if (agent.status === 'revoked') throw new Refusal('not_applicable', 'the agent is revoked')
  return agent
}

/** What ends with the keys that an agent has: they, and questions of these kinds about the agent. */
async function endedWith(ports: Ports, agent: Agent, kinds: readonly Confirmable['kind'][]) {
  const keys = (await ports.store.keysOf(agent.id)).filter((key) => key.status !== 'revoked')
  const about = await ports.store.confirmationsAbout(agent.id)
  const over = dropped(about.filter(({ what }) => kinds.includes(what.kind)))
  const dropJobs = [...over.dropJobs, ...keys.flatMap(keyEndJobs).map(jobKey)]
  return { ...over, dropJobs, keys: keys.map(revokedKey) }
}

/** The key as it ends. */
export function revokedKey(key: AgentKey): { readonly expected: number; readonly next: AgentKey } {
  return { expected: key.version, next: { ...key, version: key.version + 1, status: 'revoked' } }
}

async function issueKey(
  ports: Ports,
  agent: Agent,
  by: { readonly creator: Account; readonly status: AgentKey['status']; readonly ask: Word & NewKey },
): Promise<{ readonly key: AgentKey; readonly credential: string }> {
  const { creator, status, ask } = by
  const secret = ports.ids.secret()
  const now = ports.clock()
  const key: AgentKey = {
    id: ports.ids.next('key'),
    version: 1,
    agent: agent.id,
    secretHash: hashSecret(secret),
    createdBy: ask.themselves?.person ?? (await personOf(ports, creator)),
    status,
    createdAt: now.toISOString(),
    expiresAt: expiryOf(ask.lifetime ?? null, now),
  }
  return { key, credential: credentialOf(key.id, secret) }
}

/** What is written of an agent: by whom, and on whose word. */
export function agentEntry(
  ports: Ports,
  type: Extract<EntryType, `agent.${string}`>,
  about: {
    readonly agent: Agent
    readonly by: string
    readonly key: AgentKey | null
    readonly word: Word
    readonly stands: Stands
  },
): NewEntry {
  const { agent, by, key, word, stands } = about
  const said = saidBy(word, stands)
  return newEntry(ports, {
    type,
    actor: {
      kind: 'person',
      id: by,
      ...(word.themselves && { account: word.themselves.account.key }),
      via: word.via,
    },
    subject: { kind: 'agent', id: agent.id },
    data: {
      name: agent.name,
      owner: agent.owner,
      key: key?.id ?? null,
      ...(key?.expiresAt && { expires_at: key.expiresAt }),
      ...said.data,
    },
    kept: said.kept,
  })
}
