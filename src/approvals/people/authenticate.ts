import { hash, timingSafeEqual } from 'node:crypto'
import { Refusal } from '../../core/refusal.ts'
import type { KeyOfAgent } from '../known.ts'
import type { ReadPorts, StoreReader } from '../ports.ts'
import type { AgentKey } from '../records.ts'

/** `csk_`, the key id's suffix, `_`, 32 bytes of secret as base64url. */
const credentialPattern = /^csk_([0-9a-z]{26})_([A-Za-z0-9_-]{43})$/

/** The credential of a new key: shown once, never stored. */
export function credentialOf(keyId: string, secret: string): string {
  return `csk_${keyId.slice('key_'.length)}_${secret}`
}

/** SHA-256, hex: enough for a secret of 256 random bits, which nobody can guess from its hash. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret, 'hex')
}

/**
 * @throws Refusal `unauthenticated`, whatever is wrong: missing, malformed, unknown, revoked, of a revoked agent;
 *   `key_expired` for a right key that is over its time, `agent_unconfirmed` for one that gives nothing yet
 */
export async function authenticateKey(
  { store, clock }: { readonly store: Pick<StoreReader, 'key'> } & Pick<ReadPorts, 'clock'>,
  bearer: string,
): Promise<KeyOfAgent> {
  const offer = offerIn(bearer)
  return admitted(await store.key(offer.id), offer, clock())
}

/**
 * The same for what ends in a commit that names who asks (`Change.caller`): from memory, where that lets them in. Nobody is
 * refused by what is only remembered.
 */
export async function recognizeKey(
  { registry, clock }: Pick<ReadPorts, 'registry' | 'clock'>,
  bearer: string,
): Promise<KeyOfAgent> {
  const offer = offerIn(bearer)
  const remembered = registry.remembered(offer.id)
  if (remembered && isMadeWith(remembered, offer) && isActive(remembered, clock())) return remembered
  return admitted(await registry.key(offer.id), offer, clock())
}

/** A key that somebody says to have: its id, and the hash of its secret as bytes. */
interface Offer {
  readonly id: string
  readonly hash: Buffer
}

function offerIn(bearer: string): Offer {
  const [, suffix, secret] = credentialPattern.exec(bearer) ?? []
  if (!suffix || !secret) throw new Refusal('unauthenticated', 'the credential does not have the form of one')
  return { id: `key_${suffix}`, hash: Buffer.from(hashSecret(secret), 'hex') }
}

/** Takes as long for a key that does not exist. */
function isMadeWith(found: KeyOfAgent | null, { hash }: Offer): found is KeyOfAgent {
  const expected = found ? Buffer.from(found.key.secretHash, 'hex') : Buffer.alloc(hash.length)
  return timingSafeEqual(hash, expected) && found !== null
}

function admitted(found: KeyOfAgent | null, offer: Offer, now: Date): KeyOfAgent {
  if (!isMadeWith(found, offer)) throw new Refusal('unauthenticated', 'no key with that secret')
  return counting(found, now)
}

/**
 * For signed deliveries: the agent is named in the clear, and one of its active keys must have signed.
 *
 * @throws Refusal `unauthenticated`, `key_expired`, `agent_unconfirmed`
 */
export async function authenticateSignature(
  ports: Pick<ReadPorts, 'store' | 'clock'>,
  signed: { readonly agent: string; readonly verify: (keyId: string) => boolean },
): Promise<KeyOfAgent> {
  const agent = await ports.store.agent(signed.agent)
  if (!agent) throw new Refusal('unauthenticated', 'no agent of that name')
  for (const key of await ports.store.keysOf(agent.id)) {
    if (!isRevoked({ agent, key }) && signed.verify(key.id)) return counting({ agent, key }, ports.clock())
  }
  throw new Refusal('unauthenticated', 'no active key of the agent made this signature')
}

/**
 * The same agent and key as they stand now: whoever was let in a moment ago may have been revoked or handed over since, or
 * the time of the key is over.
 *
 * @throws Refusal `unauthenticated`, `key_expired`, `agent_unconfirmed`
 */
export async function asKnownNow(
  ports: Pick<ReadPorts, 'store' | 'clock'>,
  { key }: Pick<KeyOfAgent, 'key'>,
): Promise<KeyOfAgent> {
  const found = await ports.store.key(key.id)
  if (!found) throw new Refusal('unauthenticated', 'the key is gone')
  return counting(found, ports.clock())
}

/**
 * Whether a call that goes on for long may go on: the key that it came with counts, and the agent has the owner that it had. After a
 * hand-over the key may still count, and whoever comes back proves it anew.
 *
 * @throws Refusal `unauthenticated`, `key_expired`, `agent_unconfirmed`
 */
export async function mayGoOn(
  ports: Pick<ReadPorts, 'store' | 'clock'>,
  caller: KeyOfAgent,
): Promise<boolean> {
  const { agent } = await asKnownNow(ports, caller)
  // As the record names them, whoever that is today.
  const [before, now] = [caller.agent.owner, agent.owner]
  return before === now
}

/** Whether both count now. */
export function isActive({ agent, key }: KeyOfAgent, now: Date): boolean {
  return agent.status === 'active' && key.status === 'active' && !hasExpired(key, now)
}

/** Whether the time of a key is over: the time itself counts, whenever somebody is told of it (threats: checked-at-use). */
function hasExpired({ expiresAt }: Pick<AgentKey, 'expiresAt'>, now: Date): boolean {
  return expiresAt !== null && now.toISOString() >= expiresAt
}

function isRevoked({ agent, key }: KeyOfAgent): boolean {
  return agent.status === 'revoked' || key.status === 'revoked'
}

/** Whoever is named as behind it has to stand behind it before it can do anything (threats: claimed-administrator). */
function counting(found: KeyOfAgent, now: Date): KeyOfAgent {
  if (isRevoked(found)) throw new Refusal('unauthenticated', 'the key or its agent is revoked')
  if (hasExpired(found.key, now))
    throw new Refusal('key_expired', `the key expired at ${found.key.expiresAt}`)
  if (found.agent.status === 'unconfirmed' || found.key.status === 'unconfirmed')
    throw new Refusal('agent_unconfirmed', 'the agent or its key is not confirmed')
  return found
}
