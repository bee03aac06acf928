import { cancel } from '../approvals/cancel.ts'
import { withCurrentPeople } from '../approvals/people/currentPeople.ts'
import { aroundOf } from './around.ts'
import { expectNoBody } from './body.ts'
import { type Answer, type Api, type Call, requestIdIn } from './call.ts'
import { headersOf, presentRequest } from './presentRequest.ts'

/** `POST /v1/requests/{id}/cancel`. Cancelling twice answers the same. */
export async function cancelRequest(api: Api, call: Call<'agent'>): Promise<Answer> {
  expectNoBody(call)
  const { agent, via } = call.caller
  const cancelled = await cancel(api.ports, { request: requestIdIn(call), agent, via })
  const request = await withCurrentPeople(api.ports, cancelled)
  const around = await aroundOf(api.ports, cancelled)
  return {
    status: 200,
    headers: headersOf(request, around),
    body: presentRequest(request, api.baseUrl, around),
  }
}
