import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import { type Sealer, SealFault } from '../approvals/sealer.ts'
import type { InstallationSecret } from './secretFile.ts'

const form = 'v1'
const nonceBytes = 12
const tagBytes = 16

/**
 * AES-256-GCM under a key derived from COUNTERSIGN_SECRET, one for each purpose, with the row as additional data: what was sealed for
 * one row opens for no other. `v1.<base64url of nonce, ciphertext and tag>`.
 */
export function sealWith(secret: InstallationSecret): Sealer {
  const keyFor = (purpose: string) => secret.derive(`seal:${purpose}`)
  return {
    codeFor: ({ purpose, row }) =>
      readable(
        createHmac('sha256', secret.derive(`code:${purpose}`))
          .update(row)
          .digest(),
      ),
    seal(text, { purpose, row }) {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', keyFor(purpose), nonce).setAAD(Buffer.from(row))
      const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return `${form}.${sealed.toString('base64url')}`
    },
    open(sealed, { purpose, row }) {
      const [version, rest, ...more] = sealed.split('.')
      const bytes = Buffer.from(rest ?? '', 'base64url')
      if (version !== form || more.length > 0 || bytes.length < nonceBytes + tagBytes)
        throw new SealFault({ purpose, row })
      const decipher = createDecipheriv('aes-256-gcm', keyFor(purpose), bytes.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
      })
      decipher.setAAD(Buffer.from(row))
      decipher.setAuthTag(bytes.subarray(-tagBytes))
      try {
        return (
          decipher.update(bytes.subarray(nonceBytes, -tagBytes), undefined, 'utf8') + decipher.final('utf8')
        )
      } catch (cause) {
        throw new SealFault({ purpose, row }, cause)
      }
    },
  }
}

/** 32 characters of which none is taken for another (RFC 4648, 6), in lower case. */
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'

/** Five groups of five: 32 divides 256, so that each character is as likely as any other. */
function readable(bytes: Buffer): string {
  const characters = [...bytes.subarray(0, 25)].map((byte) => alphabet[byte % alphabet.length] ?? '')
  return [0, 5, 10, 15, 20].map((at) => characters.slice(at, at + 5).join('')).join('-')
}
