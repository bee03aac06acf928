import type { Grant } from './grant.ts'
import { grantSubject } from './grantSubject.ts'
import type { AccountKey } from './identity.ts'
import type { JsonObject } from './json.ts'
import type { ActionRequest } from './request.ts'

/** The `type` of our authorization details (RFC 9396). */
export const authorizationType = 'urn:countersign:action:v1'

/** Every claim that a token of ours may have, as discovery tells it (OpenID Connect Discovery 1.0, 3: `claims_supported`). */
export const claimNames = [
  ...(['iss', 'sub', 'aud', 'iat', 'nbf', 'exp', 'jti', 'txn', 'client_id', 'act'] as const),
  ...(['authorization_details', 'cnf', 'approval_id', 'action_hash', 'action_type', 'resource'] as const),
  ...(['resource_type', 'environment', 'approvers', 'break_glass', 'approved_at', 'policy'] as const),
] as const

/**
 * What the token of a grant says (docs/grants.md#claims): RFC 7519 and 9068, `act` of RFC 8693, `authorization_details` of
 * RFC 9396, `cnf` of RFC 9449, and the key facts again as flat claims, because proxies compare those most simply. The same
 * request and grant give the same claims for as long as the request is `approved`: nothing is in them that could change until
 * then. Parameters, reasons, names and addresses are not in them; the digest binds the whole action.
 */
export function grantClaims(request: ActionRequest, grant: Grant): JsonObject {
  const { action, digest, agent, verdict } = request
  const agentName = `agent:${agent.name}`
  const issuedAt = secondsOf(grant.issuedAt)
  return {
    iss: grant.issuer,
    sub: grantSubject(action),
    aud: grant.audience,
    iat: issuedAt,
    nbf: issuedAt,
    exp: secondsOf(grant.expiresAt),
    jti: grant.id,
    txn: request.id,
    client_id: agentName,
    act: { sub: agentName, iss: grant.issuer, sub_profile: 'ai_agent' },
    authorization_details: [
      {
        type: authorizationType,
        actions: [action.action],
        locations: [action.resource.id],
        datatypes: [action.resource.type],
        identifier: request.id,
        environment: action.environment,
        action_hash: digest,
      },
    ],
    ...(grant.jkt !== null && { cnf: { jkt: grant.jkt } }),
    approval_id: request.id,
    action_hash: digest,
    action_type: action.action,
    resource: action.resource.id,
    resource_type: action.resource.type,
    environment: action.environment,
    approvers: [...approversOf(request)],
    ...(request.brokenGlass && { break_glass: true }),
    approved_at: secondsOf(request.settledAt ?? request.createdAt),
    policy: verdict.policy,
  }
}

/** The header's `typ`, by which a verifier of one profile refuses the other (RFC 8725, 3.11). */
export function typOf({ profile }: Pick<Grant, 'profile'>): string {
  return profile === 'id' ? 'JWT' : 'at+jwt'
}

/** The accounts whose approvals count, in their order; whoever broke the glass let it through alone. */
function approversOf({ decisions, brokenGlass }: ActionRequest): readonly AccountKey[] {
  if (brokenGlass) return [brokenGlass.account]
  return decisions.filter(({ kind, ended }) => kind === 'approve' && !ended).map(({ account }) => account)
}

function secondsOf(time: string): number {
  return Math.floor(Date.parse(time) / 1_000)
}
