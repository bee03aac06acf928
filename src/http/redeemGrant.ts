import { z } from 'zod'
import { redeem } from '../approvals/grants/redeem.ts'
import { digestAction } from '../core/action.ts'
import type { Digest } from '../core/digest.ts'
import { Refusal } from '../core/refusal.ts'
import { readBody, shaped } from './body.ts'
import { type Answer, type Api, type Call, headerOf } from './call.ts'
import { proofIn } from './dpopProof.ts'
import { actionOf, actionSchema } from './submissionSchema.ts'

/** Longer than any token of ours. */
const longestToken = 8_000

const digestPattern = /^sha256:[0-9a-f]{64}$/
const digest = z.string().regex(digestPattern, 'This must be `sha256:` and 64 hex digits.')

/** What a spender sends (docs/grants.md#redeeming). */
export const redemptionSchema = z
  .strictObject({
    token: z.string().min(1).max(longestToken).describe('The grant.'),
    attempt: z
      .string()
      .regex(/^[\x21-\x7e]{1,255}$/, 'This must be 1 to 255 visible ASCII characters.')
      .describe('Your own name for this redemption: the same one again gets the same answer.'),
    action: actionSchema.optional().describe('What is about to run.'),
    digest: digest.optional().describe('Or its digest.'),
  })
  .refine(
    (sent) => sent.action === undefined || sent.digest === undefined,
    'Name the action or its digest, not both.',
  )
  .meta({ id: 'Redemption' })

export const redeemedSchema = z
  .object({
    id: z.string().describe('The grant: the `jti` of its token'),
    request: z.string(),
    audience: z.string(),
    digest: z.string().describe('Of the action that was approved'),
    attempt: z.string(),
    redeemed_by: z.enum(['agent', 'resource']),
    redeemed_at: z.string().describe('RFC 3339, in UTC'),
  })
  .meta({ id: 'Redeemed' })

/** Where a body cannot be sent, such as by nginx. */
export const redemptionHeaders = z.object({
  'countersign-grant': z.string().optional().describe('The token, with an empty body.'),
  'countersign-attempt': z.string().optional().describe('The attempt, with an empty body.'),
  'countersign-digest': z.string().optional().describe('The digest, with an empty body.'),
  dpop: z.string().optional().describe('The proof (RFC 9449) of the agent whose grant is bound, with `ath`.'),
})

/** `POST /v1/grants/redeem`: 200 once, and again for the same attempt. */
export async function redeemGrant(api: Api, call: Call<'agent or resource'>): Promise<Answer> {
  const { token, attempt, named } = sentIn(call)
  // Of a resource none is asked: what its agent proved was made for the resource's address.
  const here = { url: `${api.baseUrl}/v1/grants/redeem`, now: api.ports.clock() }
  const proved = 'resource' in call.caller ? null : await proofIn(call, here)
  const { request, grant } = await redeem(api.ports, { token, attempt, named, by: call.caller, proved })
  const body: z.infer<typeof redeemedSchema> = {
    id: grant.id,
    request: request.id,
    audience: grant.audience,
    digest: request.digest,
    attempt: grant.redeemed.attempt,
    redeemed_by: grant.redeemed.by.kind,
    redeemed_at: grant.redeemed.at,
  }
  return { status: 200, body }
}

function sentIn(call: Call<'agent or resource'>) {
  const token = headerOf(call, 'countersign-grant')
  const sent = token === undefined ? shaped(redemptionSchema, readBody(call)) : byHeaders(call, token)
  const named = sent.action ? digestAction(actionOf(sent.action)) : sent.digest
  // The schema has looked at its form.
  return { token: sent.token, attempt: sent.attempt, named: (named as Digest | undefined) ?? null }
}

/** @throws Refusal `invalid_request`, also for a body beside the headers: which of the two was meant? */
function byHeaders(call: Call<'agent or resource'>, token: string): z.infer<typeof redemptionSchema> {
  if (call.body.length > 0)
    throw new Refusal('invalid_request', 'a body beside the headers of a redemption', [
      { pointer: '', detail: 'Send the body or the Countersign headers, not both.' },
    ])
  // nginx sends an empty header where its variable is empty.
  const digest = headerOf(call, 'countersign-digest') || undefined
  const attempt = headerOf(call, 'countersign-attempt')
  return shaped(redemptionSchema, {
    token,
    ...(attempt !== undefined && { attempt }),
    ...(digest !== undefined && { digest }),
  })
}
