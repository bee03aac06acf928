import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'

/** A text and who signed it (c2sp.org/signed-note). The text ends with a line feed; the signatures are lines after an empty one. */
export interface Note {
  readonly text: string
  readonly signatures: readonly NoteSignature[]
}

interface NoteSignature {
  readonly name: string
  /** 4 bytes of key id, then the signature. */
  readonly bytes: Buffer
}

/** What a note is verified with. */
export interface NoteKey {
  readonly name: string
  /** Ed25519, 32 bytes. */
  readonly publicKey: Buffer
}

export interface NoteSigner extends NoteKey {
  readonly privateKey: KeyObject
}

/** The type of Ed25519 in key ids and verifier keys. */
const ed25519 = Uint8Array.of(1)
const keyIdBytes = 4

/** What tells keys of one name apart: 4 bytes. */
export function noteKeyId({ name, publicKey }: NoteKey): Buffer {
  const hash = createHash('sha256').update(`${name}\n`).update(ed25519).update(publicKey)
  return hash.digest().subarray(0, keyIdBytes)
}

/** Whether a name can stand in a note: neither empty, nor with a space, line or plus sign in it. */
export function isNoteName(name: string): boolean {
  return /^[^\s+\p{Cc}]+$/u.test(name)
}

/** A verifier key, `name+key id+base64`, as verifiers are given it. */
export function verifierKey(key: NoteKey): string {
  return `${key.name}+${noteKeyId(key).toString('hex')}+${Buffer.concat([ed25519, key.publicKey]).toString('base64')}`
}

/** The key of a verifier key, or null when it is none of Ed25519, or its id is not that of its key. */
export function readVerifierKey(text: string): NoteKey | null {
  const [, name = '', id, encoded] = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(text) ?? []
  const bytes = Buffer.from(encoded ?? '', 'base64')
  if (!isNoteName(name) || bytes.length !== 33 || bytes[0] !== ed25519[0]) return null
  const key = { name, publicKey: bytes.subarray(1) }
  return noteKeyId(key).toString('hex') === id ? key : null
}

/** What signs, of a private key of Ed25519 in PEM. */
export function noteSigner(name: string, pem: string): NoteSigner {
  const privateKey = createPrivateKey(pem)
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' })
  return { name, privateKey, publicKey: Buffer.from(String(x), 'base64url') }
}

/** The text with one signature. @throws RangeError when the text does not end with a line feed */
export function signedNote(text: string, signer: NoteSigner): string {
  if (!text.endsWith('\n')) throw new RangeError('the text of a note ends with a line feed')
  const bytes = Buffer.concat([noteKeyId(signer), sign(null, Buffer.from(text), signer.privateKey)])
  return `${text}\n— ${signer.name} ${bytes.toString('base64')}\n`
}

/** A note, or null when it is not one. Nothing is verified by that. */
export function readNote(note: string): Note | null {
  const end = note.lastIndexOf('\n\n')
  if (end < 0 || !note.endsWith('\n')) return null
  const lines = note.slice(end + 2, -1).split('\n')
  const signatures = lines.map((line) => {
    const [, name, encoded] = /^— ([^\s+]+) ([A-Za-z0-9+/]+=*)$/.exec(line) ?? []
    const bytes = Buffer.from(encoded ?? '', 'base64')
    return name === undefined || bytes.length <= keyIdBytes ? null : { name, bytes }
  })
  const sound = signatures.filter((one) => one !== null)
  return sound.length === lines.length ? { text: note.slice(0, end + 1), signatures: sound } : null
}

/** Whether the key signed the text. */
export function isSignedBy({ text, signatures }: Note, key: NoteKey): boolean {
  const id = noteKeyId(key)
  const x = key.publicKey.toString('base64url')
  const publicKey = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } })
  return signatures.some(
    ({ name, bytes }) =>
      name === key.name &&
      bytes.subarray(0, keyIdBytes).equals(id) &&
      verify(null, Buffer.from(text), publicKey, bytes.subarray(keyIdBytes)),
  )
}

/** The public key as openssl reads it. */
export function publicPem({ publicKey }: NoteKey): string {
  const x = publicKey.toString('base64url')
  return createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } })
    .export({ type: 'spki', format: 'pem' })
    .toString()
}
