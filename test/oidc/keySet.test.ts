import { beforeEach, describe, expect, test } from 'vitest'
import { createAgeClock } from '../../src/lifetime/ageClock.ts'
import { identityProviders } from '../../src/oidc/providers.ts'
import { agesOf, type TestClock, testClock } from '../support/testClock.ts'
import { issuedAt, type TestProvider, testProvider } from '../support/testIssuer.ts'

let issuer: TestProvider
let clock: TestClock
let asked: number
let answer: () => Promise<string>
let signIn: (token: string) => Promise<unknown>
beforeEach(async () => {
  issuer = await testProvider()
  clock = testClock()
  asked = 0
  answer = async () => issuer.document()
  signIn = replica()
})

/** One process, with a memory of its own. */
function replica(ages = agesOf(clock)): (token: string) => Promise<unknown> {
  const read = async () => {
    asked += 1
    return answer()
  }
  const providers = identityProviders([issuer.provider], { read, ages })
  return (token) => providers.signIn(token, { agent: 'billing-agent', at: clock() })
}

const fresh = () => issuer.token({ iat: now(), exp: now() + 600 })
const now = () => Math.max(issuedAt, Math.floor(clock().getTime() / 1_000) - 30)
const unchecked = { code: 'id_token_unchecked' }
const deaf = () => Promise.reject(new Error('it did not answer in time'))

describe('attested: the keys of a provider', () => {
  test('are asked for once, however many tokens come at once', async () => {
    const token = await fresh()

    await Promise.all(Array.from({ length: 20 }, () => signIn(token)))
    await signIn(token)

    expect(asked).toBe(1)
  })

  test('are asked for again after ten minutes: one that was withdrawn counts no longer', async () => {
    const old = await issuer.token({ exp: issuedAt + 3_000 })
    await signIn(old)
    await issuer.rotate(false)

    clock.advance(599)
    await expect(signIn(old)).resolves.toBeDefined()
    clock.advance(1)

    await expect(signIn(old)).rejects.toMatchObject({ code: 'id_token_refused' })
    expect(asked).toBe(2)
  })

  test('have a new one: it is found at once, but is looked for at most once a minute', async () => {
    await signIn(await fresh())
    await issuer.rotate()
    const token = await fresh()

    clock.advance(59)
    await expect(signIn(token)).rejects.toMatchObject({ code: 'id_token_refused' })
    expect(asked).toBe(1)
    clock.advance(1)

    await expect(signIn(token)).resolves.toBeDefined()
    expect(asked).toBe(2)
  })

  test('are not asked for by a flood of tokens that name keys nobody has', async () => {
    await signIn(await fresh())
    clock.advance(60)
    const [, payload = '', mac = ''] = (await fresh()).split('.')
    const forged = (nth: number) =>
      `${Buffer.from(JSON.stringify({ alg: 'ES256', kid: `no-${nth}` })).toString('base64url')}.${payload}.${mac}`

    for (let nth = 0; nth < 50; nth += 1)
      await expect(signIn(forged(nth))).rejects.toMatchObject({ code: 'id_token_refused' })

    expect(asked).toBe(2)
  })

  test.each([
    ['deaf', deaf],
    ['wrong', async () => '<html>Welcome</html>'],
    ['wrong in its own form', async () => '{"keys":"none"}'],
  ])(
    'are not known while it is %s: nothing is believed, and nobody waits for it twice in five seconds',
    async (_, bad) => {
      const token = await fresh()
      answer = bad

      await expect(signIn(token)).rejects.toMatchObject(unchecked)
      clock.advance(4)
      await expect(signIn(token)).rejects.toMatchObject(unchecked)
      expect(asked).toBe(1)

      answer = async () => issuer.document()
      await expect(signIn(token)).rejects.toMatchObject(unchecked)
      clock.advance(1)
      await expect(signIn(token)).resolves.toBeDefined()
    },
  )

  test('go on counting for an hour while it does not answer, and no longer', async () => {
    await signIn(await fresh())
    answer = deaf

    clock.advance(3_599)
    await expect(signIn(await fresh())).resolves.toBeDefined()
    clock.advance(10)

    await expect(signIn(await fresh())).rejects.toMatchObject(unchecked)
  })

  test('may have a new one that cannot be looked for now: that is not known, which is not a no', async () => {
    await signIn(await fresh())
    await issuer.rotate()
    clock.advance(60)
    answer = deaf

    await expect(signIn(await fresh())).rejects.toMatchObject(unchecked)
  })

  test('are forgotten when somebody sets the clock', async () => {
    let [elapsed, wall] = [0, clock().getTime()]
    const ages = createAgeClock({ elapsed: () => elapsed, wall: () => wall })
    const there = replica(ages)
    const token = await fresh()
    await there(token)

    wall -= 7_200_000
    elapsed += 10
    await there(token)

    expect(asked).toBe(2)
  })

  test('are each replica’s own: one that has not heard of a new key looks for itself', async () => {
    const other = replica()
    await signIn(await fresh())
    await other(await fresh())
    await issuer.rotate()
    clock.advance(61)
    const token = await fresh()

    await Promise.all([signIn(token), other(token)])

    expect(asked).toBe(4)
  })
})
