import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import type { Provider } from '../../src/oidc/readProviders.ts'

/** An identity provider of tests: it signs, and publishes its keys as a document. */
export interface TestProvider {
  /** How Countersign is told about it: Alice and Bob are known, the agent of the test worlds may relay. */
  readonly provider: Provider
  /** What stands at the address of its keys. */
  document(): string
  /** The next tokens are signed by another key; the one before is published as long as it is kept. */
  rotate(keep?: boolean): Promise<void>
  /** A token for Alice, a minute after she signed in, but for what is said otherwise. Null takes a claim away. */
  token(
    claims?: Readonly<Record<string, unknown>>,
    header?: Readonly<Record<string, unknown>>,
  ): Promise<string>
  /** The public key of now, as text, for whoever would use it as a secret. */
  publicKey(): string
}

export const signIns = 'https://login.example.com'
/** When tokens are issued, in seconds: a minute before test clocks begin. */
export const issuedAt = Date.parse('2026-11-24T13:59:00.000Z') / 1_000

export async function testProvider(issuer = signIns): Promise<TestProvider> {
  let made = 0
  const keys: { readonly kid: string; readonly jwk: object; readonly sign: CryptoKey }[] = []
  const make = async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256')
    made += 1
    keys.unshift({ kid: `key-${made}`, jwk: await exportJWK(publicKey), sign: privateKey })
  }
  await make()
  const now = () => {
    const [key] = keys
    if (!key) throw new Error('a provider has a key')
    return key
  }
  return {
    provider: {
      issuer,
      keys: `${issuer}/keys`,
      algorithms: ['ES256'],
      maxAgeSeconds: 3_600,
      audiences: [{ audience: 'countersign', agents: ['billing-agent'], clients: ['portal'] }],
      people: { 'sub-alice': 'U0ALICE', 'sub-bob': 'U0BOB', 'sub-gone': 'U0GONE' },
    },
    document: () =>
      JSON.stringify({ keys: keys.map(({ kid, jwk }) => ({ ...jwk, kid, use: 'sig', alg: 'ES256' })) }),
    async rotate(keep = true) {
      await make()
      if (!keep) keys.splice(1)
    },
    async token(claims = {}, header = {}) {
      const all = {
        ...{ iss: issuer, sub: 'sub-alice', aud: 'countersign', jti: `id-${made}` },
        ...{ iat: issuedAt, exp: issuedAt + 3_600 },
        ...claims,
      }
      const payload = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null))
      const { kid, sign } = now()
      return new SignJWT(payload as JWTPayload)
        .setProtectedHeader({ alg: 'ES256', kid, typ: 'JWT', ...header })
        .sign(sign)
    },
    publicKey: () => JSON.stringify(now().jwk),
  }
}
