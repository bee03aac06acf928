import { digestAction } from '../core/action.ts'
import { requestExamples } from './examples.ts'
import type { RequestBody, SetBody } from './requestSchema.ts'
import type { Examples } from './route.ts'

/* What openapi.json shows of sets; docs/sets.md shows the same. */

const id = 'set_01kaxyz0000000000000000000'
const links = { self: `http://127.0.0.1:3000/v1/sets/${id}` }
const { pending, approved, denied, allowed } = requestExamples

const actionIn = ({ action, resource, params, environment }: RequestBody) => ({
  action,
  resource,
  params,
  environment,
})

const exported = actionIn(pending.value)
const larger = { ...exported, params: { ...exported.params, table: 'orders' } }
const read = actionIn(allowed.value)

const others = ['req_01kaxyz0000000000000000001', 'req_01kaxyz0000000000000000002'] as const
const inSet = (request: RequestBody, nth = 0): RequestBody => {
  const own = others[nth - 1] ?? request.id
  return { ...request, id: own, set: id, links: { self: `http://127.0.0.1:3000/v1/requests/${own}` } }
}
const ofLarger = { ...larger, digest: digestAction(larger) }

/** Bodies that ask for several actions. */
export const setAskExamples = {
  several: {
    summary: 'Two exports and what has to be read for them',
    value: {
      requests: [exported, larger, read],
      reason: pending.value.reason ?? '',
      run: pending.value.run ?? {},
      initiator: { email: 'alice@acme.test' },
      expires_in: '30m',
    },
  },
} as const satisfies Examples

/** Answers that show a set. */
export const setExamples = {
  pending: {
    summary: 'People decide about two of three',
    value: {
      id,
      requests: [
        inSet(pending.value),
        inSet({ ...pending.value, ...ofLarger }, 1),
        inSet({ ...allowed.value, reason: pending.value.reason, run: pending.value.run }, 2),
      ],
      links,
    } satisfies SetBody,
  },
  decided: {
    summary: 'One was approved, another denied',
    value: {
      id,
      requests: [inSet(approved.value), inSet({ ...denied.value, ...ofLarger }, 1)],
      links,
    } satisfies SetBody,
  },
  allowed: {
    summary: 'Policy allows all of it',
    value: { id, requests: [inSet(allowed.value)], links } satisfies SetBody,
  },
} as const satisfies Examples
