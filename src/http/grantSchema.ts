import { z } from 'zod'
import type { Minted } from '../approvals/grants/mint.ts'

const time = z.string().describe('RFC 3339, in UTC')

const audience = z.string().regex(/^[\x21-\x7e]{1,255}$/, 'This must be 1 to 255 visible ASCII characters.')

/** What an agent sends to get its grant. */
export const grantAskSchema = z
  .strictObject({
    audience: audience
      .optional()
      .describe('Which of the audiences that the policy has for the type of resource.'),
  })
  .meta({ id: 'GrantAsk' })

/** A grant with its token, as only the agent that asked for it sees it (docs/grants.md). */
export const grantSchema = z
  .object({
    id: z.string().describe('The `jti` of the token'),
    request: z.string(),
    token: z.string().describe('A JWT. Whoever has it may do what it says, once: keep it out of logs'),
    token_type: z.enum(['Bearer', 'DPoP']).describe('`DPoP` when it is bound to the key of a proof'),
    audience: z.string().describe('The `aud` of the token'),
    issued_at: time,
    expires_at: time,
    expires_in: z.number().int().describe('Seconds left'),
    spent_by: z.enum(['agent', 'resource']).describe('Who redeems it'),
  })
  .meta({ id: 'Grant' })

export type GrantBody = z.infer<typeof grantSchema>

/** With the seconds that are left now; none is less than none. */
export function presentGrant(
  { request, grant, token }: Pick<Minted, 'request' | 'grant' | 'token'>,
  now: Date,
): GrantBody {
  const left = Math.ceil((Date.parse(grant.expiresAt) - now.getTime()) / 1_000)
  return {
    id: grant.id,
    request: request.id,
    token,
    token_type: grant.jkt === null ? 'Bearer' : 'DPoP',
    audience: grant.audience,
    issued_at: grant.issuedAt,
    expires_at: grant.expiresAt,
    expires_in: Math.max(0, left),
    spent_by: grant.spentBy,
  }
}
