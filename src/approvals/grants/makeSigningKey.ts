import { createPublicKey } from 'node:crypto'
import type { Ports } from '../ports.ts'
import { publicJwkOf, sealedKey } from './openKey.ts'
import type { SigningKey } from './records.ts'

/** A new key; its private part leaves this function only sealed. */
export async function makeSigningKey(
  { sealer, clock, ids }: Pick<Ports, 'sealer' | 'clock' | 'ids'>,
  status: SigningKey['status'],
): Promise<SigningKey> {
  const { pem } = await typeable(ids)
  return sealedSigningKey({ sealer, clock }, pem, status)
}

/** The record of a private key in PKCS#8 PEM. */
export async function sealedSigningKey(
  { sealer, clock }: Pick<Ports, 'sealer' | 'clock'>,
  pem: string,
  status: SigningKey['status'],
): Promise<SigningKey> {
  const publicJwk = await publicJwkOf(createPublicKey(pem))
  const id = publicJwk.kid
  const at = clock().toISOString()
  return {
    id,
    version: 1,
    status,
    publicJwk,
    sealed: sealer.seal(pem, sealedKey(id)),
    createdAt: at,
    since: at,
  }
}

/** Whether a command can name it. */
export function isTypeable(kid: string): boolean {
  return !kid.startsWith('-')
}

/** One in 64 thumbprints begins with a hyphen, and a command would take it for an option: such a key is made again. */
async function typeable({ rsaKey }: Pick<Ports['ids'], 'rsaKey'>) {
  for (;;) {
    const pem = await rsaKey()
    const publicJwk = await publicJwkOf(createPublicKey(pem))
    if (isTypeable(publicJwk.kid)) return { pem }
  }
}
