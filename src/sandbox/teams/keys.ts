/** The keys that sign what Teams sends an app, and those of Entra, which sign nothing of the kind. */
import { randomBytes } from 'node:crypto'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'

export interface SigningKey {
  readonly kid: string
  readonly publicJwk: Readonly<Record<string, unknown>>
  readonly endorsements: readonly string[]
  readonly privateKey: CryptoKey
}

export interface KeySet {
  /** As `/v1/.well-known/keys` answers: what counts now. */
  published(): Promise<{ readonly keys: readonly Readonly<Record<string, unknown>>[] }>
  /** The key that signs now. */
  current(): Promise<SigningKey>
  /** Another key signs from now on; the ones before are published on, unless they are withdrawn. */
  rotate(how?: {
    readonly withdraw?: boolean
    readonly endorsements?: readonly string[]
  }): Promise<SigningKey>
}

/** The first key is made when it is first needed: that takes a moment. */
export function createKeySet(endorsements: readonly string[]): KeySet {
  let made: Promise<readonly SigningKey[]> | null = null
  const all = () => {
    made ??= makeKey(endorsements).then((key) => [key])
    return made
  }
  return {
    async published() {
      const keys = (await all()).map((key) => ({
        ...key.publicJwk,
        kid: key.kid,
        use: 'sig',
        alg: 'RS256',
        ...(key.endorsements.length > 0 && { endorsements: key.endorsements }),
      }))
      return { keys }
    },
    async current() {
      const key = (await all()).at(-1)
      if (key === undefined) throw new Error('the key set is empty')
      return key
    },
    async rotate(how = {}) {
      const before = await all()
      const next = await makeKey(how.endorsements ?? endorsements)
      made = Promise.resolve([...(how.withdraw ? [] : before), next])
      return next
    },
  }
}

/** A token with exactly these claims. */
export function signToken(key: Pick<SigningKey, 'kid' | 'privateKey'>, claims: JWTPayload): Promise<string> {
  const head = { alg: 'RS256', kid: key.kid, typ: 'JWT' }
  return new SignJWT(claims).setProtectedHeader(head).sign(key.privateKey)
}

/** What the connector says of itself in a token: for the app `audience`, from `serviceUrl`. `at` in milliseconds. */
export function connectorClaims(of: {
  readonly issuer: string
  readonly audience: string
  readonly serviceUrl: string
  readonly at: number
}): JWTPayload {
  const seconds = Math.floor(of.at / 1_000)
  return {
    iss: of.issuer,
    aud: of.audience,
    serviceurl: of.serviceUrl,
    nbf: seconds - 300,
    exp: seconds + 3_600,
  }
}

async function makeKey(endorsements: readonly string[]): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true })
  const kid = randomBytes(16).toString('base64url')
  return { kid, publicJwk: { ...(await exportJWK(publicKey)) }, endorsements, privateKey }
}
