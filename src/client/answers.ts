import type { Reply } from './call.ts'
import { CountersignError } from './countersignError.ts'
import type { ActionRequest, Grant, Redeemed, RequestSet } from './wire.ts'

/**
 * The request in an answer. A grant that came with it is left out: a request may be logged, a token not.
 *
 * @param expected its id, where it is known: an answer about another request is none
 * @throws CountersignError `unexpected_answer`
 */
export function requestIn(reply: Reply, expected: string | null): ActionRequest {
  const { id, state, digest } = reply.body
  const isRequest = typeof id === 'string' && typeof state === 'string' && typeof digest === 'string'
  if (!isRequest || (expected !== null && id !== expected)) throw unexpected(reply, 'the request')
  const { grant, ...request } = reply.body
  const shown = propertiesOf(grant)
  const withoutToken = shown && Object.fromEntries(Object.entries(shown).filter(([name]) => name !== 'token'))
  return { ...request, ...(grant !== undefined && { grant: withoutToken }) } as unknown as ActionRequest // parsed edge
}

/**
 * The set in an answer.
 *
 * @param expected its id, where it is known
 * @throws CountersignError `unexpected_answer`
 */
export function setIn(reply: Reply, expected: string | null): RequestSet {
  const { id, requests } = reply.body
  const isSet = typeof id === 'string' && Array.isArray(requests) && requests.length > 0
  if (!isSet || (expected !== null && id !== expected)) throw unexpected(reply, 'the set')
  return { id, requests: requests.map((one) => requestIn({ ...reply, body: { ...one } }, null)) }
}

/**
 * A grant as it was answered, token included; null where there is none with a token.
 *
 * @throws CountersignError `unexpected_answer` for one of another request
 */
export function grantIn(reply: Pick<Reply, 'status'>, shown: unknown, request: string): Grant | null {
  const grant = propertiesOf(shown)
  if (!grant || grant.token === undefined) return null
  const { id, token, spent_by: spentBy } = grant
  const isGrant =
    typeof id === 'string' && typeof token === 'string' && (spentBy === 'agent' || spentBy === 'resource')
  if (!isGrant || grant.request !== request) throw unexpected(reply, 'a grant for the request')
  return grant as unknown as Grant // parsed edge
}

/**
 * That a grant was spent by this attempt, and no other.
 *
 * @throws CountersignError `unexpected_answer`
 */
export function redeemedIn(reply: Reply, attempt: string): Redeemed {
  const { request, digest } = reply.body
  const isRedeemed = typeof request === 'string' && typeof digest === 'string'
  if (!isRedeemed || reply.body.attempt !== attempt) throw unexpected(reply, 'the redemption')
  return reply.body as unknown as Redeemed // parsed edge
}

export function unexpected({ status }: Pick<Reply, 'status'>, what: string): CountersignError {
  return new CountersignError(
    'unexpected_answer',
    `The answer (${status}) is not ${what} that was asked for.`,
    {
      status,
    },
  )
}

type Properties = Readonly<Partial<Record<string, unknown>>>

function propertiesOf(value: unknown): Properties | null {
  return value !== null && typeof value === 'object' ? { ...value } : null
}
