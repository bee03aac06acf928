import { createHash, createPublicKey, verify } from 'node:crypto'
import { isNoteName, type Note } from './note.ts'

/** What a witness cosigns with (c2sp.org/tlog-cosignature, Ed25519: type 0x04). */
export interface WitnessKey {
  readonly name: string
  /** Ed25519, 32 bytes. */
  readonly publicKey: Buffer
}

const cosigned = Uint8Array.of(4)
const keyIdBytes = 4
const timeBytes = 8
const signatureBytes = 64

export function witnessKeyId({ name, publicKey }: WitnessKey): Buffer {
  return createHash('sha256')
    .update(`${name}\n`)
    .update(cosigned)
    .update(publicKey)
    .digest()
    .subarray(0, keyIdBytes)
}

/** The key of a verifier key of type 0x04, `name+key id+base64`; null when it is none, or its id is not that of its key. */
export function readWitnessKey(text: string): WitnessKey | null {
  const [, name = '', id, encoded] = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(text) ?? []
  const bytes = Buffer.from(encoded ?? '', 'base64')
  if (!isNoteName(name) || bytes.length !== 33 || bytes[0] !== cosigned[0]) return null
  const key = { name, publicKey: bytes.subarray(1) }
  return witnessKeyId(key).toString('hex') === id ? key : null
}

/** When the witness cosigned the text of the note, in seconds since 1970; null when it did not. */
export function cosignedAt({ text, signatures }: Note, key: WitnessKey): number | null {
  const id = witnessKeyId(key)
  const x = key.publicKey.toString('base64url')
  const publicKey = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } })
  for (const { name, bytes } of signatures) {
    if (name !== key.name || bytes.length !== keyIdBytes + timeBytes + signatureBytes) continue
    if (!bytes.subarray(0, keyIdBytes).equals(id)) continue
    const time = bytes.readBigUInt64BE(keyIdBytes)
    const signed = Buffer.from(`cosignature/v1\ntime ${time}\n${text}`)
    if (verify(null, signed, publicKey, bytes.subarray(keyIdBytes + timeBytes))) return Number(time)
  }
  return null
}
