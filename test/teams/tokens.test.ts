import { createHash, X509Certificate } from 'node:crypto'
import { jwtVerify } from 'jose'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { certificate, privateKey } from './certificate.ts'
import { appId, tenant } from './connectorKeys.ts'
import { type Answer, openOutbound } from './outboundWorld.ts'

let at: Awaited<ReturnType<typeof openOutbound>>
beforeEach(async () => {
  at = await openOutbound()
})
afterEach(() => at.service.close())

describe('tokens', () => {
  test('are asked for with the secret, once for all who come together, and again five minutes before their end', async () => {
    const all = await Promise.all(Array.from({ length: 10 }, () => at.tokens.tokenFor('connector')))
    expect(new Set(all)).toEqual(new Set(['token-1']))
    const [{ line, body } = { line: '', body: '' }] = at.asked
    expect(line).toBe(`POST /${tenant}/oauth2/v2.0/token`)
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      grant_type: 'client_credentials',
      client_id: appId,
      client_secret: 'a-secret-of-the-app',
      scope: 'https://api.botframework.com/.default',
    })
    at.clock.advance(3_299)
    expect(await at.tokens.tokenFor('connector')).toBe('token-1')
    at.clock.advance(1)

    expect(await at.tokens.tokenFor('connector')).toBe('token-2')
  })

  test('for the directory are others', async () => {
    expect(await at.tokens.tokenFor('connector')).toBe('token-1')
    expect(await at.tokens.tokenFor('graph')).toBe('token-2')
    expect(new URLSearchParams(at.asked[1]?.body).get('scope')).toBe('https://graph.microsoft.com/.default')
  })

  test('are asked for with a certificate: signed, for this address, for minutes, and no secret is sent', async () => {
    await at.speaking({ kind: 'certificate', privateKey, certificate }).tokens.tokenFor('graph')
    const form = new URLSearchParams(at.asked[0]?.body)
    const known = new X509Certificate(certificate)
    const { payload, protectedHeader } = await jwtVerify(
      form.get('client_assertion') ?? '',
      known.publicKey,
      {
        audience: `${at.service.url}/${tenant}/oauth2/v2.0/token`,
        issuer: appId,
        subject: appId,
        maxTokenAge: 600,
      },
    )

    expect(form.get('client_assertion_type')).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
    expect(form.get('client_secret')).toBeNull()
    expect(protectedHeader).toEqual({
      alg: 'PS256',
      typ: 'JWT',
      'x5t#S256': createHash('sha256').update(known.raw).digest('base64url'),
    })
    expect(payload.jti).toMatch(/^[0-9a-f-]{36}$/)
    expect((payload.exp ?? 0) - (payload.nbf ?? 0)).toBeLessThanOrEqual(600)
  })

  test.each([
    [
      'the secret is refused',
      { status: 401, body: { error: 'invalid_client', error_codes: [7_000_215] } },
      'AADSTS7000215',
    ],
    [
      'it says only in words why',
      { status: 400, body: { error: 'unauthorized_client' } },
      'unauthorized_client',
    ],
    ['it is told to wait', { status: 429, body: '', headers: { 'retry-after': '7' } }, 'rate_limited'],
    ['it breaks', { status: 503, body: 'x' }, 'http_503'],
    ['it is rubbish', { status: 200, body: '<html>' }, 'unexpected'],
    [
      'it is a token for ever',
      { status: 200, body: { access_token: 'a', expires_in: 'never' } },
      'unexpected',
    ],
    [
      'it is a token with a line in it',
      { status: 200, body: { access_token: 'a\r\nb', expires_in: 9 } },
      'unexpected',
    ],
  ])('%s once: nothing was sent, and the next time it is', async (_, answer, code) => {
    const good = at.says.login
    at.says.login = async () => answer
    await expect(at.post()).rejects.toMatchObject({ code, unknown: false })
    expect(at.calls()).toEqual([])
    at.says.login = good
    at.clock.advance(7)

    expect(await at.post()).toBe('1700000000000')
  })

  test.each<[string, Answer, number]>([
    ['429: so long as it says', { status: 429, body: '', headers: { 'retry-after': '30' } }, 30],
    ['429 without a time: ten seconds', { status: 429, body: '' }, 10],
    ['429 for days: ten minutes', { status: 429, body: '', headers: { 'retry-after': '999999' } }, 600],
    [
      '429 for years: ten minutes',
      { status: 429, body: '', headers: { 'retry-after': '9'.repeat(12) } },
      600,
    ],
    ['503: a second', { status: 503, body: '' }, 1],
  ])('are not asked for again after %s; control: those for anything else are', async (_, answer, seconds) => {
    const good = at.says.login
    at.says.login = async () => answer
    const first = await at.tokens.tokenFor('connector').catch((fault: unknown) => fault)
    at.says.login = good
    at.clock.advance(seconds - 0.5)

    await expect(at.tokens.tokenFor('connector')).rejects.toMatchObject({
      ...{ code: (first as { code: string }).code, unknown: false, retryAfterSeconds: 1 },
    })
    expect(at.logins()).toHaveLength(1)
    expect(await at.tokens.tokenFor('graph')).toBe('token-1')
    at.clock.advance(0.5)
    expect(await at.tokens.tokenFor('connector')).toBe('token-2')
  })

  test('one failure of the login is heard once, however many come meanwhile', async () => {
    at.says.login = async () => ({ status: 503, body: '' })
    for (let nth = 0; nth < 10; nth += 1) await at.post().catch(() => null)
    expect(at.health.now()).toEqual([])

    // Control: five that were at.asked.
    for (let nth = 0; nth < 5; nth += 1) {
      at.clock.advance(1)
      await at.post().catch(() => null)
    }
    expect(at.health.now()).toEqual(['channel_away'])
  })

  test('that were refused late do not take away the one that has taken their place', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const good = at.says.connector
    let nth = 0
    at.says.connector = async () => {
      nth += 1
      if (nth > 3) return good()
      if (nth > 1) await held
      return { status: 401, body: '' }
    }
    const late = [at.post(), at.post(), at.post()]
    await eventually(() => expect(at.logins()).toHaveLength(2))
    release()
    await Promise.all(late)

    expect(at.logins()).toHaveLength(2)
    expect(at.calls()).toHaveLength(6)
  })
})
