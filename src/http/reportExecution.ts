import { report } from '../approvals/executions/report.ts'
import type { Reporter } from '../approvals/executions/reporter.ts'
import { withCurrentPeople } from '../approvals/people/currentPeople.ts'
import { aroundOf } from './around.ts'
import { readBody } from './body.ts'
import { type Answer, type Api, type Call, requestIdIn } from './call.ts'
import { headersOf, presentReport, presentRequest } from './presentRequest.ts'
import { parseReport } from './reportSchema.ts'

/**
 * `POST /v1/requests/{id}/executions`. The same report again is answered as before. The agent that asked sees its request; a resource
 * hears what its own report came to, and nothing of who asked, why, and who decided what.
 */
export async function reportExecution(api: Api, call: Call<'agent or resource'>): Promise<Answer> {
  const said = parseReport(readBody(call))
  const { request: reported, execution } = await report(api.ports, {
    request: requestIdIn(call),
    by: reporterOf(call.caller),
    report: said,
  })
  if ('resource' in call.caller) return { status: 201, body: presentReport(reported, execution) }
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
