import { generateKeyPairSync } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK } from 'jose'

/** A private key as an operator has it. */
export interface Mine {
  readonly pem: string
  readonly jwk: Readonly<Record<string, unknown>>
  readonly kid: string
}

/** One that a command can name: its thumbprint does not begin with a hyphen. */
export async function makeMine(modulusLength = 2_048): Promise<Mine> {
  for (;;) {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength })
    const jwk = await exportJWK(privateKey)
    const kid = await calculateJwkThumbprint(jwk)
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    if (!kid.startsWith('-')) return { pem, jwk: { ...jwk }, kid }
  }
}
