import { decideByToken, type TokenDecision } from '../approvals/decideByToken.ts'
import type { PersonalQuery } from '../approvals/readByToken.ts'
import { type Problem, Refusal } from '../core/refusal.ts'
import { readBody, shaped } from './body.ts'
import { type Answer, type Api, type Call, type ReadApi, type ReceivedCall, requestIdIn } from './call.ts'
import { idempotencyKeyOf } from './idempotencyKey.ts'
import { decisionSchema } from './personSchema.ts'
import { presentPersonal } from './presentPersonal.ts'

/** `POST /v1/requests/{id}/decisions`: a person decides, by the same rules as on a card. */
export async function decideRequest(api: Api, call: Call<'person'>): Promise<Answer> {
  const { token } = call.caller
  const request = requestIdIn(call)
  const key = idempotencyKeyOf(call, 'api')
  await decideByToken(api.ports, { token, request, key }, decisionIn(call))
  return { status: 200, body: presentPersonal(await api.people.show(token, request), api.baseUrl) }
}

/** `GET /v1/me/requests/{id}`: one request, with what its person can do about it. */
export async function getPersonalRequest(api: ReadApi, call: Call<'person'>): Promise<Answer> {
  const found = await api.people.show(call.caller.token, requestIdIn(call))
  return { status: 200, body: presentPersonal(found, api.baseUrl) }
}

/** `GET /v1/me/requests`: what waits for the person, or what they asked for; newest first, a page at a time. */
export async function listPersonalRequests(api: ReadApi, call: Call<'person'>): Promise<Answer> {
  const query = queryOf(call)
  const found = await api.people.list(call.caller.token, query)
  const last = found.length === query.limit ? found.at(-1) : undefined
  const next = last && `${api.baseUrl}/v1/me/requests?${pageAfter(last.view.request.id, call.query)}`
  const requests = found.map((one) => presentPersonal(one, api.baseUrl))
  return { status: 200, body: { requests, next: next ?? null } }
}

/** What belongs to one kind of decision only. */
const belongs = {
  typed: ['approve'],
  may_ask_again: ['deny'],
  digest: ['approve', 'deny'],
  view: ['approve', 'deny'],
} as const

function decisionIn(call: Call<'person'>): TokenDecision {
  const said = shaped(decisionSchema, readBody(call))
  const misplaced = Object.entries(belongs).flatMap(([name, verbs]): readonly Problem[] => {
    const isThere = said[name as keyof typeof belongs] !== undefined // a key of the table
    if (!isThere || verbs.some((verb) => verb === said.decision)) return []
    return [{ pointer: `/${name}`, detail: `This belongs to another decision: ${verbs.join(' or ')}.` }]
  })
  if (misplaced.length > 0) throw new Refusal('invalid_request', 'properties of another decision', misplaced)
  return {
    decision: said.decision,
    reason: said.reason ?? null,
    typed: said.typed ?? [],
    mayAskAgain: said.may_ask_again ?? false,
    digest: said.digest ?? null,
    view: said.view ?? null,
  }
}

const usualLimit = 20
const mostOnPage = 50
const parameters = ['list', 'limit', 'after'] as const

/** Strict as a body. @throws Refusal `invalid_request` */
function queryOf({ query }: Pick<ReceivedCall, 'query'>): PersonalQuery {
  const problems: Problem[] = []
  const wrong = (name: string, detail: string) =>
    void problems.push({ pointer: '', detail: `${name}: ${detail}` })
  for (const name of new Set(query.keys())) {
    if (!parameters.some((one) => one === name))
      wrong(name, `There is no such parameter: these are ${parameters.join(', ')}.`)
    else if (query.getAll(name).length > 1) wrong(name, 'This may stand here once.')
  }
  const list = query.get('list') ?? 'waiting'
  if (list !== 'waiting' && list !== 'asked') wrong('list', 'This must be waiting or asked.')
  const limit = query.get('limit')
  if (limit !== null && (!/^[1-9]\d?$/.test(limit) || Number(limit) > mostOnPage))
    wrong('limit', `This must be a number from 1 to ${mostOnPage}.`)
  const after = query.get('after')
  const before = after === null ? null : idIn(after)
  if (after !== null && before === null) wrong('after', 'This must be what stood in the next of a page.')
  if (problems.length > 0) throw new Refusal('invalid_request', 'parameters of another shape', problems)
  return {
    list: list === 'asked' ? list : 'waiting',
    limit: limit === null ? usualLimit : Number(limit),
    ...(before !== null && { before }),
  }
}

function pageAfter(id: string, query: URLSearchParams): string {
  const next = new URLSearchParams(query)
  next.set('after', Buffer.from(id).toString('base64url'))
  return next.toString()
}

function idIn(after: string): string | null {
  const id = Buffer.from(after, 'base64url').toString()
  return /^req_[0-9a-z]{26}$/.test(id) ? id : null
}
