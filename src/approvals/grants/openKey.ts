import { createPublicKey, type KeyObject } from 'node:crypto'
import { type CryptoKey, calculateJwkThumbprint, importJWK, importPKCS8 } from 'jose'
import type { JsonObject } from '../../core/json.ts'
import { type Sealer, SealFault } from '../sealer.ts'
import type { SigningKey } from './records.ts'

/** RFC 7518, 3.3. */
export const algorithm = 'RS256'

/** What a private key is sealed for; the row is its `kid`. */
export const sealedKey = (kid: string) => ({ purpose: 'signing-key', row: kid })

/** A key pair whose private part this process has opened. Only these sign, are published and are believed. */
export interface OpenKey {
  readonly kid: string
  readonly publicJwk: JsonObject
  readonly signs: CryptoKey
  readonly verifies: CryptoKey
}

/**
 * The public part is made from the private one and not read from the row, so that whoever can write rows, and does not have the
 * secret, cannot make us publish or believe a key of theirs.
 *
 * @throws SealFault when it does not open, or is not the key that its `kid` names
 */
export async function openKey(
  { id, sealed }: Pick<SigningKey, 'id'> & { readonly sealed: string },
  sealer: Pick<Sealer, 'open'>,
): Promise<OpenKey> {
  const about = sealedKey(id)
  const pem = sealer.open(sealed, about)
  try {
    const publicJwk = await publicJwkOf(createPublicKey(pem))
    const verifies = await importJWK(publicJwk, algorithm)
    if (publicJwk.kid !== id || verifies instanceof Uint8Array) throw new SealFault(about) // bytes: no RSA key
    return { kid: id, publicJwk, signs: await importPKCS8(pem, algorithm), verifies }
  } catch (cause) {
    throw new SealFault(about, cause)
  }
}

/** RFC 7517, as verifiers get it; `kid` is the thumbprint (RFC 7638). */
export async function publicJwkOf(key: KeyObject): Promise<JsonObject & { readonly kid: string }> {
  const { kty = '', n = '', e = '' } = key.export({ format: 'jwk' })
  return { kty, n, e, kid: await calculateJwkThumbprint({ kty, n, e }), alg: algorithm, use: 'sig' }
}
