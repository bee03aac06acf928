import { justMade, withCurrentPeople } from '../approvals/people/currentPeople.ts'
import { submit } from '../approvals/submit.ts'
import { isSettled } from '../core/lifecycle.ts'
import { aroundOf } from './around.ts'
import { readBody } from './body.ts'
import { bodyDigest } from './bodyDigest.ts'
import { type Answer, type Api, type Call, headerOf } from './call.ts'
import { idempotencyKeyOf } from './idempotencyKey.ts'
import { addressOf, headersOf, presentRequest } from './presentRequest.ts'
import { parseSubmission } from './submissionSchema.ts'
import { grantWish, submittedGrant, withToken } from './submittedGrant.ts'
import { waitForRequest } from './waiting.ts'

/**
 * `POST /v1/requests`. 202 while people decide, 201 when a new request is settled, 200 when an earlier call under the
 * same key made it and it is settled.
 */
export async function createRequest(api: Api, call: Call<'agent or webhook'>): Promise<Answer> {
  const named = idempotencyKeyOf(call, call.caller.via)
  const sent = readBody(call)
  const asked = parseSubmission(sent)
  const grantWished = await grantWish(api, call, asked.grant)
  const envelope = {
    ...call.caller,
    // Without a key every call is a new request. The space keeps ours apart from every key that can be sent.
    idempotencyKey: named ?? `unnamed ${api.ports.ids.next('req')}`,
    bodyDigest: bodyDigest(sent),
  }
  const submitted = await submit(api.ports, envelope, { ...asked, grant: grantWished })
  const { request, created } = submitted
  const granted = await submittedGrant(api, { caller: call.caller, wish: grantWished }, submitted)
  const wish = { prefer: headerOf(call, 'prefer'), ended: call.ended, caller: call.caller }
  const { latest, applied } = await waitForRequest(api, request, wish)
  const status = !isSettled(latest.state) ? 202 : created ? 201 : 200
  const isNew = created && latest === request
  const shown = isNew ? justMade(latest) : await withCurrentPeople(api.ports, latest)
  const around = await aroundOf(api.ports, latest)
  const headers = { ...headersOf(shown, around), location: addressOf(latest, api.baseUrl), ...applied }
  const light = created && request.verdict.kind === 'allow' ? 1 : 0
  const body = presentRequest(shown, api.baseUrl, around)
  return { status, headers, body: granted ? withToken(body, granted) : body, light }
}
