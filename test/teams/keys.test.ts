import { beforeEach, describe, expect, test } from 'vitest'
import { createConnectorKeys, KeysUnknown } from '../../src/teams/inbound/keys.ts'
import { NotFromTeams, verify } from '../../src/teams/inbound/verify.ts'
import { agesOf, type TestClock, testClock } from '../support/testClock.ts'
import { access, bearer, claims, press, type TestKey, testKey } from './connectorKeys.ts'

let clock: TestClock
let key: TestKey
let published: () => Promise<string>
let asked: number
let check: (authorization: string) => Promise<string>

const first = await testKey('one')

beforeEach(() => {
  clock = testClock()
  key = first
  asked = 0
  published = async () => JSON.stringify({ keys: [key.jwk] })
  const read = () => {
    asked += 1
    return published()
  }
  const keys = createConnectorKeys(read, agesOf(clock))
  check = (authorization) =>
    verify({ authorization, activity: press(clock()) }, { access, keys, now: clock }).then(
      () => 'believed',
      (why: unknown) => {
        if (why instanceof NotFromTeams) return why.why
        if (why instanceof KeysUnknown) return 'keys_unknown'
        throw why
      },
    )
})

const genuine = () => bearer(key, claims(clock()))

describe('forged-teams: the keys', () => {
  test('are asked for once for many deliveries, and again after an hour', async () => {
    await Promise.all(Array.from({ length: 10 }, async () => check(await genuine())))
    expect(asked).toBe(1)
    clock.advance(3_600)

    expect(await check(await genuine())).toBe('believed')
    expect(asked).toBe(2)
  })

  test('a new one is found, but looked for at most once a minute, however many tokens name one that nobody has', async () => {
    await check(await genuine())
    clock.advance(60)
    for (let nth = 0; nth < 20; nth += 1) await check(await bearer(key, claims(clock()), `no-${nth}`))
    expect(asked).toBe(2)
    key = await testKey('two')
    expect(await check(await genuine())).toBe('unknown_key')
    clock.advance(60)

    expect(await check(await genuine())).toBe('believed')
    expect(asked).toBe(3)
  })

  test.each([
    ['nobody answers', () => Promise.reject(new Error('no answer'))],
    ['it is rubbish', async () => '<html>'],
    ['it is an empty set', async () => '{"keys":[]}'],
    ['it is something else', async () => '{"keys":"many"}'],
  ])('%s once: it is refused, and the next time believed', async (_, answer) => {
    const good = published
    published = answer
    expect(await check(await genuine())).toBe('keys_unknown')
    published = good
    clock.advance(5)

    expect(await check(await genuine())).toBe('believed')
  })

  test('those that are known count on while nobody answers, for a day', async () => {
    await check(await genuine())
    published = () => Promise.reject(new Error('no answer'))
    clock.advance(23 * 3_600)
    expect(await check(await genuine())).toBe('believed')
    clock.advance(3_600)

    expect(await check(await genuine())).toBe('keys_unknown')
  })

  test('one that is withdrawn counts no longer than an hour', async () => {
    await check(await genuine())
    const old = key
    key = await testKey('two')
    clock.advance(3_600)

    expect(await check(await bearer(old, claims(clock())))).toBe('unknown_key')
  })

  test('of two with one name neither counts', async () => {
    const other = await testKey('one')
    const third = await testKey('three')
    published = async () => JSON.stringify({ keys: [key.jwk, other.jwk, third.jwk] })

    expect(await check(await genuine())).toBe('unknown_key')
    expect(await check(await bearer(other, claims(clock())))).toBe('unknown_key')
    expect(await check(await bearer(third, claims(clock())))).toBe('believed')
  })
})
