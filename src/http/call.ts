import type { IncomingHttpHeaders } from 'node:http'
import type { Ports } from '../approvals/ports.ts'
import type { Condition } from '../core/health.ts'
import type { RateLimit } from './rateLimit.ts'
import type { WaitingRoom } from './waitingRoom.ts'

/** One HTTP call as the handlers see it: no framework, nothing parsed, nothing believed. */
export interface Call {
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  /** The other end of the connection, whatever the headers say of it. Undefined when it has gone already. */
  readonly remoteAddress?: string | undefined
  /** The bytes as they came; signatures are over these. Empty when there was no body. */
  readonly body: Buffer
  /** Aborted when the caller hangs up or the server closes: whoever waits stops then. */
  readonly ended: AbortSignal
}

/** What a handler answers. An object is sent as JSON, text as it is, null is no body. */
export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: object | string | null
}

/** What only the operator sees, and by which token they are known. */
export interface OperatorOptions {
  /** Null: only calls from this machine are theirs. */
  readonly token: string | null
  readonly metrics: { readonly contentType: string; readonly text: () => Promise<string> }
}

/** What the handlers work with. */
export interface Api {
  readonly ports: Ports
  /** Where the outside reaches this server, without a slash at the end. */
  readonly baseUrl: string
  /** The bytes with which a key's webhooks are signed. */
  readonly signingSecret: (keyId: string) => Buffer
  readonly limits: { readonly asks: RateLimit; readonly looks: RateLimit; readonly waiting: WaitingRoom }
  /** What is wrong with this server now; within two seconds. */
  readonly conditions: () => Promise<readonly Condition[]>
  readonly operator: OperatorOptions
}

/** The one value of a header, or undefined. Node joins repeated headers with a comma, so a list never passes as a value. */
export function headerOf(call: Call, name: string): string | undefined {
  const value = call.headers[name]
  return Array.isArray(value) ? value.join(', ') : value
}
