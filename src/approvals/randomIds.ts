import { generateKeyPair, randomBytes, randomFillSync } from 'node:crypto'
import { promisify } from 'node:util'
import { typeid } from 'typeid-js'
import type { Ids } from './ids.ts'

/** TypeIDs (prefix and UUIDv7: sortable by time) and secrets from the system's random source. */
export const randomIds: Ids = {
  next: (prefix) => typeid(prefix).toString(),
  salt: () => drawn(16).toString('base64'),
  secret: () => randomBytes(32).toString('base64url'),
  rsaKey: async () => (await keyPair('rsa', rsa)).privateKey,
}

/** Made in a thread of its own. */
const keyPair = promisify(generateKeyPair)

/** Enough for tokens that live minutes, signed by keys that are replaced every few months (NIST SP 800-57 part 1, 5.6). */
const rsa = {
  modulusLength: 2_048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
} as const

/** Asking the system costs more than all the rest of a salt, so random bytes are fetched by the page. Each is used once. */
const page = Buffer.alloc(4_096)
let used = page.length

function drawn(bytes: number): Buffer {
  if (used + bytes > page.length) {
    randomFillSync(page)
    used = 0
  }
  used += bytes
  return page.subarray(used - bytes, used)
}
