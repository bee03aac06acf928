import { cancel } from '../approvals/cancel.ts'
import { withCurrentPeople } from '../approvals/people/currentPeople.ts'
import { authenticateBearer } from './authenticate.ts'
import { expectNoBody } from './body.ts'
import type { Answer, Api, Call } from './call.ts'
import { headersOf, present } from './present.ts'
import { requestIdIn } from './requestId.ts'

/** `POST /v1/requests/{id}/cancel`. Cancelling twice answers the same. */
export async function takeBack(api: Api, call: Call): Promise<Answer> {
  const { agent, via } = await authenticateBearer(api, call)
  api.limits.looks(agent.id)
  expectNoBody(call)
  const cancelled = await cancel(api.ports, { request: requestIdIn(call), agent, via })
  const request = await withCurrentPeople(api.ports, cancelled)
  return { status: 200, headers: headersOf(request), body: present(request, api.baseUrl) }
}
