import { generateKeyPairSync } from 'node:crypto'
import { keySigner } from '../../src/approvals/grants/keySigner.ts'
import type { KnownKey } from '../../src/approvals/grants/knownKeys.ts'
import { openKey, publicJwkOf, sealedKey } from '../../src/approvals/grants/openKey.ts'
import type { SigningKey } from '../../src/approvals/grants/records.ts'
import type { Signer } from '../../src/approvals/grants/signer.ts'
import { testSealer } from './testSealer.ts'

/** Where the worlds of the tests say that they are. */
export const testIssuer = 'https://countersign.test'

let made: Promise<KnownKey> | null = null

/** One key for all tests of a process: making one takes a while. */
function testKey(): Promise<KnownKey> {
  made ??= makeTestKey()
  return made
}

async function makeTestKey(): Promise<KnownKey> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  const { kid } = await publicJwkOf(publicKey)
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const open = await openKey({ id: kid, sealed: testSealer.seal(pem, sealedKey(kid)) }, testSealer)
  return { ...open, status: 'active', version: 1, since: 0 }
}

/** The row of that key, as the store of a world has it. */
export async function testKeyRow(): Promise<SigningKey> {
  const { kid, publicJwk } = await testKey()
  const at = new Date(0).toISOString()
  return { id: kid, version: 1, status: 'active', publicJwk, sealed: 'sealed', createdAt: at, since: at }
}

/** Signs as the real one does, with a key that is the active one for ever. */
export const testSigner: Signer = keySigner(
  {
    async find(fits) {
      const key = await testKey()
      return fits(key) ? key : null
    },
    published: async () => [await testKey()],
    look: async () => ({ keys: [await testKey()], unopened: [] }),
    forget: () => {},
  },
  { address: testIssuer, wrong: null },
)
