import { report } from '../approvals/executions/report.ts'
import type { Reporter } from '../approvals/executions/reporter.ts'
import { withCurrentPeople } from '../approvals/people/currentPeople.ts'
import { aroundOf } from './around.ts'
import { readBody } from './body.ts'
import { type Answer, type Api, type Call, requestIdIn } from './call.ts'
import { headersOf, presentRequest } from './presentRequest.ts'
import { parseReport } from './reportSchema.ts'

/** `POST /v1/requests/{id}/executions`. The same report again is answered as before. */
export async function reportExecution(api: Api, call: Call<'agent or resource'>): Promise<Answer> {
  const said = parseReport(readBody(call))
  const reported = await report(api.ports, {
    request: requestIdIn(call),
    by: reporterOf(call.caller),
    report: said,
  })
  const request = await withCurrentPeople(api.ports, reported)
  const around = await aroundOf(api.ports, reported)
  return {
    status: 201,
    headers: headersOf(request, around),
    body: presentRequest(request, api.baseUrl, around),
  }
}

function reporterOf(caller: Call<'agent or resource'>['caller']): Reporter {
  const { via } = caller
  if ('agent' in caller) return { kind: 'agent', id: caller.agent.id, via }
  const { id, audience } = caller.resource
  return { kind: 'resource', id, via, audience }
}
