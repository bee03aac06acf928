import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { Refusal } from '../../core/refusal.ts'

const bits = { least: 2_048, most: 8_192 } as const
/** F4: what verifiers take everywhere. */
const exponent = 65_537n

const makeOne = 'openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out key.pem'

/** How files that hold something else begin, and what makes them what is wanted. */
const others: readonly (readonly [RegExp, string])[] = [
  [
    /^-----BEGIN ENCRYPTED PRIVATE KEY-----/,
    'It is encrypted. Decrypt it: openssl pkey -in FILE -out key.pem',
  ],
  [
    /^-----BEGIN RSA PRIVATE KEY-----/,
    'It is PKCS#1. Make PKCS#8 of it: openssl pkcs8 -topk8 -nocrypt -in FILE -out key.pem',
  ],
  [
    /^-----BEGIN (?:EC|DSA|OPENSSH) PRIVATE KEY-----/,
    `It is no RSA key in PKCS#8, and grants are signed with RS256. Make one: ${makeOne}`,
  ],
  [/^-----BEGIN (?:RSA )?PUBLIC KEY-----/, 'It is a public key. Name the file that has the private one.'],
  [/^-----BEGIN CERTIFICATE-----/, 'It is a certificate. Name the file that has its private key.'],
]

/**
 * The private key in a file that an operator gives: PKCS#8 in PEM, or one JWK (RFC 7517), for RS256 (RFC 7518, 3.3). Resolves to it in PKCS#8
 * PEM.
 *
 * @throws Refusal `invalid_request` with what is wrong and what helps; nothing of the text is repeated
 */
export function givenKey(text: string): string {
  const written = text.trim()
  const other = others.find(([begins]) => begins.test(written))
  if (other) throw refused(other[1])
  const key = written.startsWith('{') ? fromJwk(written) : fromPem(written)
  expectFit(key)
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}

function fromPem(text: string): KeyObject {
  if (!/^-----BEGIN PRIVATE KEY-----/.test(text))
    throw refused(`It is neither PKCS#8 in PEM (-----BEGIN PRIVATE KEY-----) nor a JWK. Make one: ${makeOne}`)
  return opened(() => createPrivateKey({ key: text, format: 'pem', type: 'pkcs8' }))
}

function fromJwk(text: string): KeyObject {
  const jwk = objectIn(text)
  if ('keys' in jwk) throw refused('It is a set of keys. Give one key of it, in a file of its own.')
  if (jwk.kty !== 'RSA')
    throw refused(`Its kty is not RSA, and grants are signed with RS256. Make one: ${makeOne}`)
  if (typeof jwk.d !== 'string')
    throw refused('It is a public key. Name the file that has the private one, with its d.')
  if ((jwk.alg ?? 'RS256') !== 'RS256')
    throw refused('Its alg is not RS256. Give a key that is for RS256 alone.')
  if ((jwk.use ?? 'sig') !== 'sig') throw refused('Its use is not sig. Give a key that is for signing alone.')
  if (jwk.key_ops !== undefined && !(Array.isArray(jwk.key_ops) && jwk.key_ops.includes('sign')))
    throw refused('Its key_ops do not have sign. Give a key that is for signing.')
  return opened(() => createPrivateKey({ key: jwk, format: 'jwk' }))
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch {} // its fault may repeat the text
  throw refused('It is no JSON that could be a JWK.')
}

function opened(open: () => KeyObject): KeyObject {
  try {
    return open()
  } catch {
    throw refused('It is damaged, or not all of a private key: a JWK needs n, e, d, p, q, dp, dq and qi.')
  }
}

function expectFit(key: KeyObject): void {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details = {} } = key
  if (type !== 'rsa') throw refused(`It is no RSA key for RS256. Make one: ${makeOne}`)
  const { modulusLength = 0, publicExponent } = details
  if (modulusLength < bits.least || modulusLength > bits.most)
    throw refused(
      `It has ${modulusLength} bits, and ${bits.least} to ${bits.most} are taken. Make one: ${makeOne}`,
    )
  if (publicExponent !== exponent)
    throw refused(`Its public exponent is not ${exponent}. Make one: ${makeOne}`)
  const probe = Buffer.from('countersign')
  // What does not belong together signs all the same, and nobody would believe it.
  const signature = signed(probe, key)
  if (signature === null || !verify('sha256', probe, createPublicKey(key), signature))
    throw refused('It is damaged: what it signs does not verify.')
}

function signed(probe: Buffer, key: KeyObject): Buffer | null {
  try {
    return sign('sha256', probe, key)
  } catch {
    return null // its numbers do not belong together
  }
}

function refused(detail: string): Refusal {
  return new Refusal('invalid_request', 'a file without a key that can sign grants', [
    { pointer: '/file', detail },
  ])
}
