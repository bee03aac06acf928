import { answerAsAgent } from '../approvals/notes/answerAsAgent.ts'
import { withCurrentPeople } from '../approvals/people/currentPeople.ts'
import { aroundOf } from './around.ts'
import { readBody } from './body.ts'
import { type Answer, type Api, type Call, requestIdIn } from './call.ts'
import { parseNote } from './noteSchema.ts'
import { headersOf, presentRequest } from './presentRequest.ts'

/** `POST /v1/requests/{id}/notes`. 201 when it is written, 200 when the same was written before. */
export async function answerNote(api: Api, call: Call<'agent'>): Promise<Answer> {
  const { agent, via } = call.caller
  const said = parseNote(readBody(call))
  const answered = await answerAsAgent(api.ports, { request: requestIdIn(call), agent, via, ...said })
  const request = await withCurrentPeople(api.ports, answered.request)
  const around = await aroundOf(api.ports, answered.request)
  return {
    status: answered.created ? 201 : 200,
    headers: headersOf(request, around),
    body: presentRequest(request, api.baseUrl, around),
  }
}
