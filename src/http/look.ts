import { showToAgent } from '../approvals/inspect.ts'
import { withCurrentPeople } from '../approvals/people/currentPeople.ts'
import { authenticateBearer } from './authenticate.ts'
import { type Answer, type Api, type Call, headerOf } from './call.ts'
import { entityTag, matchesTag } from './entityTag.ts'
import { patiently } from './patiently.ts'
import { headersOf, present } from './present.ts'
import { requestIdIn } from './requestId.ts'

/** `GET /v1/requests/{id}`. 304 when `If-None-Match` names the state it is in and nobody asked to wait for another. */
export async function look(api: Api, call: Call): Promise<Answer> {
  const { agent } = await authenticateBearer(api, call)
  api.limits.looks(agent.id)
  const request = await showToAgent(api.ports, requestIdIn(call), agent)
  const { latest, applied } = await patiently(api, call, request)
  const shown = await withCurrentPeople(api.ports, latest)
  const headers = { ...headersOf(shown), ...applied }
  const waited = 'preference-applied' in applied
  if (!waited && matchesTag(headerOf(call, 'if-none-match'), entityTag(shown)))
    return { status: 304, headers, body: null }
  return { status: 200, headers, body: present(shown, api.baseUrl) }
}
