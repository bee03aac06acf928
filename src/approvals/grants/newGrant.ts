import { type Grant, grantIdOf, longestGrantSeconds } from '../../core/grant.ts'
import { grantClaims, typOf } from '../../core/grantClaims.ts'
import type { JsonObject } from '../../core/json.ts'
import { Refusal } from '../../core/refusal.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { GrantTerms } from '../../core/requirement.ts'
import type { NewEntry } from '../../ledger/entry.ts'
import { audienceFor } from '../../policy/audiences.ts'
import type { Bundle } from '../../policy/bundle.ts'
import { joinGrants } from '../../policy/join.ts'
import { requestEntry } from '../newEntry.ts'
import type { Ports } from '../ports.ts'

/** What an agent asks for in a grant. */
export interface GrantWish {
  /** Null: the one that policy has for the type of resource. */
  readonly audience: string | null
  /** The key that the agent has proved to hold (RFC 9449); null where it has not: then the token alone is enough. */
  readonly proof: KeyProof | null
}

export interface KeyProof {
  /** The thumbprint of the key (RFC 7638). */
  readonly jkt: string
  /** The name of this one proof: it counts once, whichever replica it is shown to (`Change.proof`). */
  readonly name: string
}

/** Who asked for it: the id of their key. */
type AskedWith = Pick<Grant, 'askedWith'>

/**
 * How long the agent has for its grant, and how long that lives: as the requirement says for life, within the floor of now, because
 * later policy can stop and never loosen. What policy allowed by itself goes by the defaults of now.
 */
export function termsOf(
  { requirement, brokenGlass }: Pick<ActionRequest, 'requirement' | 'brokenGlass'>,
  { defaults, floor }: Pick<Bundle, 'defaults' | 'floor'>,
): GrantTerms {
  const asked = brokenGlass ? requirement?.breakGlass?.grant : requirement?.grant
  const { ttlSeconds, ...rest } = joinGrants([asked ?? defaults.grant], floor)
  return { ...rest, ttlSeconds: Math.min(ttlSeconds, longestGrantSeconds) }
}

/**
 * The grant of an approved request, as it will be stored.
 *
 * @throws Refusal `unknown_audience`, `not_ready` when nothing can be signed
 */
export async function newGrant(
  ports: Pick<Ports, 'signer' | 'clock'>,
  { request, bundle }: { readonly request: ActionRequest; readonly bundle: Bundle },
  { audience: wanted, proof, askedWith }: GrantWish & AskedWith,
): Promise<Grant> {
  const { issuer } = ports.signer
  const resourceType = request.action.resource.type
  const audience = audienceFor(bundle, { resourceType, wanted, own: issuer })
  if (!audience) throw new Refusal('unknown_audience', 'an audience that the policy does not have')
  const issuedAt = Math.floor(ports.clock().getTime() / 1_000)
  const { ttlSeconds } = termsOf(request, bundle)
  return {
    id: grantIdOf(request.id),
    audience: audience.id,
    profile: audience.profile,
    issuer,
    signedWith: await ports.signer.signsWith(),
    askedWith,
    jkt: proof?.jkt ?? null,
    issuedAt: timeOf(issuedAt),
    expiresAt: timeOf(issuedAt + ttlSeconds),
    spentBy: audience.spentBy,
    tokenOnly: audience.tokenOnly,
    redeemed: null,
  }
}

/** Whole seconds, as the token says them. */
function timeOf(seconds: number): string {
  return new Date(seconds * 1_000).toISOString()
}

/** The token of a grant: signed again each time, and the same each time. @throws Refusal `not_ready` */
export function tokenOf(
  { signer }: Pick<Ports, 'signer'>,
  request: ActionRequest,
  grant: Grant,
): Promise<string> {
  return signer.sign(grantClaims(request, grant), { kid: grant.signedWith, typ: typOf(grant) })
}

/** What is written down of a grant: everything but the token. */
export function grantEntry(
  ports: Ports,
  request: ActionRequest,
  { grant, type, via }: { grant: Grant; type: 'grant.issued' | 'grant.repeated'; via: string },
): NewEntry {
  return requestEntry(ports, request, {
    type,
    actor: { kind: 'agent', id: request.agent.id, via },
    data: { ...factsOf(grant) },
  })
}

function factsOf(grant: Grant): JsonObject {
  return {
    grant: grant.id,
    audience: grant.audience,
    profile: grant.profile,
    spent_by: grant.spentBy,
    token_only: grant.tokenOnly,
    key: grant.askedWith,
    bound: grant.jkt !== null,
    jkt: grant.jkt,
    signed_with: grant.signedWith,
    issued_at: grant.issuedAt,
    expires_at: grant.expiresAt,
  }
}
