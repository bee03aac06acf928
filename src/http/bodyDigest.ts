import { decodeJwt } from 'jose'
import { type Digest, digestOf } from '../core/digest.ts'
import { isObject, type Json } from '../core/json.ts'

/**
 * By which a repeated call is told from another one under the same idempotency key. Whoever repeats one may have got a fresh ID token
 * meanwhile: as long as it says the same of the same person, the call is the same. Nothing of the token is believed here.
 */
export function bodyDigest(sent: Json): Digest {
  return digestOf('countersign/body/v1', { body: withoutToken(sent) })
}

function withoutToken(sent: Json): Json {
  const initiator = isObject(sent) ? sent.initiator : undefined
  if (!isObject(sent) || !isObject(initiator) || typeof initiator.id_token !== 'string') return sent
  return { ...sent, initiator: { ...initiator, id_token: whose(initiator.id_token) } }
}

function whose(token: string): Json {
  try {
    const { iss = null, sub = null } = decodeJwt(token)
    return { iss, sub }
  } catch {
    return token
  }
}
