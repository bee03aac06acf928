import { withCurrentPeople } from '../approvals/people/currentPeople.ts'
import { showSetToAgent } from '../approvals/sets/showSet.ts'
import { aroundEach } from './around.ts'
import { type Answer, type Call, headerOf, type ReadApi, setIdIn } from './call.ts'
import { matchesTag } from './presentRequest.ts'
import { presentSet, setHeaders } from './presentSet.ts'
import { waitForSet } from './waiting.ts'

/** `GET /v1/sets/{id}`. 304 when `If-None-Match` names the state it is in and nobody asked to wait for another. */
export async function getSet(api: ReadApi, call: Call<'agent'>): Promise<Answer> {
  const id = setIdIn(call)
  const requests = await showSetToAgent(api.ports, id, call.caller.agent)
  const knows = headerOf(call, 'if-none-match')
  const wish = { prefer: headerOf(call, 'prefer'), ended: call.ended, caller: call.caller, knows }
  const { latest, applied } = await waitForSet(api, { id, requests }, wish)
  const shown = await Promise.all(latest.map((one) => withCurrentPeople(api.ports, one)))
  const around = await aroundEach(api.ports, latest)
  const headers = { ...setHeaders(shown, around), ...applied }
  const waited = 'preference-applied' in applied
  if (!waited && matchesTag(knows, headers.etag)) return { status: 304, headers, body: null }
  return { status: 200, headers, body: presentSet(id, shown, { around, baseUrl: api.baseUrl }) }
}
