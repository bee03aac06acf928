import { z } from 'zod'
import { giveBack } from '../approvals/grants/giveBack.ts'
import { introspect } from '../approvals/grants/introspect.ts'
import { Refusal } from '../core/refusal.ts'
import { readForm } from './body.ts'
import type { Answer, Api, Call } from './call.ts'

export const introspectionSchema = z
  .looseObject({
    active: z.boolean(),
    jti: z.string().optional().describe('The grant'),
    iss: z.string().optional(),
    aud: z.string().optional(),
    exp: z.number().optional(),
    iat: z.number().optional(),
    token_type: z.enum(['Bearer', 'DPoP']).optional(),
    request: z.string().optional(),
    digest: z.string().optional().describe('Of the action that was approved'),
  })
  .meta({ id: 'Introspection' })

/** `POST /oauth/introspect` (RFC 7662). */
export async function introspectToken(api: Api, call: Call<'agent or resource'>): Promise<Answer> {
  const found = await introspect(api.ports, { token: tokenIn(call), by: call.caller })
  if (!found) return { status: 200, body: { active: false } }
  const { claims, grant, request } = found
  const type = grant.jkt === null ? 'Bearer' : 'DPoP'
  const body = { ...claims, active: true, token_type: type, request: request.id, digest: request.digest }
  return { status: 200, body }
}

/** `POST /oauth/revoke` (RFC 7009): 200, whatever the token was. */
export async function revokeToken(api: Api, call: Call<'agent or resource'>): Promise<Answer> {
  await giveBack(api.ports, { token: tokenIn(call), by: call.caller })
  return { status: 200, body: null }
}

/** @throws Refusal `invalid_request`, and those of `readForm` */
function tokenIn(call: Call<'agent or resource'>): string {
  const token = readForm(call).get('token')
  if (token) return token
  throw new Refusal('invalid_request', 'a form without a token', [
    { pointer: '/token', detail: 'This is required.' },
  ])
}
