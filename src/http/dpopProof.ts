import { createHash } from 'node:crypto'
import { calculateJwkThumbprint, EmbeddedJWK, errors, jwtVerify } from 'jose'
import { z } from 'zod'
import type { KeyProof } from '../approvals/grants/newGrant.ts'
import { Refusal } from '../core/refusal.ts'
import { headerOf, type ReceivedCall } from './call.ts'

/** As openapi.json has it. */
export const dpopHeader = z
  .string()
  .optional()
  .describe('A proof of a key that the token is to be bound to (RFC 9449).')

/** Seconds by which a proof may be older or newer than our clock. */
const freshSeconds = 60
const longestProof = 8_000
const longestName = 255

/** What clients sign with: asymmetric, as RFC 9449, 4.3 wants. */
const algorithms = ['ES256', 'ES384', 'PS256', 'RS256', 'EdDSA', 'Ed25519']

/**
 * The key that the caller proves to hold (RFC 9449, 4.3), or null when it sends no proof. Its `jti` counts once: whoever commits
 * something by it names it there, and so one replica cannot be shown what another has seen (threats: replay). `ath` is the
 * digest of the token that it was made for, where it names one.
 *
 * @throws Refusal `invalid_dpop_proof`, whatever is wrong with it
 */
export async function proofIn(
  call: Pick<ReceivedCall, 'headers'>,
  here: { readonly url: string; readonly now: Date },
): Promise<(KeyProof & { readonly ath: string | null }) | null> {
  const proof = headerOf(call, 'dpop')
  if (proof === undefined) return null
  if (proof.length > longestProof) throw invalid('it is too long')
  const { payload, protectedHeader } = await verified(proof, here.now)
  const { jti, htm, htu, iat, ath } = payload
  if (typeof jti !== 'string' || jti === '' || jti.length > longestName) throw invalid('it has no name')
  if (htm !== 'POST' || addressIn(htu) !== addressIn(here.url)) throw invalid('it is for another call')
  const ageSeconds = here.now.getTime() / 1_000 - (iat ?? Number.NEGATIVE_INFINITY)
  if (Math.abs(ageSeconds) > freshSeconds) throw invalid('it is not of now')
  const { jwk } = protectedHeader
  if (jwk === undefined) throw invalid('it names no key')
  const jkt = await calculateJwkThumbprint(jwk)
  return {
    jkt,
    ath: typeof ath === 'string' ? ath : null,
    name: `dpop ${jkt} ${createHash('sha256').update(jti).digest('hex')}`,
  }
}

async function verified(proof: string, now: Date) {
  try {
    return await jwtVerify(proof, EmbeddedJWK, { typ: 'dpop+jwt', algorithms, currentDate: now })
  } catch (fault) {
    if (fault instanceof errors.JOSEError || fault instanceof TypeError) throw invalid(fault.message)
    throw invalid('it cannot be verified')
  }
}

/** Without what a proof leaves out (RFC 9449, 4.3: query and fragment), as the URL Standard spells it. */
function addressIn(htu: unknown): string | null {
  if (typeof htu !== 'string' || !URL.canParse(htu)) return null
  const { origin, pathname } = new URL(htu)
  return origin + pathname
}

function invalid(why: string): Refusal {
  return new Refusal('invalid_dpop_proof', `a DPoP proof that proves nothing: ${why}`)
}
