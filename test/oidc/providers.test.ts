import { createHmac } from 'node:crypto'
import { SignJWT } from 'jose'
import { beforeEach, describe, expect, test } from 'vitest'
import { identityProviders } from '../../src/oidc/providers.ts'
import type { Provider } from '../../src/oidc/readProviders.ts'
import { agesOf, type TestClock, testClock } from '../support/testClock.ts'
import { issuedAt, signIns, type TestProvider, testProvider } from '../support/testIssuer.ts'

let issuer: TestProvider
let clock: TestClock
/** Addresses that were asked, oldest first. */
let asked: string[]
let answer: () => Promise<string>
beforeEach(async () => {
  issuer = await testProvider()
  clock = testClock()
  asked = []
  answer = async () => issuer.document()
})

function believing(change: Partial<Provider> = {}, others: readonly Provider[] = []) {
  const read = async (url: string) => {
    asked.push(url)
    return answer()
  }
  const providers = identityProviders([{ ...issuer.provider, ...change }, ...others], {
    read,
    ages: agesOf(clock),
  })
  return {
    signIn: (token: string, agent = 'billing-agent') => providers.signIn(token, { agent, at: clock() }),
  }
}

const refused = (says: string) => ({
  code: 'id_token_refused',
  problems: [{ pointer: '/initiator/id_token', detail: expect.stringContaining(says) }],
})
const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

test('attested: what a provider has signed says who signed in, where and when, and the token is kept nowhere', async () => {
  const token = await issuer.token({ auth_time: issuedAt - 600 })

  const signIn = await believing().signIn(token)

  expect(signIn).toEqual({
    issuer: signIns,
    subject: 'sub-alice',
    at: '2026-11-24T13:49:00.000Z',
    issuedAt: '2026-11-24T13:59:00.000Z',
    token: expect.stringMatching(/^[0-9a-f]{64}$/),
    address: 'slack:U0ALICE',
  })
  expect(asked).toEqual([`${signIns}/keys`])
})

test('a token that is shown again has the same name, and another one has another', async () => {
  const { signIn } = believing()
  const named = async (jti: string | null) => (await signIn(await issuer.token({ jti }))).token

  expect(await named('one')).toBe(await named('one'))
  expect(await named('one')).not.toBe(await named('two'))
  expect(await named(null)).not.toBe(await named('one'))
})

test('somebody of whom the operator says nothing is nobody, whatever e-mail address the token has', async () => {
  const token = await issuer.token({ sub: 'sub-carol', email: 'alice@acme.test', email_verified: true })

  expect(await believing().signIn(token)).toMatchObject({ subject: 'sub-carol', address: null })
})

test.each(['constructor', '__proto__', 'toString'])('a subject called %s is nobody', async (sub) => {
  expect((await believing().signIn(await issuer.token({ sub }))).address).toBeNull()
})

describe('attested: a token is refused', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['that is over', { exp: issuedAt + 20 }, 'The token is over'],
    ['without an end', { exp: null }, 'lacks a claim'],
    ['without a time', { iat: null }, 'lacks a claim'],
    ['of nobody', { sub: null }, 'lacks a claim'],
    ['of nobody, in another form', { sub: '' }, 'lacks a claim'],
    ['whose subject is a number', { sub: 7 }, 'lacks a claim'],
    [
      'that lasts ten years, and was issued too long ago',
      { iat: issuedAt - 3_700, exp: issuedAt + 3e8 },
      'too long ago',
    ],
    ['from the future', { iat: issuedAt + 200 }, 'from the future'],
    ['that does not count yet', { nbf: issuedAt + 200 }, 'from the future'],
    [
      'of somebody who signed in too long ago, and got a new one since',
      { auth_time: issuedAt - 3_700 },
      'too long ago',
    ],
    ['that says that they will sign in', { auth_time: issuedAt + 120 }, 'lacks a claim'],
    ['whose sign-in is no time', { auth_time: 'now' }, 'lacks a claim'],
    ['for another audience', { aud: 'somebody-else' }, 'not made for this agent'],
    ['for nobody', { aud: null }, 'not made for this agent'],
    ['for several, without saying who asked for it', { aud: ['countersign', 'other'] }, 'another client'],
    [
      'for several, asked for by one of the others',
      { aud: ['countersign', 'other'], azp: 'other' },
      'another client',
    ],
    ['that another client asked for', { azp: 'other' }, 'another client'],
    ['of another issuer', { iss: 'https://login.example.com/' }, 'believes no such issuer'],
    ['of none', { iss: null }, 'believes no such issuer'],
  ])('%s', async (_, claims, says) => {
    await expect(believing().signIn(await issuer.token(claims))).rejects.toMatchObject(refused(says))
  })

  test.each([
    ['a client that the operator has named', { azp: 'portal' }],
    ['several, one of which is ours and asked for it', { aud: ['countersign', 'other'], azp: 'countersign' }],
    ['a clock that is half a minute off', { iat: issuedAt + 85, nbf: issuedAt + 85 }],
  ])('control: %s is believed', async (_, claims) => {
    await expect(believing().signIn(await issuer.token(claims))).resolves.toMatchObject({
      subject: 'sub-alice',
    })
  })

  test('that a client asked for who may do so for another audience only; control: for its own it is believed', async () => {
    const { signIn } = believing({
      audiences: [
        { audience: 'countersign', agents: ['billing-agent'], clients: [] },
        { audience: 'reports', agents: ['billing-agent'], clients: ['dashboard'] },
      ],
    })

    const token = await issuer.token({ azp: 'dashboard' })
    await expect(signIn(token)).rejects.toMatchObject(refused('another client'))
    await expect(signIn(await issuer.token({ aud: 'reports', azp: 'dashboard' }))).resolves.toBeDefined()
  })

  test('that was made for another agent: nobody relays what they were not given', async () => {
    const { signIn } = believing({
      audiences: [
        { audience: 'countersign', agents: ['billing-agent'], clients: [] },
        { audience: 'deploys', agents: ['deploy-agent'], clients: [] },
      ],
    })
    const token = await issuer.token()

    await expect(signIn(token, 'deploy-agent')).rejects.toMatchObject(refused('not made for this agent'))
    await expect(signIn(token, 'some-agent')).rejects.toMatchObject(refused('not made for this agent'))
    await expect(signIn(token)).resolves.toMatchObject({ subject: 'sub-alice' })
    await expect(signIn(await issuer.token({ aud: 'deploys' }), 'deploy-agent')).resolves.toBeDefined()
  })

  test('that nobody has signed, or whoever knows what everybody knows', async () => {
    const { signIn } = believing()
    const token = await issuer.token()
    const [, payload = ''] = token.split('.')
    const none = `${base64({ alg: 'none', typ: 'JWT' })}.${payload}.`
    const head = base64({ alg: 'HS256', kid: 'key-1', typ: 'JWT' })
    const mac = createHmac('sha256', issuer.publicKey()).update(`${head}.${payload}`).digest('base64url')

    await expect(signIn(none)).rejects.toMatchObject(refused('an algorithm that is not accepted'))
    await expect(signIn(`${head}.${payload}.${mac}`)).rejects.toMatchObject(refused('an algorithm'))
  })

  test('that is signed by another provider, under the name of this one', async () => {
    const other = await testProvider()

    await expect(believing().signIn(await other.token())).rejects.toMatchObject(refused('signature'))
  })

  test('that a provider signed which is believed, too, but is another one', async () => {
    const other = await testProvider('https://other.example.com')
    answer = async () => (asked.at(-1)?.startsWith(signIns) ? issuer : other).document()
    const { signIn } = believing({}, [other.provider])

    await expect(signIn(await other.token({ iss: signIns }))).rejects.toMatchObject(refused('signature'))
    await expect(signIn(await other.token())).resolves.toMatchObject({ issuer: 'https://other.example.com' })
  })

  test('whose header brings its own key', async () => {
    const other = await testProvider()
    const jwk = JSON.parse(other.publicKey())
    const token = await other.token({}, { jwk, jku: 'https://evil.example.com/keys', kid: 'key-1' })

    await expect(believing().signIn(token)).rejects.toMatchObject(refused('signature'))
    expect(asked).toEqual([`${signIns}/keys`])
  })

  test.each(['at+jwt', 'logout+jwt'])('of the type %s: it is for something else', async (typ) => {
    await expect(believing().signIn(await issuer.token({}, { typ }))).rejects.toMatchObject(
      refused('no signed ID'),
    )
  })

  test.each(['', 'a.b', 'a.b.c', '..', 'eyJhbGciOiJFUzI1NiJ9.e30.', 'x'.repeat(100)])(
    'that is none: %j',
    async (text) => {
      await expect(believing().signIn(text)).rejects.toMatchObject({ code: 'id_token_refused' })
      expect(asked).toEqual([])
    },
  )

  test('whose signature was changed, in whatever place', async () => {
    const token = await issuer.token()
    const [head = '', payload = '', mac = ''] = token.split('.')
    const changed = [
      `${head}.${base64({ ...JSON.parse(Buffer.from(payload, 'base64url').toString()), sub: 'sub-bob' })}.${mac}`,
      `${head}.${payload}.${Buffer.alloc(64, 1).toString('base64url')}`,
      `${head}.${payload}.`,
    ]

    for (const one of changed)
      await expect(believing().signIn(one)).rejects.toMatchObject({ code: 'id_token_refused' })
  })

  test('and its refusal repeats nothing of it', async () => {
    const token = await issuer.token({ aud: 'S3CRET', sub: 'S3CRET' })

    const refusal = await believing()
      .signIn(token)
      .catch((thrown: unknown) => thrown)

    expect(JSON.stringify(refusal) + String(refusal)).not.toContain('S3CRET')
  })
})

test('a token signed by an unpublished key, by somebody who published it elsewhere', async () => {
  const token = await new SignJWT({
    iss: signIns,
    sub: 'sub-alice',
    aud: 'countersign',
    iat: issuedAt,
    exp: issuedAt + 60,
  })
    .setProtectedHeader({ alg: 'ES256', kid: 'nobody-knows' })
    .sign(
      (await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'])).privateKey,
    )

  await expect(believing().signIn(token)).rejects.toMatchObject(refused('does not publish'))
})
