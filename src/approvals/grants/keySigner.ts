import { CompactSign, compactVerify, decodeProtectedHeader } from 'jose'
import { canonical } from '../../core/canonical.ts'
import type { JsonObject } from '../../core/json.ts'
import { Refusal } from '../../core/refusal.ts'
import type { VersionRead } from '../change.ts'
import type { KnownKey, KnownKeys } from './knownKeys.ts'
import { algorithm } from './openKey.ts'
import type { Signer } from './signer.ts'

/**
 * Signs with the keys of the database. Both signing and verifying are WebCrypto's, which does them in threads of their own.
 * Whatever it does not find in what it knows it looks for in the database before it says no.
 */
export function keySigner(
  keys: KnownKeys,
  issuer: { readonly address: string; readonly wrong: string | null },
): Signer {
  const refuseWithoutIssuer = () => {
    if (issuer.wrong !== null)
      throw new Refusal('not_ready', `${issuer.address} cannot be the issuer of grants: ${issuer.wrong}`)
  }
  return {
    issuer: issuer.address,
    async signsWith() {
      refuseWithoutIssuer()
      const active = await keys.find(({ status }) => status === 'active')
      if (!active) throw new Refusal('not_ready', 'there is no active signing key that this process can open')
      return active.kid
    },
    async sign(claims, { kid, typ }) {
      refuseWithoutIssuer()
      const key = await keys.find((one) => one.kid === kid && maySign(one, claims))
      if (!key)
        throw new Refusal('not_ready', `the signing key ${kid} signs nothing new, or cannot be opened`)
      return new CompactSign(Buffer.from(canonical(claims)))
        .setProtectedHeader({ alg: algorithm, typ, kid })
        .sign(key.signs)
    },
    async keyRead(kid) {
      const key = await keys.find((one) => one.kid === kid)
      if (!key) throw new Refusal('not_ready', `the signing key ${kid} is gone, or cannot be opened`)
      return readOf(key)
    },
    forget: keys.forget,
    async read(token) {
      const kid = kidOf(token)
      const key = kid === null ? null : await keys.find((one) => one.kid === kid)
      return key && verified(token, key)
    },
    async jwks() {
      refuseWithoutIssuer()
      return { keys: (await keys.published()).map(({ publicJwk }) => publicJwk) }
    },
  }
}

/** Milliseconds for which somebody may have signed with a key before they heard that it is retired. */
const mostLagMs = 10_000

/** What a retired key signs is only what it has signed before: the same token for whoever has lost the answer. */
function maySign({ status, since }: KnownKey, { iat }: JsonObject): boolean {
  if (status === 'next') return false
  return status === 'active' || (typeof iat === 'number' && iat * 1_000 <= since + mostLagMs)
}

function kidOf(token: string): string | null {
  try {
    return decodeProtectedHeader(token).kid ?? null
  } catch {
    return null // not even a header
  }
}

function readOf({ kid, version }: KnownKey): VersionRead {
  return { id: kid, version }
}

async function verified(token: string, key: KnownKey): ReturnType<Signer['read']> {
  try {
    const { payload } = await compactVerify(token, key.verifies, { algorithms: [algorithm] })
    const claims: unknown = JSON.parse(Buffer.from(payload).toString('utf8'))
    const isObject = typeof claims === 'object' && claims !== null && !Array.isArray(claims)
    return isObject ? { signedBy: readOf(key), claims: claims as JsonObject } : null // what JSON.parse makes of an object
  } catch {
    return null // whatever is wrong with it: not signed by this key, or not what we sign
  }
}
