import { Refusal } from '../../core/refusal.ts'
import type { Actor, EntryType, NewEntry } from '../../ledger/entry.ts'
import { newEntry } from '../newEntry.ts'
import type { Ports } from '../ports.ts'
import type { Agent, AgentKey } from '../records.ts'
import { credentialOf, hashSecret } from './authenticate.ts'
import { type PersonClaim, personOf, resolveClaim } from './identify.ts'

/** A credential and the key it belongs to. The credential is shown once; only a hash of its secret is kept. */
export interface Issued {
  readonly agent: Agent
  readonly key: AgentKey
  readonly credential: string
}

/** Agent names: what a person can read out over the phone. */
const agentNamePattern = /^[a-z0-9][a-z0-9._-]{1,62}$/

/**
 * Registers an agent with a first key. `by`, who creates the key, is behind every action asked for with it, and so is
 * the owner.
 *
 * @throws Refusal `invalid_request` for the name, `name_taken`, `unknown_person`, `directory_unavailable`
 */
export async function addAgent(
  ports: Ports,
  ask: { readonly name: string; readonly owner: PersonClaim; readonly by: PersonClaim; readonly via: string },
): Promise<Issued> {
  if (!agentNamePattern.test(ask.name))
    throw new Refusal('invalid_request', 'an agent name of the wrong form', [
      { pointer: '/name', detail: 'Use 2 to 63 lower-case letters, digits, dots, dashes and underscores.' },
    ])
  const owner = await personOf(ports, await resolveClaim(ports, ask.owner, '/owner'))
  const creator = await personOf(ports, await resolveClaim(ports, ask.by, '/by'))
  const createdAt = ports.clock().toISOString()
  const agent: Agent = {
    id: ports.ids.next('agt'),
    version: 1,
    name: ask.name,
    owner,
    status: 'active',
    createdAt,
  }
  const issued = issueKey(ports, agent, creator)
  const committed = await ports.store.commit({
    agents: [{ expected: null, next: agent }],
    keys: [{ expected: null, next: issued.key }],
    entries: [agentEntry(ports, 'agent.added', { agent, by: creator, via: ask.via, key: issued.key.id })],
  })
  if (committed !== 'applied') throw new Refusal('name_taken', 'an agent of that name exists')
  return issued
}

/**
 * Gives the agent a new key and revokes the ones it had, at once.
 *
 * @throws Refusal `unknown_agent`, `wrong_state` for a revoked agent, `unknown_person`, `busy`
 */
export async function rotateKey(
  ports: Ports,
  ask: { readonly name: string; readonly by: PersonClaim; readonly via: string },
): Promise<Issued> {
  const agent = await activeAgent(ports, ask.name)
  const creator = await personOf(ports, await resolveClaim(ports, ask.by, '/by'))
  const issued = issueKey(ports, agent, creator)
  const old = (await ports.store.keysOf(agent.id)).filter((key) => key.status === 'active')
  const committed = await ports.store.commit({
    keys: [...old.map(revoked), { expected: null, next: issued.key }],
    entries: [agentEntry(ports, 'agent.rotated', { agent, by: creator, via: ask.via, key: issued.key.id })],
  })
  if (committed !== 'applied') throw new Refusal('busy', 'the keys changed while they were rotated')
  return issued
}

/**
 * Ends an agent and all its keys. What it asked for and is pending stays with the people who were asked.
 *
 * @throws Refusal `unknown_agent`, `wrong_state` when it is revoked already, `unknown_person`, `busy`
 */
export async function revokeAgent(
  ports: Ports,
  ask: { readonly name: string; readonly by: PersonClaim; readonly via: string },
): Promise<Agent> {
  const agent = await activeAgent(ports, ask.name)
  const by = await personOf(ports, await resolveClaim(ports, ask.by, '/by'))
  const next: Agent = { ...agent, version: agent.version + 1, status: 'revoked' }
  const keys = (await ports.store.keysOf(agent.id)).filter((key) => key.status === 'active')
  const committed = await ports.store.commit({
    agents: [{ expected: agent.version, next }],
    keys: keys.map(revoked),
    entries: [agentEntry(ports, 'agent.revoked', { agent: next, by, via: ask.via, key: null })],
  })
  if (committed !== 'applied') throw new Refusal('busy', 'the agent changed while it was revoked')
  return next
}

/** @throws Refusal `unknown_agent`, `wrong_state` when it is revoked */
export async function activeAgent(ports: Ports, name: string): Promise<Agent> {
  const agent = await ports.store.agent(name)
  if (!agent) throw new Refusal('unknown_agent', 'no agent of that name')
  if (agent.status !== 'active') throw new Refusal('wrong_state', 'the agent is revoked')
  return agent
}

function issueKey(ports: Ports, agent: Agent, createdBy: string): Issued {
  const secret = ports.ids.secret()
  const key: AgentKey = {
    id: ports.ids.next('key'),
    version: 1,
    agent: agent.id,
    secretHash: hashSecret(secret),
    createdBy,
    status: 'active',
    createdAt: ports.clock().toISOString(),
  }
  return { agent, key, credential: credentialOf(key.id, secret) }
}

function revoked(key: AgentKey): { readonly expected: number; readonly next: AgentKey } {
  return { expected: key.version, next: { ...key, version: key.version + 1, status: 'revoked' } }
}

function agentEntry(
  ports: Ports,
  type: Extract<EntryType, `agent.${string}`>,
  about: { readonly agent: Agent; readonly by: string; readonly via: string; readonly key: string | null },
): NewEntry {
  const actor: Actor = { kind: 'person', id: about.by, via: about.via }
  const { agent, key } = about
  return newEntry(ports, {
    type,
    actor,
    subject: { kind: 'agent', id: agent.id },
    data: { name: agent.name, owner: agent.owner, key },
  })
}
