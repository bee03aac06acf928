import type { z } from 'zod'
import {
  type Answer,
  type Api,
  type Call,
  type CallerBy,
  type Credentials,
  callBy,
  type ReadApi,
  type ReceivedCall,
} from './call.ts'
import { authenticate, type Identities } from './credentials.ts'
import {
  type Counted,
  type LimitName,
  type Paced,
  paceOf,
  paceOfAuditor,
  paceOfPerson,
  type RateLimit,
} from './limits.ts'
import type { HeaderName } from './responseHeaders.ts'

/** What a handler works with: whoever answers GET cannot write. */
interface ApiBy {
  readonly GET: ReadApi
  readonly POST: Api
}

/** Which of an agent's limits counts the calls. Of callers whom nobody knows nothing can be counted: the table says why it need not be. */
interface LimitBy {
  readonly agent: LimitName
  readonly 'agent or webhook': LimitName
  readonly 'agent or resource': LimitName
  readonly auditor: LimitName
  readonly person: LimitName
  readonly operator: { readonly none: string }
  readonly 'operator if strict': { readonly none: string }
  readonly anybody: { readonly none: string }
}

/**
 * One line of the API. It is the method and the credentials that say what the handler gets: one that wants to write does
 * not fit GET, and one that wants to know its caller does not fit a route for anybody.
 */
interface RouteOf<M extends keyof ApiBy, C extends Credentials> {
  /** The name of the call in openapi.json, for those who generate clients: it stays. */
  readonly operationId: string
  readonly method: M
  readonly url: string
  /** What callers have to prove: by bearer key, by bearer key or webhook signature, by an agent's or a resource's key, by an auditor's, by a personal token, that they are the operator, or nothing. */
  readonly credentials: C
  readonly limit: LimitBy[C]
  /** Does the work, parsing included. */
  readonly run: (api: ApiBy[M], call: Call<C>) => Promise<Answer>
  readonly says: string
  /** With `answers`, what openapi.json is made of; it checks nothing. */
  readonly takes: {
    readonly headers?: z.ZodObject
    readonly querystring?: z.ZodObject
    /** Otherwise `:id` is that of a request. */
    readonly params?: z.ZodObject
    readonly body?: z.ZodType
    /** Bodies that the server takes. */
    readonly examples?: Examples
  }
  /** By status; every status that is not here is a problem too. */
  readonly answers: Readonly<Record<number, Content>>
  /** Left out of openapi.json. */
  readonly hidden?: true
}

export type Route = { [M in keyof ApiBy]: { [C in Credentials]: RouteOf<M, C> }[Credentials] }[keyof ApiBy]

export interface Content {
  readonly description: string
  /** Headers that stand beside this status, always or where they apply; `x-request-id` stands on every answer. */
  readonly headers?: readonly HeaderName[]
  readonly content?: Readonly<
    Record<string, { readonly schema: z.ZodType; readonly examples?: Examples | undefined }>
  >
}

/** By name, as OpenAPI has them. */
export type Examples = Readonly<Record<string, { readonly summary: string; readonly value: unknown }>>

/** What stands between a call and its handler, and what the handler works with. */
export interface Service extends Identities {
  readonly limits: Readonly<Record<LimitName, RateLimit>>
  readonly api: Api
}

/** What is run of a line, whatever its method. */
type Runnable<C extends Credentials> = {
  [K in C]: Pick<RouteOf<'POST', K>, 'credentials' | 'limit' | 'run'>
}[C]

/**
 * The one way to a handler: who calls, then how often, then the handler. So a stranger learns nothing and spends
 * nothing, and who is too fast costs no parsing.
 */
export async function answerCall<C extends Credentials>(
  route: Runnable<C>,
  service: Service,
  received: ReceivedCall,
): Promise<Answer> {
  const caller: CallerBy[C] = await authenticate[route.credentials](service, received)
  const counted = count(route.limit, caller, service)
  if (counted) received.tell(counted.headers)
  const countMore = (times: number) => {
    if (counted && times > 0) received.tell(counted.countMore(times))
  }
  const answer = await route.run(service.api, callBy<C>(caller, received, countMore))
  if (counted && answer.light) received.tell(counted.lighten(answer.light))
  return answer
}

function count(
  limit: LimitBy[Credentials],
  caller: CallerBy[Credentials],
  { limits }: Service,
): Counted | null {
  if (typeof limit !== 'string' || !caller) return null
  return limits[limit](pacedIn(caller))
}

function pacedIn(caller: NonNullable<CallerBy[Credentials]>): Paced {
  if ('token' in caller) return paceOfPerson(caller.token)
  if ('auditor' in caller) return paceOfAuditor(caller.auditor)
  return 'resource' in caller ? paceOf(caller.resource) : caller.agent
}
