import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWTHeaderParameters, SignJWT } from 'jose'

/** A key of an agent, and the proofs that it holds it, as a client of RFC 9449 makes them. */
export async function proofKey() {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = await exportJWK(publicKey)
  let made = 0
  return {
    jkt: await calculateJwkThumbprint(jwk),
    /** A proof for a call now (seconds since 1970), with anything about it changed. */
    async proof(
      url: string,
      now: Date,
      change: {
        readonly claims?: Record<string, unknown>
        readonly header?: Partial<JWTHeaderParameters>
      } = {},
    ): Promise<string> {
      made += 1
      const claims = {
        jti: `proof-${made}`,
        htm: 'POST',
        htu: url,
        iat: Math.floor(now.getTime() / 1_000),
        ...change.claims,
      }
      return new SignJWT(claims)
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk, ...change.header })
        .sign(privateKey)
    },
  }
}
