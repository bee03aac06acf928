import { withCurrentPeople } from '../approvals/people/currentPeople.ts'
import { submitSet } from '../approvals/sets/submitSet.ts'
import { isSettled } from '../core/lifecycle.ts'
import { aroundEach } from './around.ts'
import { readBody } from './body.ts'
import { bodyDigest } from './bodyDigest.ts'
import { type Answer, type Api, type Call, headerOf } from './call.ts'
import { idempotencyKeyOf } from './idempotencyKey.ts'
import { addressOfSet, presentSet, setHeaders } from './presentSet.ts'
import { parseSetSubmission } from './submissionSchema.ts'
import { waitForSet } from './waiting.ts'

/**
 * `POST /v1/sets`: several requests, made by one commit. 202 while people decide about one of them, 201 when all of a new set are settled,
 * 200 when an earlier call under the same key made it and all are settled.
 */
export async function createSet(api: Api, call: Call<'agent or webhook'>): Promise<Answer> {
  const named = idempotencyKeyOf(call, call.caller.via)
  const sent = readBody(call)
  const submission = parseSetSubmission(sent)
  call.countMore(submission.members.length - 1)
  const envelope = {
    ...call.caller,
    // Without a key every call is a new set. The space keeps ours apart from every key that can be sent.
    idempotencyKey: named ?? `unnamed ${api.ports.ids.next('set')}`,
    bodyDigest: bodyDigest(sent),
  }
  const { id, requests, created } = await submitSet(api.ports, envelope, submission)
  const wish = { prefer: headerOf(call, 'prefer'), ended: call.ended, caller: call.caller }
  const { latest, applied } = await waitForSet(api, { id, requests }, wish)
  const isOver = latest.every(({ state }) => isSettled(state))
  const status = !isOver ? 202 : created ? 201 : 200
  const shown = await Promise.all(latest.map((one) => withCurrentPeople(api.ports, one)))
  const around = await aroundEach(api.ports, latest)
  const headers = { ...setHeaders(shown, around), location: addressOfSet(id, api.baseUrl), ...applied }
  const light = created ? requests.filter(({ verdict }) => verdict.kind === 'allow').length : 0
  return { status, headers, body: presentSet(id, shown, { around, baseUrl: api.baseUrl }), light }
}
