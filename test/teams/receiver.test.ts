import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SignJWT, UnsecuredJWT } from 'jose'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Activity } from '../../src/teams/inbound/activities.ts'
import { createConnectorKeys } from '../../src/teams/inbound/keys.ts'
import { createReceiver } from '../../src/teams/inbound/receiver.ts'
import { agesOf, type TestClock, testClock } from '../support/testClock.ts'
import { access, appId, bearer, claims, press, type TestKey, tenant, testKey } from './connectorKeys.ts'

let clock: TestClock
let key: TestKey
let published: () => Promise<string>
let asked: number
let heard: Activity[]
let why: string[]
let logged: string[]
let hear: (activity: Activity) => Promise<{ status: number; body?: unknown }>
let server: Server
let url: string

const first = await testKey('one')

beforeEach(async () => {
  clock = testClock()
  key = first
  published = async () => JSON.stringify({ keys: [key.jwk] })
  asked = 0
  heard = []
  why = []
  logged = []
  hear = async () => ({ status: 200, body: { statusCode: 200 } })
  const read = () => {
    asked += 1
    return published()
  }
  const note = (...said: unknown[]) => void logged.push(JSON.stringify(said))
  const receiver = createReceiver({
    access,
    keys: createConnectorKeys(read, agesOf(clock)),
    now: clock,
    // Only what a receiver needs of a log.
    log: { warn: note, error: note } as never,
    hear: (activity) => {
      heard.push(activity)
      return hear(activity)
    },
    distrusted: (reason) => why.push(reason),
    answerWithin: 300,
  })
  server = createServer((req, res) => void receiver.handle(req, res))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/messages` // it listens at a port
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise<void>((resolve) => server.close(() => resolve()))
})

async function send(body: unknown, authorization?: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(url, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) },
  })
  return { status: answer.status, text: await answer.text() }
}

const genuine = () => bearer(key, claims(clock()))
const believed = { status: 200, text: '{"statusCode":200}' }
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('forged-teams', () => {
  test('control: what the connector signed is heard', async () => {
    expect(await send(press(clock()), await genuine())).toEqual(believed)
    expect(heard.map(({ kind }) => kind)).toEqual(['execute'])
    expect(why).toEqual([])
  })

  test.each<[string, number, string, () => Promise<string | undefined> | undefined]>([
    ['without a token', 401, 'no_token', () => undefined],
    ['with something that is no token', 401, 'no_token', async () => 'Bearer nonsense'],
    ['for another app', 401, 'other_audience', () => signed({ aud: tenant })],
    ['for our app by another of its names', 401, 'other_audience', () => signed({ aud: `api://${appId}` })],
    ['for our app and another', 401, 'other_audience', () => signed({ aud: [appId, tenant] })],
    [
      'by Entra, of our own tenant',
      401,
      'other_issuer',
      () => signed({ iss: `https://login.microsoftonline.com/${tenant}/v2.0` }),
    ],
    [
      'by an issuer with a slash more',
      401,
      'other_issuer',
      () => signed({ iss: `${access.services.issuer}/` }),
    ],
    ['without the service address', 403, 'other_service', () => signed({ serviceurl: undefined })],
    [
      'of another service address',
      403,
      'other_service',
      () => signed({ serviceurl: 'https://smba.example/amer/' }),
    ],
    ['over six minutes ago', 401, 'wrong_time', () => signed({ exp: seconds() - 301 })],
    ['for in six minutes', 401, 'wrong_time', () => signed({ nbf: seconds() + 301 })],
    ['that is never over', 401, 'bad_claims', () => signed({ exp: undefined })],
    ['without a beginning', 401, 'bad_claims', () => signed({ nbf: undefined })],
  ])('a token %s is refused and nothing runs', async (_, status, reason, token) => {
    expect(await send(press(clock()), await token())).toEqual({ status, text: '' })
    expect(why).toEqual([reason])
    expect(heard).toEqual([])
  })

  const seconds = () => Math.floor(clock().getTime() / 1_000)
  const signed = (change: Parameters<typeof claims>[1]) => bearer(key, claims(clock(), change))

  test('control: five minutes of skew are no reason', async () => {
    expect(await send(press(clock()), await signed({ exp: seconds() - 299 }))).toEqual(believed)
    expect(await send(press(clock()), await signed({ nbf: seconds() + 300 }))).toEqual(believed)
  })

  test('a key of Entra, which the connector does not publish, signs nothing', async () => {
    const entra = await testKey('entra')

    expect((await send(press(clock()), await bearer(entra, claims(clock())))).status).toBe(401)
    expect((await send(press(clock()), await bearer(entra, claims(clock()), key.kid))).status).toBe(401)
    expect(why).toEqual(['unknown_key', 'bad_signature'])
  })

  test('no algorithm, and one whose key everybody has, are refused', async () => {
    const none = new UnsecuredJWT(claims(clock())).encode()
    const secret = new TextEncoder().encode(JSON.stringify(key.jwk))
    const mac = await new SignJWT(claims(clock()))
      .setProtectedHeader({ alg: 'HS256', kid: key.kid })
      .sign(secret)

    expect((await send(press(clock()), `Bearer ${none}x`)).status).toBe(401)
    expect((await send(press(clock()), `Bearer ${mac}`)).status).toBe(401)
    expect(why).toEqual(['other_algorithm', 'other_algorithm'])
  })

  test.each([
    ['of no channel', {}],
    ['of another channel', { endorsements: ['skype'] }],
  ])(
    'a key with endorsements %s is refused',
    async (_, { endorsements = [] }: { endorsements?: string[] }) => {
      key = await testKey('one', { endorsements })

      expect((await send(press(clock()), await genuine())).status).toBe(401)
      expect(why).toEqual(['not_endorsed'])
    },
  )

  test('a payload that was written again after signing is refused', async () => {
    const [head, , mac] = (await genuine()).split('.')

    expect(
      (await send(press(clock()), `${head}.${encoded(claims(clock(), { aud: appId, sub: 'x' }))}.${mac}`))
        .status,
    ).toBe(401)
    expect(why).toEqual(['bad_signature'])
  })

  test.each([
    [
      'whose service address is not the one of the token',
      'other_service',
      { serviceUrl: 'https://smba.example/amer/' },
    ],
    ['of another channel', 'other_channel', { channelId: 'webchat' }],
    [
      'of a conversation of another tenant',
      'other_tenant',
      { conversation: { id: '19:x', tenantId: appId } },
    ],
    ['with the data of another tenant', 'other_tenant', { channelData: { tenant: { id: appId } } }],
    ['of no tenant', 'bad_claims', { conversation: { id: '19:x' } }],
    ['of nobody’s tenant in its data', 'bad_claims', { channelData: {} }],
    ['of eleven minutes ago', 'old_activity', { timestamp: '2026-11-24T13:49:00.000Z' }],
    ['of in eleven minutes', 'old_activity', { timestamp: '2026-11-24T14:11:00.000Z' }],
    ['of no time', 'bad_claims', { timestamp: 'yesterday' }],
  ])('an activity %s is refused', async (_, reason, change) => {
    const { status, text } = await send(press(clock(), change), await genuine())

    expect([401, 403]).toContain(status)
    expect(text).toBe('')
    expect(why).toEqual([reason])
    expect(heard).toEqual([])
  })

  test('control: a slash, capitals and nine minutes make no difference', async () => {
    const change = { serviceUrl: 'https://SMBA.example/emea', timestamp: '2026-11-24T13:51:00.000Z' }

    expect(await send(press(clock(), change), await genuine())).toEqual(believed)
  })

  test('a service at another host is refused, though token and activity agree on it', async () => {
    for (const other of [
      'https://evil.example/emea',
      'http://smba.example/emea',
      'https://smba.example:444/',
      'https://smba.example@evil.example/',
    ]) {
      const token = await bearer(key, claims(clock(), { serviceurl: other }))
      expect((await send(press(clock(), { serviceUrl: other }), token)).status).toBe(403)
    }
    expect(new Set(why)).toEqual(new Set(['other_service']))
    expect(heard).toEqual([])
  })

  test('what is not believed is logged without its token', async () => {
    const token = await signed({ aud: tenant })
    await send(press(clock()), token)

    expect(logged).toHaveLength(1)
    expect(logged[0]).toContain('other_audience')
    expect(logged[0]).not.toContain(token.slice(-20))
  })
})

describe('the endpoint', () => {
  test('a GET never does anything', async () => {
    expect((await fetch(url)).status).toBe(405)
    expect(heard).toEqual([])
  })

  test('what is no object of JSON is 400, and too much is 413, before anything is verified', async () => {
    expect((await send('nonsense')).status).toBe(400)
    expect((await send('[1]', await genuine())).status).toBe(400)
    expect((await send({ pad: 'x'.repeat(128 * 1024) }, await genuine())).status).toBe(413)
    expect(asked).toBe(0)
  })

  test('what is nothing to us is answered and ignored; an invoke that we do not know is heard as one', async () => {
    expect(await send(press(clock(), { type: 'messageReaction' }), await genuine())).toEqual({
      status: 200,
      text: '',
    })
    expect(heard).toEqual([])
    await send(press(clock(), { name: 'fileConsent/invoke' }), await genuine())

    expect(heard).toEqual([{ kind: 'unknown_invoke', name: 'fileConsent/invoke' }])
  })

  test('while nobody knows the keys everything is refused, and Teams may try again', async () => {
    published = () => Promise.reject(new Error('no answer'))

    expect((await send(press(clock()), await genuine())).status).toBe(503)
    expect(why).toEqual(['keys_unknown'])
    expect(heard).toEqual([])
  })

  test('what is of a kind that we know and not of its form is 400', async () => {
    expect((await send(press(clock(), { value: { action: {} } }), await genuine())).status).toBe(400)
    expect(
      (
        await send(
          press(clock(), { value: { action: { type: 'Action.Submit', verb: 'approve' } } }),
          await genuine(),
        )
      ).status,
    ).toBe(400)
    expect(heard).toEqual([])
  })

  test('what takes too long is not answered with success', async () => {
    hear = () => new Promise(() => undefined)

    expect((await send(press(clock()), await genuine())).status).toBe(503)
  })

  test('what fails is not answered with success', async () => {
    hear = () => Promise.reject(new Error('broken'))

    expect((await send(press(clock()), await genuine())).status).toBe(500)
  })
})
