import { createHash, timingSafeEqual } from 'node:crypto'
import { Refusal } from '../../core/refusal.ts'
import type { ReadPorts } from '../ports.ts'
import type { Agent, AgentKey } from '../records.ts'

/** An agent and the key it used. */
export interface Authenticated {
  readonly agent: Agent
  readonly key: AgentKey
}

/** `csk_`, the key id's suffix, `_`, 32 bytes of secret as base64url. */
const credentialPattern = /^csk_([0-9a-z]{26})_([A-Za-z0-9_-]{43})$/

/** The credential of a new key: shown once, never stored. */
export function credentialOf(keyId: string, secret: string): string {
  return `csk_${keyId.slice('key_'.length)}_${secret}`
}

/** SHA-256, hex: enough for a secret of 256 random bits, which nobody can guess from its hash. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/**
 * @throws Refusal `unauthenticated`, whatever is wrong: missing, malformed, unknown, revoked, of a revoked agent;
 *   `agent_unconfirmed` for a right key that gives nothing yet
 */
export async function authenticateKey(
  ports: Pick<ReadPorts, 'store'>,
  bearer: string,
): Promise<Authenticated> {
  const [, suffix, secret] = credentialPattern.exec(bearer) ?? []
  if (!suffix || !secret) throw new Refusal('unauthenticated', 'the credential does not have the form of one')
  const found = await ports.store.key(`key_${suffix}`)
  const offered = Buffer.from(hashSecret(secret), 'hex')
  const expected = found ? Buffer.from(found.key.secretHash, 'hex') : Buffer.alloc(offered.length)
  if (!timingSafeEqual(offered, expected) || !found)
    throw new Refusal('unauthenticated', 'no key with that secret')
  if (isRevoked(found)) throw new Refusal('unauthenticated', 'the key or its agent is revoked')
  return confirmed(found)
}

/**
 * For signed deliveries: the agent is named in the clear, and one of its active keys must have signed.
 *
 * @throws Refusal `unauthenticated`, `agent_unconfirmed`
 */
export async function authenticateSignature(
  ports: Pick<ReadPorts, 'store'>,
  signed: { readonly agent: string; readonly verify: (keyId: string) => boolean },
): Promise<Authenticated> {
  const agent = await ports.store.agent(signed.agent)
  if (!agent) throw new Refusal('unauthenticated', 'no agent of that name')
  for (const key of await ports.store.keysOf(agent.id)) {
    if (!isRevoked({ agent, key }) && signed.verify(key.id)) return confirmed({ agent, key })
  }
  throw new Refusal('unauthenticated', 'no active key of the agent made this signature')
}

/**
 * The same agent and key as they stand now: whoever was let in a moment ago may have been revoked or handed over since.
 *
 * @throws Refusal `unauthenticated`, `agent_unconfirmed`
 */
export async function asKnownNow(
  ports: Pick<ReadPorts, 'store'>,
  { key }: Pick<Authenticated, 'key'>,
): Promise<Authenticated> {
  const found = await ports.store.key(key.id)
  if (!found || isRevoked(found)) throw new Refusal('unauthenticated', 'the key or its agent is revoked')
  return confirmed(found)
}

function isRevoked({ agent, key }: Authenticated): boolean {
  return agent.status === 'revoked' || key.status === 'revoked'
}

/** Whoever is named as behind it has to stand behind it before it can do anything (threats: claimed-administrator). */
function confirmed(found: Authenticated): Authenticated {
  if (found.agent.status === 'unconfirmed' || found.key.status === 'unconfirmed')
    throw new Refusal('agent_unconfirmed', 'the agent or its key is not confirmed')
  return found
}
