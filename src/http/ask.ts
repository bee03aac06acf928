import { justMade, withCurrentPeople } from '../approvals/people/currentPeople.ts'
import { submit } from '../approvals/submit.ts'
import { digestOf } from '../core/digest.ts'
import { isSettled } from '../core/lifecycle.ts'
import { parseAsk } from './askSchema.ts'
import { authenticateAsk } from './authenticate.ts'
import { readBody } from './body.ts'
import type { Answer, Api, Call } from './call.ts'
import { idempotencyKeyOf } from './idempotencyKey.ts'
import { patiently } from './patiently.ts'
import { addressOf, headersOf, present } from './present.ts'

/**
 * `POST /v1/requests`. 202 while people decide, 201 when a new request is settled, 200 when an earlier call under the
 * same key made it and it is settled.
 */
export async function ask(api: Api, call: Call): Promise<Answer> {
  const caller = await authenticateAsk(api, call)
  api.limits.asks(caller.agent.id)
  const named = idempotencyKeyOf(call, caller.via)
  const body = readBody(call)
  const submission = parseAsk(body)
  const asking = {
    ...caller,
    // Without a key every call is a new request. The space keeps ours apart from every key that can be sent.
    idempotencyKey: named ?? `unnamed ${api.ports.ids.next('req')}`,
    bodyDigest: digestOf('countersign/body/v1', { body }),
  }
  const { request, created } = await submit(api.ports, asking, submission)
  const { latest, applied } = await patiently(api, call, request)
  const status = !isSettled(latest.state) ? 202 : created ? 201 : 200
  const isNew = created && latest === request
  const shown = isNew ? justMade(latest) : await withCurrentPeople(api.ports, latest)
  const headers = { ...headersOf(shown), location: addressOf(latest, api.baseUrl), ...applied }
  return { status, headers, body: present(shown, api.baseUrl) }
}
