import { z } from 'zod'
import { issueCredential as issue } from '../approvals/leases/issue.ts'
import { readBody, shaped } from './body.ts'
import { type Answer, type Api, type Call, requestIdIn } from './call.ts'

/** The body may be left out. */
export const credentialAskSchema = z
  .strictObject({
    target: z
      .string()
      .min(1)
      .max(40)
      .optional()
      .describe('Which target, where several give a credential for this action.'),
    again: z
      .boolean()
      .optional()
      .describe('The answer with the first one was lost: it is ended, and there is another one, once.'),
  })
  .meta({ id: 'CredentialAsk' })

export const credentialSchema = z
  .object({
    lease: z.string().describe('`lse_…`; the record has it under this id'),
    request: z.string(),
    issuer: z.string(),
    target: z.string(),
    credential: z
      .record(z.string(), z.union([z.string(), z.number()]))
      .describe('What opens the target. Shown in this answer only'),
    expires_at: z.string(),
    ends: z
      .enum(['at once', 'at expiry'])
      .describe('Whether it is ended as soon as the last report has come, or only runs out'),
  })
  .meta({ id: 'Credential' })

/** `POST /v1/requests/{id}/credential`. The answer has the only copy of the secret. */
export async function issueCredential(api: Api, call: Call<'agent'>): Promise<Answer> {
  const { target = null, again = false } =
    call.body.length === 0 ? {} : shaped(credentialAskSchema, readBody(call))
  const { agent, key, via } = call.caller
  const { lease, credential, ends } = await issue(api.ports, {
    request: requestIdIn(call),
    caller: { agent, key },
    target,
    again,
    via,
  })
  const body: z.infer<typeof credentialSchema> = {
    lease: lease.id,
    request: lease.request,
    issuer: lease.issuer,
    target: lease.target,
    credential: z.record(z.string(), z.union([z.string(), z.number()])).parse(credential),
    expires_at: lease.expiresAt,
    ends,
  }
  return { status: 201, body }
}
