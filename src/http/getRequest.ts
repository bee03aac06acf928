import { showPlacedToAgent } from '../approvals/inspect.ts'
import { withCurrentPeople } from '../approvals/people/currentPeople.ts'
import { aroundOf } from './around.ts'
import { type Answer, type Call, headerOf, type ReadApi, requestIdIn } from './call.ts'
import { entityTag, headersOf, matchesTag, presentRequest } from './presentRequest.ts'
import { waitForRequest } from './waiting.ts'

/** `GET /v1/requests/{id}`. 304 when `If-None-Match` names the state it is in and nobody asked to wait for another. */
export async function getRequest(api: ReadApi, call: Call<'agent'>): Promise<Answer> {
  const request = await showPlacedToAgent(api.ports, requestIdIn(call), call.caller.agent)
  const knows = headerOf(call, 'if-none-match')
  const wish = { prefer: headerOf(call, 'prefer'), ended: call.ended, caller: call.caller, knows }
  const { latest, applied } = await waitForRequest(withPlace(api), request, wish)
  const shown = await withCurrentPeople(api.ports, latest)
  const around = { ...(await aroundOf(api.ports, latest)), place: latest.place }
  const headers = { ...headersOf(shown, around), ...applied }
  const waited = 'preference-applied' in applied
  if (!waited && matchesTag(knows, entityTag(shown, around))) return { status: 304, headers, body: null }
  return { status: 200, headers, body: presentRequest(shown, api.baseUrl, around) }
}

/** Whoever waits reads the place with the request: it costs no statement of its own. */
function withPlace(api: ReadApi) {
  const { store } = api.ports
  const request = (id: string) => store.placedRequest(id)
  return { ...api, ports: { ...api.ports, store: { ...store, request } } }
}
