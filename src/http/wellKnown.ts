import { z } from 'zod'
import { algorithm } from '../approvals/grants/openKey.ts'
import { authorizationType, claimNames } from '../core/grantClaims.ts'
import type { Answer, ReadApi } from './call.ts'

/** Everybody may keep what tells them who we are: seconds in which they hear of another key. */
const forAll = { 'cache-control': 'public, max-age=300' }

/** OpenID Connect Discovery 1.0, 3, and RFC 8414: only what there is. */
export const discoverySchema = z.strictObject({
  issuer: z.string(),
  jwks_uri: z.string(),
  response_types_supported: z.array(z.string()),
  subject_types_supported: z.array(z.string()),
  id_token_signing_alg_values_supported: z.array(z.string()),
  claims_supported: z.array(z.string()),
  authorization_details_types_supported: z.array(z.string()),
  introspection_endpoint: z.string(),
  revocation_endpoint: z.string(),
})

/** RFC 7517, 5. */
export const jwksSchema = z.strictObject({
  keys: z.array(
    z.strictObject({
      kty: z.literal('RSA'),
      n: z.string(),
      e: z.string(),
      kid: z.string(),
      alg: z.literal(algorithm),
      use: z.literal('sig'),
    }),
  ),
})

/**
 * `GET /.well-known/openid-configuration`: who we are, for whoever verifies a grant. It never says what could not be trusted: while the
 * keys are not known, or our address is one that others could answer at, there is no such document.
 *
 * @throws Refusal `not_ready`, StoreUnavailable
 */
export async function getDiscovery({ ports: { signer } }: Pick<ReadApi, 'ports'>): Promise<Answer> {
  await signer.jwks()
  return { status: 200, headers: forAll, body: discoveryOf(signer.issuer) }
}

function discoveryOf(issuer: string): z.infer<typeof discoverySchema> {
  return {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    // Nothing can be asked for here; verifiers expect the two lines all the same, because the specification requires them.
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [algorithm],
    claims_supported: [...claimNames],
    authorization_details_types_supported: [authorizationType],
    introspection_endpoint: `${issuer}/oauth/introspect`,
    revocation_endpoint: `${issuer}/oauth/revoke`,
  }
}

export const discoveryExamples = {
  discovery: { summary: 'Who issues', value: discoveryOf('https://countersign.acme.test') },
}

export const jwksExamples = {
  keys: {
    summary: 'The key that signs; the next one stands beside it',
    value: {
      keys: [
        {
          kty: 'RSA',
          n: 'sXchTOkcyF6nmP3Y9-2Gk0kLDfoKZBuA0h0…',
          e: 'AQAB',
          kid: 'pQ0jv0T0y1VYw1Qf6r9cM3pK2hB7o5kXbq1n0sQmZtE',
          alg: algorithm,
          use: 'sig',
        },
      ],
    },
  },
}

/** `GET /.well-known/jwks.json`: the public keys. @throws Refusal `not_ready`, StoreUnavailable */
export async function getJwks({ ports: { signer } }: Pick<ReadApi, 'ports'>): Promise<Answer> {
  return { status: 200, headers: forAll, body: await signer.jwks() }
}
