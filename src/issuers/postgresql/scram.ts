import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'

const iterations = 4_096
const keyBytes = 32

/**
 * What PostgreSQL stores of a password (RFC 5803, RFC 7677): `SCRAM-SHA-256$4096:<salt>$<StoredKey>:<ServerKey>`. Made here, so that
 * the password itself never travels to the server and never gets into its log. A verifier that is not exactly of this form would be
 * taken for a plain password; a test logs in with one. The password has to be ASCII: nothing is prepared (RFC 4013).
 */
export async function scramVerifier(password: string, salt: Buffer = randomBytes(16)): Promise<string> {
  const salted = await promisify(pbkdf2)(password, salt, iterations, keyBytes, 'sha256')
  const keyed = (word: string) => createHmac('sha256', salted).update(word).digest()
  const stored = createHash('sha256').update(keyed('Client Key')).digest('base64')
  const server = keyed('Server Key').toString('base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${stored}:${server}`
}
