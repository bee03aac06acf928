import { createHash, timingSafeEqual } from 'node:crypto'
import { type Grant, requestIdOf, type Spender } from '../../core/grant.ts'
import type { JsonObject } from '../../core/json.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { VersionRead } from '../change.ts'
import type { KeyOfAgent } from '../known.ts'
import { isActive } from '../people/authenticate.ts'
import type { Ports } from '../ports.ts'
import type { Resource } from './records.ts'

/** Who comes with a token: an agent by a key of its own, or a resource by its. */
export type Presenter = KeyOfAgent | { readonly resource: Resource }

/** A key that a caller has proved to hold for this call, and the token that its proof names (RFC 9449: `jkt`, `ath`). */
export interface ProvedKey {
  readonly jkt: string
  readonly ath: string | null
  /** The name of the proof, which counts once (`Change.proof`). */
  readonly name: string
}

/** A grant that one of our keys has signed, as its record has it, with a presenter that it concerns. */
export interface Presented {
  readonly request: ActionRequest
  readonly grant: Grant
  /** What the token says beside that. */
  readonly claims: JsonObject
  /** The key that signed it, as this process knows it. The commit compares. */
  readonly signedBy: VersionRead
  /** The agent as it is now, and its key: the one that comes with it, or the one that it was issued to. The commit compares. */
  readonly holder: KeyOfAgent
}

/** What is wrong with a token, for the record only: whoever sent it hears nothing of it. `request` is there where it names one. */
export interface Unpresentable {
  readonly why: TokenFault
  readonly request: ActionRequest | null
}

export type TokenFault =
  /** No token that one of our keys has signed: malformed, foreign, unsigned, of a key that is believed no more. */
  | 'not_ours'
  /** Signed by us, and no grant on record is exactly that. */
  | 'unknown'
  | 'other_agent'
  | 'other_audience'
  /** It is not the presenter's part to redeem it. */
  | 'not_to_spend'
  /** It is bound to a key that the presenter has not proved to hold. */
  | 'unproved'
  /** Its proof of that was shown before. */
  | 'proof_shown'
  | 'ended'
  | 'not_approved'
  /** The agent is revoked, or the key that it was issued to. */
  | 'holder_revoked'
  /** A stop holds it. */
  | 'stopped'
  /** It is a rollback that was redeemed before, and something else has run since on what it would undo. */
  | 'moved_on'

export function spenderOf(by: Presenter): Spender {
  return 'resource' in by ? { kind: 'resource', id: by.resource.id } : { kind: 'agent', id: by.agent.id }
}

/**
 * The grant that a token carries, for its agent and for resources of its audience; anybody else learns nothing (threats:
 * not-authority). A signature alone makes nobody believe a token: its record has to say the same. A resource is not given what was
 * issued to somebody who is revoked by now, or by a key that has expired: whoever took their key may have it (threats: checked-at-use).
 */
export async function presentedBy(
  ports: Pick<Ports, 'signer' | 'store' | 'clock'>,
  token: string,
  by: Presenter,
): Promise<Presented | Unpresentable> {
  const read = await ports.signer.read(token)
  if (!read) return { why: 'not_ours', request: null }
  const { jti, aud, iss } = read.claims
  const id = typeof jti === 'string' ? requestIdOf(jti) : null
  const request = id === null ? null : await ports.store.request(id)
  const grant = request?.grant
  if (!request || !grant) return { why: 'unknown', request }
  const isOnRecord =
    grant.id === jti &&
    grant.audience === aud &&
    grant.issuer === iss &&
    grant.signedWith === read.signedBy.id
  if (!isOnRecord) return { why: 'unknown', request }
  const found = { request, grant, claims: read.claims, signedBy: read.signedBy }
  if (!('resource' in by))
    return request.agent.id === by.agent.id ? { ...found, holder: by } : { why: 'other_agent', request }
  if (by.resource.audience !== aud) return { why: 'other_audience', request }
  const holder = await ports.store.key(grant.askedWith)
  return holder && isActive(holder, ports.clock()) ? { ...found, holder } : { why: 'holder_revoked', request }
}

/**
 * Whether the presenter may spend it: it is their part, and the agent of a bound grant has proved its key over this token. A resource
 * has checked that proof itself: what it was sent was made for its address, not for ours.
 */
export function faultOfSpender(
  { grant, request }: Presented,
  {
    by,
    token,
    proved,
  }: { readonly by: Presenter; readonly token: string; readonly proved: ProvedKey | null },
): Unpresentable | null {
  if (spenderOf(by).kind !== grant.spentBy) return { why: 'not_to_spend', request }
  if (grant.jkt === null || 'resource' in by) return null
  const isProved = proved?.jkt === grant.jkt && proved.ath !== null && isHashOf(proved.ath, token)
  return isProved ? null : { why: 'unproved', request }
}

function isHashOf(ath: string, token: string): boolean {
  const hash = createHash('sha256').update(token).digest()
  const named = Buffer.from(ath, 'base64url')
  return named.length === hash.length && timingSafeEqual(named, hash)
}
