import { mint } from '../approvals/grants/mint.ts'
import { readBody, shaped } from './body.ts'
import { type Answer, type Api, type Call, requestIdIn } from './call.ts'
import { proofIn } from './dpopProof.ts'
import { grantAskSchema, presentGrant } from './grantSchema.ts'

/** `POST /v1/requests/{id}/grant`. 201 the first time, 200 with the same token for whoever asks the same again. */
export async function createGrant(api: Api, call: Call<'agent'>): Promise<Answer> {
  const request = requestIdIn(call)
  const { audience = null } = call.body.length === 0 ? {} : shaped(grantAskSchema, readBody(call))
  const url = `${api.baseUrl}/v1/requests/${request}/grant`
  const proof = await proofIn(call, { url, now: api.ports.clock() })
  const { agent, key, via } = call.caller
  const minted = await mint(api.ports, { request, caller: { agent, key }, via, audience, proof })
  return { status: minted.repeated ? 200 : 201, body: presentGrant(minted, api.ports.clock()) }
}
