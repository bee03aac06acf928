/** The `type` of the one entry of `authorization_details` in a grant (RFC 9396, 2): the approved action, as we describe it. */
export const actionDetailType = 'countersign_action'

/** What tokens of ours can say, as discovery tells it (OpenID Connect Discovery 1.0, 3: `claims_supported`). */
export const claimNames = ['iss', 'sub', 'aud', 'iat', 'nbf', 'exp', 'jti'] as const
