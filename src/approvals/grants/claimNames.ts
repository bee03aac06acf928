/** The `type` of the one entry of `authorization_details` in a grant (RFC 9396, 2): the approved action, as we describe it. */
export const actionDetailType = 'urn:countersign:action:v1'

/** What tokens of ours can say, as discovery tells it (OpenID Connect Discovery 1.0, 3: `claims_supported`). */
export const claimNames = [
  ...(['iss', 'sub', 'aud', 'iat', 'nbf', 'exp', 'jti', 'txn', 'client_id', 'act'] as const),
  ...(['authorization_details', 'cnf', 'approval_id', 'action_hash', 'action_type', 'resource'] as const),
  ...(['resource_type', 'environment', 'approvers', 'break_glass', 'approved_at', 'policy'] as const),
] as const
