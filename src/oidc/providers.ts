import { createHash } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose'
import { type IdentityProviders, idTokenPointer, type SignIn } from '../approvals/people/signIn.ts'
import { Refusal } from '../core/refusal.ts'
import type { AgeClock } from '../lifetime/ageClock.ts'
import { createKeySet, type KeySet, KeysUnknown, type ReadDocument } from './keySet.ts'
import type { Audience, Provider } from './readProviders.ts'

/** Seconds by which clocks may differ. */
const leeway = 30

/**
 * Believes ID tokens of the providers that the operator has configured (OpenID Connect Core 1.0, 3.1.3.7): signed by a key that the
 * provider publishes, for an audience that the agent who relays it may relay, lately. Whose account it is says the operator, by issuer and
 * subject; an address in a token says nothing.
 */
export function identityProviders(
  configured: readonly Provider[],
  by: { readonly read: ReadDocument; readonly ages: AgeClock },
): IdentityProviders {
  const all = new Map(
    configured.map((provider) => [
      provider.issuer,
      { provider, keys: createKeySet(provider.keys, by.read, by.ages) },
    ]),
  )
  return {
    async signIn(token, asked) {
      const found = all.get(issuerOf(token))
      if (!found) throw refused('of an issuer that is not configured', 'This server believes no such issuer.')
      const { provider, keys } = found
      const audiences = provider.audiences.filter(({ agents }) => agents.includes(asked.agent))
      if (audiences.length === 0) throw refused('relayed by an agent that may relay none', says.audience)
      try {
        return await verified(token, { provider, keys, audiences, at: asked.at })
      } catch (error) {
        throw refusalOf(error)
      }
    },
    knowing(account) {
      const id = account.split(':').at(-1) ?? ''
      return configured.flatMap(({ issuer, people }) => (Object.values(people).includes(id) ? [issuer] : []))
    },
  }
}

/** What is said of each, to whoever sent the token; never what stands in it. */
const says = {
  audience:
    'The token is not made for this agent: get one for the audience that whoever runs this server has given it.',
  form: 'This is no signed ID token.',
  key: 'The token is signed by a key that its provider does not publish.',
  signature: 'The signature of the token is wrong.',
  algorithm: 'The token is signed by an algorithm that is not accepted of its provider.',
  over: 'The token is over: let the person sign in again.',
  old: 'The person signed in too long ago: let them sign in again.',
  time: 'The token is from the future: set the clock of whoever issued it.',
  client: 'The token was asked for by another client than may ask for it.',
  claims: 'The token lacks a claim that it needs, or has one of the wrong form: sub, iat, exp, aud.',
} as const

interface Believing {
  readonly provider: Provider
  readonly keys: KeySet
  /** Those of the agent. */
  readonly audiences: readonly Audience[]
  readonly at: Date
}

async function verified(token: string, { provider, keys, audiences, at }: Believing): Promise<SignIn> {
  // What an access token says is for somebody else (RFC 9068, 2.1).
  const { typ } = decodeProtectedHeader(token)
  if (typ !== undefined && typ.toUpperCase() !== 'JWT') throw refused('another type of token', says.form)
  const { payload } = await jwtVerify(token, keys.keyFor, {
    issuer: provider.issuer,
    audience: audiences.map(({ audience }) => audience),
    algorithms: [...provider.algorithms],
    requiredClaims: ['sub', 'iat', 'exp'],
    clockTolerance: leeway,
    maxTokenAge: provider.maxAgeSeconds,
    currentDate: at,
  })
  const { sub, iat } = payload
  if (typeof sub !== 'string' || sub === '' || sub.length > 255 || iat === undefined)
    throw refused('sub of the wrong form', says.claims)
  refuseOtherClient(payload, audiences)
  const signedIn = signedInAt(payload, iat)
  if (signedIn > iat + leeway) throw refused('auth_time after iat', says.claims)
  if (at.getTime() / 1_000 - signedIn > provider.maxAgeSeconds + leeway)
    throw refused('signed in too long ago', says.old)
  const account = Object.hasOwn(provider.people, sub) ? provider.people[sub] : undefined
  return {
    issuer: provider.issuer,
    subject: sub,
    at: new Date(signedIn * 1_000).toISOString(),
    issuedAt: new Date(iat * 1_000).toISOString(),
    token: nameOf(token, payload),
    address: account === undefined ? null : `slack:${account}`,
  }
}

/** When the person signed in; a provider that does not say it has issued the token then (OpenID Connect Core 1.0, 2). */
function signedInAt({ auth_time: said }: JWTPayload, iat: number): number {
  if (said === undefined) return iat
  if (typeof said !== 'number' || !Number.isFinite(said) || said <= 0)
    throw refused('auth_time of the wrong form', says.claims)
  return said
}

/** Where a token is for several, or another client asked for it, that one has to be known. */
function refuseOtherClient({ aud = [], azp }: JWTPayload, audiences: readonly Audience[]): void {
  const named = [aud].flat()
  const ours = audiences.filter(({ audience }) => named.includes(audience))
  const clients = ours.flatMap(({ audience, clients }) => [audience, ...clients])
  const isMissing = azp === undefined && named.length > 1
  const isOther = azp !== undefined && (typeof azp !== 'string' || !clients.includes(azp))
  if (isMissing || isOther) throw refused('azp is missing or unknown', says.client)
}

/** Of one without an id, by all of it. */
function nameOf(token: string, { iss = '', jti }: JWTPayload): string {
  const named = typeof jti === 'string' ? JSON.stringify([iss, jti]) : token
  return createHash('sha256').update(named).digest('hex')
}

/** Before anything of it is believed: whose keys are to be asked. */
function issuerOf(token: string): string {
  try {
    return decodeJwt(token).iss ?? ''
  } catch {
    throw refused('not a token', says.form)
  }
}

function refused(detail: string, told: string): Refusal {
  return new Refusal('id_token_refused', `an ID token: ${detail}`, [
    { pointer: idTokenPointer, detail: told },
  ])
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof KeysUnknown)
    return new Refusal('id_token_unchecked', `keys of an identity provider: ${error.message}`)
  return refused(error instanceof Error ? error.message : 'not verified', toldOf(error))
}

function toldOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return error.claim === 'iat' ? says.old : says.over
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'aud') return says.audience
    return ['nbf', 'iat'].includes(error.claim) && error.reason === 'check_failed' ? says.time : says.claims
  }
  if (error instanceof errors.JOSEAlgNotAllowed) return says.algorithm
  if (error instanceof errors.JWSSignatureVerificationFailed) return says.signature
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
    return says.key
  return says.form
}
