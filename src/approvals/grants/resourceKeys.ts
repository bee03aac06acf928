import { timingSafeEqual } from 'node:crypto'
import { Refusal } from '../../core/refusal.ts'
import { hashSecret } from '../people/authenticate.ts'
import type { ReadPorts } from '../ports.ts'
import type { Resource } from './records.ts'

/** `csr_`, the resource id's suffix, `_`, 32 bytes of secret as base64url. */
const credentialPattern = /^csr_([0-9a-z]{26})_([A-Za-z0-9_-]{43})$/

/** The key of a resource: shown once, never stored. */
export function resourceCredential(id: string, secret: string): string {
  return `csr_${id.slice('rsc_'.length)}_${secret}`
}

export function isResourceCredential(bearer: string): boolean {
  return bearer.startsWith('csr_')
}

/**
 * The resource whose key it is. The secret before the last rotation counts as long as the rotation said.
 *
 * @throws Refusal `unauthenticated`, whatever is wrong: malformed, unknown, revoked, a secret that is over
 */
export async function authenticateResource(
  { store, clock }: Pick<ReadPorts, 'store' | 'clock'>,
  bearer: string,
): Promise<Resource> {
  const [, suffix, secret] = credentialPattern.exec(bearer) ?? []
  if (!suffix || !secret) throw new Refusal('unauthenticated', 'the credential does not have the form of one')
  const resource = await store.resource(`rsc_${suffix}`)
  const offered = Buffer.from(hashSecret(secret), 'hex')
  const counts = isOneOf(offered, secretsOf(resource, clock().toISOString()))
  if (!resource || !counts) throw new Refusal('unauthenticated', 'no resource with that secret')
  if (resource.status === 'revoked') throw new Refusal('unauthenticated', 'the resource is revoked')
  return resource
}

/** Two hashes always, so that neither a resource that does not exist nor one without an earlier secret is answered faster. */
function secretsOf(resource: Resource | null, now: string): readonly [string, string] {
  const earlier = resource?.earlier ?? null
  const nothing = '0'.repeat(64)
  return [resource?.secretHash ?? nothing, earlier && now < earlier.until ? earlier.secretHash : nothing]
}

function isOneOf(offered: Buffer, secrets: readonly [string, string]): boolean {
  const [now, before] = secrets.map((hash) => timingSafeEqual(offered, Buffer.from(hash, 'hex')))
  return now === true || before === true
}
