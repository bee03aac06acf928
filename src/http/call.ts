import type { IncomingHttpHeaders } from 'node:http'
import type { Resource } from '../approvals/grants/records.ts'
import type { KeyOfAgent } from '../approvals/known.ts'
import type { LedgerReader } from '../approvals/ledger/ledgerReader.ts'
import type { Ports, ReadPorts } from '../approvals/ports.ts'
import type { PersonReader } from '../approvals/readByToken.ts'
import type { AuditorKey, PersonalToken } from '../approvals/records.ts'
import type { Condition } from '../core/health.ts'
import { Refusal } from '../core/refusal.ts'
import type { Seats } from './waiting.ts'

/** One HTTP call as it came: no framework, nothing parsed, nothing believed. Handlers get a `Call` made of it. */
export interface ReceivedCall {
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  /** The other end of the connection, whatever the headers say of it. Undefined when it has gone already. */
  readonly remoteAddress?: string | undefined
  /** The bytes as they came; signatures are over these. Empty when there was no body. */
  readonly body: Buffer
  /** Sets headers of whatever it is answered, a problem too; of one name the last stands. */
  readonly tell: (headers: Readonly<Record<string, string>>) => void
  /** For whoever waits: aborted when the caller hangs up or the server closes. */
  readonly ended: () => AbortSignal
}

/** The agent that calls, and through what. */
export interface Caller<Via extends 'api' | 'webhook'> extends KeyOfAgent {
  readonly via: Via
}

/** The resource that calls, by its own kind of key. */
export interface CallingResource {
  readonly resource: Resource
  readonly via: 'api'
}

/** An auditor, by a key that reads the ledger and does nothing else. */
export interface CallingAuditor {
  readonly auditor: AuditorKey
}

/** A person, by a token that decides and reads what they may read. */
export interface CallingPerson {
  readonly token: PersonalToken
}

/** What a route can ask its callers to prove, and who is then known to call. */
export interface CallerBy {
  readonly agent: Caller<'api'>
  readonly 'agent or webhook': Caller<'api' | 'webhook'>
  /** Where grants are redeemed and executions reported: a resource's key can do nothing else. */
  readonly 'agent or resource': Caller<'api'> | CallingResource
  /** Where the ledger is read, and nowhere else. */
  readonly auditor: CallingAuditor
  /** Where people decide from a portal of their own. */
  readonly person: CallingPerson
  /** Whoever runs the server: nobody in particular. */
  readonly operator: null
  /** Anybody; but only the operator may ask with `?strict`. */
  readonly 'operator if strict': null
  readonly anybody: null
}

export type Credentials = keyof CallerBy

/** The headers that prove who calls. They are looked at once, before the handler, and none of them reaches it. */
type ProvingHeader = 'authorization' | 'webhook-signature'

/** A call as the handler of a route with these credentials gets it: who calls is known, the rest is not believed. */
export interface Call<C extends Credentials> extends ReceivedCall {
  readonly caller: CallerBy[C]
  /** Asks for so many things more than one call usually does, each of which counts like a call. @throws RateLimited when they are not there */
  readonly countMore: (times: number) => void
  readonly headers: IncomingHttpHeaders & { readonly [H in ProvingHeader]?: undefined }
}

export function callBy<C extends Credentials>(
  caller: CallerBy[C],
  received: ReceivedCall,
  countMore: Call<C>['countMore'],
): Call<C> {
  const headers = { ...received.headers, authorization: undefined, 'webhook-signature': undefined }
  return { ...received, headers, caller, countMore }
}

/** What a handler answers. An object is sent as JSON, text as it is, null is no body. */
export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: object | string | null
  /** So many of what it asked for ask nobody, because policy allows them by themselves: then the call counts less. */
  readonly light?: number
}

/** What only the operator sees. */
export interface OperatorMetrics {
  readonly contentType: string
  readonly text: () => Promise<string>
}

/** What the handlers of GET work with. Nothing in it writes. */
export interface ReadApi {
  readonly ports: ReadPorts
  /** The ledger, for those who audit it. */
  readonly ledger: LedgerReader
  /** Requests as people see them by their tokens. */
  readonly people: PersonReader
  /** Where the outside reaches this server, without a slash at the end. */
  readonly baseUrl: string
  /** For calls that wait. */
  readonly seats: Seats
  /** What is wrong with this server now; within two seconds. */
  readonly conditions: () => Promise<readonly Condition[]>
  readonly metrics: OperatorMetrics
  /** The OpenAPI document. */
  readonly openapi: () => object
}

/** What the other handlers work with. */
export interface Api extends ReadApi {
  readonly ports: Ports
}

/** The one value of a header, or undefined. Node joins repeated headers with a comma, so a list never passes as a value. */
export function headerOf({ headers }: Pick<ReceivedCall, 'headers'>, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value.join(', ') : value
}

/** The id of a set in an address. What cannot be one is not looked up. @throws Refusal `unknown_set` */
export function setIdIn({ params }: Pick<ReceivedCall, 'params'>): string {
  const id = params.id ?? ''
  if (!/^set_[0-9a-z]{26}$/.test(id)) throw new Refusal('unknown_set', 'an address without the id of a set')
  return id
}

/** The request id in an address. What cannot be one is not looked up. @throws Refusal `unknown_request` */
export function requestIdIn({ params }: Pick<ReceivedCall, 'params'>): string {
  const id = params.id ?? ''
  if (!/^req_[0-9a-z]{26}$/.test(id)) throw new Refusal('unknown_request', 'an address without a request id')
  return id
}
