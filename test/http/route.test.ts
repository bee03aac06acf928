import { describe, expect, expectTypeOf, test } from 'vitest'
import { rememberRegistry } from '../../src/approvals/people/registry.ts'
import { createPersonReader } from '../../src/approvals/readByToken.ts'
import type { Answer, Api, Call, Caller, Credentials, ReadApi, ReceivedCall } from '../../src/http/call.ts'
import { answerCall, type Route, type Service } from '../../src/http/route.ts'
import { noLedger } from '../support/noLedger.ts'
import { agesOf } from '../support/testClock.ts'
import { testWorld } from '../support/world.ts'
import { baseUrl, signingSecret } from './house.ts'

const done: Answer = { status: 200, body: null }
const rest = { operationId: 'test', url: '/test', says: 'A test', takes: {}, answers: {} } as const
const none = { none: 'A test.' }

type Handled = Pick<Call<Credentials>, 'caller' | 'headers'>
/** A line of the table whose handler only tells what it got. */
type Line = (handle: (call: Handled) => Answer) => Route

const forAgents: Line = (handle) => ({
  ...rest,
  method: 'GET',
  credentials: 'agent',
  limit: 'otherCalls',
  run: async (_api, call) => handle(call),
})
const forAnybody: Line = (handle) => ({
  ...rest,
  method: 'GET',
  credentials: 'anybody',
  limit: none,
  run: async (_api, call) => handle(call),
})

/** What happens on the way to a handler, in its order. */
async function onTheWay(line: Line, headers: ReceivedCall['headers']) {
  const world = await testWorld()
  const steps: string[] = []
  const key = world.ports.store.key
  const store = {
    ...world.ports.store,
    key: (id: string) => {
      steps.push('authenticated')
      return key(id)
    },
  }
  const limit = (name: string) => (agent: { readonly id: string }) => {
    steps.push(`${name} of ${agent.id}`)
    const headers = { 'ratelimit-policy': '', ratelimit: '' }
    return { headers, lighten: () => headers, countMore: () => headers }
  }
  const service: Service = {
    ports: { store, registry: rememberRegistry(store, agesOf(world.clock)), clock: world.clock },
    signingSecret,
    operatorToken: null,
    admitAuditor: async () => {
      throw new Error('no auditor calls here')
    },
    limits: { submissions: limit('submissions'), otherCalls: limit('otherCalls') },
    api: {
      ports: world.ports,
      ledger: noLedger,
      people: createPersonReader(world.ports),
      baseUrl,
      seats: { take: () => null },
      conditions: async () => [],
      openapi: () => ({}),
      metrics: { contentType: 'text/plain', text: async () => '' },
    },
  }
  const handled: Handled[] = []
  const route = line((call) => {
    steps.push('handled')
    handled.push(call)
    return done
  })
  const received: ReceivedCall = {
    params: {},
    query: new URLSearchParams(),
    headers: { authorization: `Bearer ${world.agent.credential}`, ...headers },
    body: Buffer.alloc(0),
    tell: () => {},
    ended: () => new AbortController().signal,
  }
  const answered = await answerCall<Credentials>(route, service, received).catch(
    (refusal: unknown) => refusal,
  )
  return { steps, handled: handled[0], answered, agent: world.agent.agent }
}

describe('on the way to a handler', () => {
  test('it is found out who calls, then how often; then the handler knows', async () => {
    const { steps, handled, answered, agent } = await onTheWay(forAgents, {})

    expect(steps).toEqual(['authenticated', `otherCalls of ${agent.id}`, 'handled'])
    expect(handled?.caller).toMatchObject({ agent: { id: agent.id } })
    expect(answered).toBe(done)
  })

  test('whoever cannot prove who they are is not counted and not handled', async () => {
    const { steps, answered } = await onTheWay(forAgents, { authorization: 'Bearer csk_x' })

    expect(steps).toEqual([])
    expect(answered).toMatchObject({ code: 'unauthenticated' })
  })

  test.each([
    ['that has looked at them', forAgents],
    ['that takes none', forAnybody],
  ])('no credentials go on to the handler of a route %s', async (_, line) => {
    const { handled } = await onTheWay(line, { 'webhook-signature': 'v1,x', prefer: 'wait=1' })

    expect(handled?.headers.authorization).toBeUndefined()
    expect(handled?.headers['webhook-signature']).toBeUndefined()
    // Control: the other headers do.
    expect(handled?.headers.prefer).toBe('wait=1')
  })

  test('a route for anybody asks for no key, even when one is sent', async () => {
    const { steps, handled } = await onTheWay(forAnybody, {})

    expect(steps).toEqual(['handled'])
    expect(handled?.caller).toBeNull()
  })
})

/* Nothing runs in these: the compiler is the test, and `npm run types` asks it. */
describe('the compiler', () => {
  const writes = async (_api: Api) => done
  const reads = async (_api: ReadApi) => done
  const wantsAgent = async (_api: ReadApi, _call: Call<'agent'>) => done
  const takesSignatures = async (_api: ReadApi, _call: Call<'agent or webhook'>) => done
  const agent = { ...rest, credentials: 'agent', limit: 'otherCalls' } as const
  const anybody = { ...rest, credentials: 'anybody', limit: none } as const

  test('gives a handler its caller, and one for anybody none', () => {
    expectTypeOf<Call<'agent'>['caller']>().toEqualTypeOf<Caller<'api'>>()
    expectTypeOf<Call<'anybody'>['caller']>().toEqualTypeOf<null>()
    expectTypeOf<Call<'anybody'>['headers']['authorization']>().toEqualTypeOf<undefined>()
    expectTypeOf<ReadApi>().not.toHaveProperty('signingSecret')
  })

  test('refuses a handler that wants more than its credentials give', () => {
    // @ts-expect-error nobody has found out who calls
    const open: Route = { ...anybody, method: 'GET', run: wantsAgent }
    const either = { ...rest, method: 'POST', credentials: 'agent or webhook', limit: 'submissions' } as const
    // @ts-expect-error the caller may have come with a signature
    const signed: Route = { ...either, run: wantsAgent }
    const fit: readonly Route[] = [
      { ...agent, method: 'GET', run: wantsAgent },
      { ...anybody, method: 'GET', run: reads },
      { ...either, run: takesSignatures },
    ]

    expect([open, signed, ...fit]).toHaveLength(5)
  })

  test('refuses a handler of GET that writes', () => {
    // @ts-expect-error whoever answers GET gets a store without commit
    const get: Route = { ...agent, method: 'GET', run: writes }
    const post: Route = { ...agent, method: 'POST', run: writes }

    expect([get, post]).toHaveLength(2)
  })

  test('refuses a line whose limit its callers do not have', () => {
    // @ts-expect-error a known caller is counted
    const uncounted: Route = { ...agent, method: 'GET', limit: none, run: reads }
    // @ts-expect-error nobody is known who could be counted
    const counted: Route = { ...anybody, method: 'GET', limit: 'otherCalls', run: reads }

    expect([uncounted, counted]).toHaveLength(2)
  })
})
