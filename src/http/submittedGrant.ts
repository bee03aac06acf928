import { mint } from '../approvals/grants/mint.ts'
import type { GrantWish } from '../approvals/grants/newGrant.ts'
import type { Submission } from '../approvals/submission.ts'
import type { Submitted } from '../approvals/submit.ts'
import { Refusal } from '../core/refusal.ts'
import type { Api, Call } from './call.ts'
import { proofIn } from './dpopProof.ts'
import { type GrantBody, presentGrant } from './grantSchema.ts'
import type { RequestBody } from './requestSchema.ts'

/**
 * The grant that a submission asks for with itself; null when it asks for none.
 *
 * @throws Refusal `invalid_request` for a signed call, which whoever saw it can send again; `invalid_dpop_proof`
 */
export async function grantWish(
  api: Api,
  call: Call<'agent or webhook'>,
  sent: Submission['grant'],
): Promise<GrantWish | null> {
  if (!sent) return null
  if (call.caller.via === 'webhook')
    throw new Refusal('invalid_request', 'a signed call that asks for a grant', [
      {
        pointer: '/grant',
        detail:
          'A signed call can be sent again by whoever saw it: ask for the grant with the key of the agent.',
      },
    ])
  const proof = await proofIn(call, { url: `${api.baseUrl}/v1/requests`, now: api.ports.clock() })
  return { ...sent, proof }
}

/**
 * The grant to show with a submission that asked for it, token included; null where there is none. A repeated submission gets the
 * same again while it lives; where it is over, or was taken otherwise, the request alone says how it stands.
 *
 * @throws Refusal those of `mint` that may pass, and `invalid_dpop_proof`
 */
export async function submittedGrant(
  api: Api,
  { caller, wish }: { readonly caller: Call<'agent or webhook'>['caller']; readonly wish: GrantWish | null },
  { request, created, token }: Submitted,
): Promise<GrantBody | null> {
  if (!wish || !request.grant) return null
  if (created && token !== undefined)
    return presentGrant({ request, grant: request.grant, token }, api.ports.clock())
  try {
    const { agent, key, via } = caller
    const minted = await mint(api.ports, { request: request.id, caller: { agent, key }, via, ...wish })
    return presentGrant(minted, api.ports.clock())
  } catch (refusal) {
    const isOver = refusal instanceof Refusal && (refusal.kind === 'conflict' || refusal.code === 'stopped')
    if (isOver) return null
    throw refusal
  }
}

/** The request as it is shown, with the token in the grant. */
export function withToken(body: RequestBody, granted: GrantBody): RequestBody {
  return { ...body, grant: { redeemed_at: null, ...body.grant, ...granted } }
}
