import { createHmac } from 'node:crypto'
import { Writable } from 'node:stream'
import pino from 'pino'
import { onTestFinished } from 'vitest'
import type { Signer } from '../../src/approvals/grants/signer.ts'
import type { LedgerReader } from '../../src/approvals/ledger/ledgerReader.ts'
import type { Ports, Store } from '../../src/approvals/ports.ts'
import type { Condition } from '../../src/core/health.ts'
import type { Json } from '../../src/core/json.ts'
import type { Mount } from '../../src/http/mounts.ts'
import { createServer, type HttpServer } from '../../src/http/server.ts'
import type { Pace } from '../../src/lifetime/allowance.ts'
import { memoryStore } from '../support/memoryStore.ts'
import { noLedger } from '../support/noLedger.ts'
import { agesOf } from '../support/testClock.ts'
import { testIssuer } from '../support/testSigner.ts'
import { testWorld, type World } from '../support/world.ts'
import { expectPromised } from './promised.ts'
import { type WatchedStore, watching } from './watching.ts'

/** A served world: real HTTP on a free port of the loopback, closed when the test is over. */
export interface House extends World, Omit<WatchedStore, 'store'> {
  readonly server: HttpServer
  readonly url: string
  /** The headers by which the agent proves who it is. */
  readonly key: Readonly<Record<string, string>>
  /** Everything that was logged, as text. */
  readonly log: () => string
  /** A call by the agent, with its key unless the headers say otherwise. */
  call(method: string, path: string, more?: CallOptions): Promise<Reply>
  /** Submits a body that is sent as JSON. */
  submit(body: Json, headers?: Record<string, string>): Promise<Reply>
}

interface CallOptions {
  readonly headers?: Record<string, string>
  readonly body?: string | Uint8Array<ArrayBuffer>
  readonly signal?: AbortSignal
}

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body as JSON, for matching; null when there is none. */
  readonly body: unknown
}

export const baseUrl = testIssuer
const fast: Pace = { perSecond: 10_000, burst: 10_000 }

export function signingSecret(keyId: string): Buffer {
  return createHmac('sha256', 'the secret of this test').update(`webhook:${keyId}`).digest()
}

export interface HouseOptions {
  /** Where credentials are issued; nowhere unless told otherwise. */
  readonly targets?: Ports['targets']
  /** Who says what an action would touch; nobody unless told otherwise. */
  readonly previewers?: Ports['previewers']
  /** In memory unless told otherwise. */
  readonly store?: Store
  /** None unless told otherwise. */
  readonly ledger?: LedgerReader
  readonly policy?: null
  /** Whose ID tokens are believed; nobody's unless told otherwise. */
  readonly identityProviders?: Ports['identityProviders']
  readonly submissions?: Pace
  readonly otherCalls?: Pace
  readonly waiting?: number
  readonly conditions?: () => Promise<readonly Condition[]>
  readonly mounts?: readonly Mount[]
  readonly operatorToken?: string
  /** Signs with a key of the tests unless told otherwise. */
  readonly signer?: Signer
}

/** A page of metrics without any. */
export const nothingMeasured = { contentType: 'text/plain; version=0.0.4', text: async () => '' }

export async function openHouse(options: HouseOptions = {}): Promise<House> {
  const { store, ...watch } = watching(options.store ?? memoryStore())
  const world = await testWorld({ ...options, store })
  const lines: string[] = []
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  const server = await createServer({
    ports: options.signer ? { ...world.ports, signer: options.signer } : world.ports,
    ledger: options.ledger ?? noLedger,
    log: pino({ level: 'trace' }, sink),
    baseUrl,
    signingSecret,
    mounts: options.mounts ?? [],
    operator: { token: options.operatorToken ?? null, metrics: nothingMeasured },
    conditions: options.conditions ?? (async () => []),
    ages: agesOf(world.clock),
    limits: {
      submissions: options.submissions ?? fast,
      otherCalls: options.otherCalls ?? fast,
      waiting: options.waiting ?? 1_000,
    },
  })
  const { url } = await server.listen('127.0.0.1', 0)
  onTestFinished(() => server.close())

  const key = { authorization: `Bearer ${world.agent.credential}` }
  const call: House['call'] = async (method, path, more = {}) => {
    const headers = { ...key, ...more.headers }
    const reply = await replyOf(await fetch(url + path, { ...more, method, headers }))
    expectPromised(method, path, reply)
    return reply
  }
  const submit: House['submit'] = (body, headers = {}) =>
    call('POST', '/v1/requests', {
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
  return { ...world, ...watch, server, url, key, log: () => lines.join(''), call, submit }
}

export async function replyOf(response: Response): Promise<Reply> {
  const text = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson && text !== '' ? JSON.parse(text) : null,
  }
}

/** A body that people have to decide on, by the test bundle. */
export const exportBody = {
  action: 'db.export',
  resource: { type: 'table', id: 'warehouse.users' },
  params: { rows: 10 },
  environment: 'prod',
  initiator: { email: 'alice@acme.test' },
} as const
export const readBody = { ...exportBody, action: 'repo.read' } as const
export const deleteBody = { ...exportBody, action: 'audit.delete' } as const

/** What a look shows besides what every other answer shows: its place in the ledger. */
export function withoutPlace(body: unknown): unknown {
  const { ledger: _, ...others } = body as Readonly<Record<string, unknown>>
  return others
}

/** The id in an answer that shows a request. */
export function idIn(reply: Reply): string {
  const [, id = ''] = /"id":"(req_[0-9a-z]{26})"/.exec(reply.text) ?? []
  return id
}
