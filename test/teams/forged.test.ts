import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SignJWT } from 'jose'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Activity } from '../../src/teams/inbound/activities.ts'
import { askedIn } from '../../src/teams/inbound/asked.ts'
import { createConnectorKeys } from '../../src/teams/inbound/keys.ts'
import { createReceiver } from '../../src/teams/inbound/receiver.ts'
import { agesOf, type TestClock, testClock } from '../support/testClock.ts'
import { access, bearer, claims, press, testKey } from './connectorKeys.ts'

const key = await testKey('one')
let clock: TestClock
let heard: Activity[]
let why: string[]
let server: Server

beforeEach(async () => {
  clock = testClock()
  heard = []
  why = []
  const receiver = createReceiver({
    access,
    keys: createConnectorKeys(async () => JSON.stringify({ keys: [key.jwk] }), agesOf(clock)),
    now: clock,
    // Only what a receiver needs of a log.
    log: { warn: () => undefined, error: () => undefined } as never,
    hear: async (activity) => {
      heard.push(activity)
      return { status: 200, body: { statusCode: 200 } }
    },
    distrusted: (reason) => why.push(reason),
  })
  server = createServer((req, res) => void receiver.handle(req, res))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise<void>((resolve) => server.close(() => resolve()))
})

/** As it stands on the wire: headers may come twice. */
function send(body: string, authorization: readonly string[]): Promise<number> {
  const { port } = server.address() as AddressInfo // it listens at a port
  return new Promise((resolve, reject) => {
    const headers = ['host', 'x', 'content-length', `${Buffer.byteLength(body)}`]
    for (const one of authorization) headers.push('authorization', one)
    const sent = request(
      { port, host: '127.0.0.1', method: 'POST', path: '/api/messages', headers },
      (res) => {
        res.resume()
        resolve(res.statusCode ?? 0)
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}

const genuine = () => bearer(key, claims(clock()))
const body = (change = {}) => JSON.stringify(press(clock(), change))

/** Signed with the connector's own key, with a header of the forger's making. */
async function headed(header: Readonly<Record<string, unknown>>): Promise<string> {
  const token = await new SignJWT(claims(clock()))
    // The signer writes what it is given: that is the point.
    .setProtectedHeader({ alg: 'RS256', kid: key.kid, ...header } as never)
    .sign(key.privateKey)
  return `Bearer ${token}`
}

describe('forged-teams', () => {
  test('control: the scheme in small letters is the same', async () => {
    expect(await send(body(), [(await genuine()).replace('Bearer', 'bearer')])).toBe(200)
    expect(heard).toHaveLength(1)
  })

  test('of two authorizations the second makes up for nothing in the first', async () => {
    const good = await genuine()

    expect(await send(body(), ['Bearer x.y.z', good])).toBe(401)
    expect(await send(body(), [`${good}, ${good}`])).toBe(401)
    expect(await send(body(), [`Bearer x.y.z, ${good}`])).toBe(401)
    expect(await send(body(), [good.replace('Bearer', 'Basic')])).toBe(401)
    expect(heard).toEqual([])
  })

  test('a token that brings its own key is measured by the published one', async () => {
    const own = await testKey('own')
    const jwk = { kty: own.jwk.kty, n: own.jwk.n, e: own.jwk.e }
    const forged = await new SignJWT(claims(clock()))
      .setProtectedHeader({ alg: 'RS256', kid: key.kid, jwk, jku: 'https://keys.evil.example/' } as never)
      .sign(own.privateKey)

    expect(await send(body(), [`Bearer ${forged}`])).toBe(401)
    expect(why).toEqual(['bad_signature'])
  })

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['none', { kid: undefined }],
    ['an empty one', { kid: '' }],
    ['one of JavaScript', { kid: '__proto__' }],
    ['another of JavaScript', { kid: 'constructor' }],
    ['a path', { kid: '../../one' }],
    ['a number', { kid: 1 }],
    ['several', { kid: ['one'] }],
    ['one with another case', { kid: 'ONE' }],
  ])('a key named by %s is none', async (_, header) => {
    expect(await send(body(), [await headed(header)])).toBe(401)
    expect(why).toEqual(['unknown_key'])
    expect(heard).toEqual([])
  })

  test('what a token says has to be understood is not passed over', async () => {
    const token = await new SignJWT(claims(clock()))
      .setProtectedHeader({ alg: 'RS256', kid: key.kid, crit: ['odd'], odd: 1 })
      .sign(key.privateKey, { crit: { odd: true } })

    expect(await send(body(), [`Bearer ${token}`])).toBe(401)
    expect(heard).toEqual([])
  })

  test('of two names that are one the last counts, for the check and for what is done', async () => {
    const mine = JSON.stringify({ id: '19:x', tenantId: access.appId })
    const theirs = body().replace('"conversation":', `"conversation":${mine},"conversation":`)
    expect(await send(theirs, [await genuine()])).toBe(200)

    const { conversation, ...others } = press(clock()) as { conversation: unknown }
    const last = `${JSON.stringify(others).slice(0, -1)},"conversation":${JSON.stringify(conversation)},"conversation":${mine}}`
    expect(await send(last, [await genuine()])).toBe(403)
    expect(why).toEqual(['other_tenant'])
  })

  test('what JavaScript would inherit is nothing that was sent', async () => {
    const { conversation, channelData, ...others } = press(clock()) as Record<string, unknown>
    const inherited = `${JSON.stringify(others).slice(0, -1)},"__proto__":${JSON.stringify({ conversation, channelData })}}`

    expect(await send(inherited, [await genuine()])).toBe(401)
    expect(why).toEqual(['bad_claims'])
  })

  test('data that goes deep is read like any other', async () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`
    const text = body({ value: { action: { type: 'Action.Execute', verb: 'refresh', data: { x: 'HERE' } } } })

    expect(await send(text.replace('"HERE"', deep), [await genuine()])).toBe(200)
    expect(heard.map(({ kind }) => kind)).toEqual(['execute'])
  })

  test('a text without end of signs is read in one go', () => {
    // Each of them could begin something that is left out.
    expect(askedIn(`${'<'.repeat(28_000)}`)).toEqual({ word: 'help', request: null })
    expect(askedIn(`${'<at>'.repeat(7_000)} list`)).toEqual({ word: 'list', request: null })
    expect(askedIn('<at>Countersign</at> <b>show</b> req_1')).toEqual({ word: 'show', request: 'req_1' })
  })
})
