import { listToAgent } from '../approvals/listToAgent.ts'
import type { OwnRequestQuery } from '../approvals/ownRequests.ts'
import { type State, states } from '../core/lifecycle.ts'
import { type Problem, Refusal } from '../core/refusal.ts'
import { aroundEach, nothingAround } from './around.ts'
import type { Answer, Call, ReadApi, ReceivedCall } from './call.ts'
import { presentRequest } from './presentRequest.ts'

/** `GET /v1/requests`: the agent's own, newest first, a page at a time. */
export async function listRequests(api: ReadApi, call: Call<'agent'>): Promise<Answer> {
  const wanted = queryOf(call)
  const { requests, next } = await listToAgent(api.ports, { ...wanted, agent: call.caller.agent.id })
  const around = await aroundEach(api.ports, requests)
  const shown = requests.map((one, nth) => presentRequest(one, api.baseUrl, around[nth] ?? nothingAround))
  const address = next === null ? null : `${api.baseUrl}/v1/requests?${pageAfter(next, call.query)}`
  return {
    status: 200,
    body: { requests: shown, next: address },
  }
}

const usualLimit = 20
const mostOnPage = 100

/** What may stand in the address, by name; true where it may stand several times. `agent` is for signed calls, and these are none. */
const parameters: Readonly<Record<string, boolean>> = {
  state: true,
  action: false,
  limit: false,
  after: false,
}

/** Strict as a body: what is not understood is refused, each by its name. @throws Refusal `invalid_request` */
function queryOf({ query }: Pick<ReceivedCall, 'query'>): Omit<OwnRequestQuery, 'agent'> {
  const problems: Problem[] = []
  const wrong = (name: string, detail: string) =>
    void problems.push({ pointer: '', detail: `${name}: ${detail}` })
  for (const name of new Set(query.keys())) {
    const several = Object.hasOwn(parameters, name) ? parameters[name] : undefined
    if (several === undefined)
      wrong(name, `There is no such parameter: these are ${Object.keys(parameters).join(', ')}.`)
    else if (!several && query.getAll(name).length > 1) wrong(name, 'This may stand here once.')
  }
  const wanted = query.getAll('state')
  if (!wanted.every(isState)) wrong('state', `The states are ${states.join(', ')}.`)
  const action = query.get('action')
  if (action !== null && !/^[a-z0-9][a-z0-9._:-]{0,199}$/.test(action))
    wrong('action', 'This must be the name of an action, such as db.export.')
  const limit = query.get('limit')
  if (limit !== null && (!/^[1-9]\d{0,2}$/.test(limit) || Number(limit) > mostOnPage))
    wrong('limit', `This must be a number from 1 to ${mostOnPage}.`)
  const after = query.get('after')
  const before = after === null ? null : idIn(after)
  if (after !== null && before === null) wrong('after', 'This must be what stood in the next of a page.')
  if (problems.length > 0) throw new Refusal('invalid_request', 'parameters of another shape', problems)
  return {
    limit: limit === null ? usualLimit : Number(limit),
    ...(wanted.length > 0 && { states: [...new Set(wanted.filter(isState))] }),
    ...(action !== null && { action }),
    ...(before !== null && { before }),
  }
}

function isState(text: string): text is State {
  return (states as readonly string[]).includes(text)
}

/** The same query for the page that begins there. What it holds is ours to change: callers pass it back as it is. */
function pageAfter(id: string, query: URLSearchParams): string {
  const next = new URLSearchParams(query)
  next.set('after', Buffer.from(id).toString('base64url'))
  return next.toString()
}

function idIn(after: string): string | null {
  const id = Buffer.from(after, 'base64url').toString()
  return /^req_[0-9a-z]{26}$/.test(id) ? id : null
}
