import { createHash, X509Certificate } from 'node:crypto'
import { jwtVerify } from 'jose'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { reachOf } from '../../src/channels/reach.ts'
import type { TeamsAccess, TeamsCredential } from '../../src/teams/access.ts'
import type { AdaptiveCard } from '../../src/teams/card/elements.ts'
import { type Connector, createConnector } from '../../src/teams/outbound/connector.ts'
import { refusalFixes } from '../../src/teams/outbound/refusals.ts'
import { createTokens, type Tokens } from '../../src/teams/outbound/tokens.ts'
import { watchedConnector, watchedTokens } from '../../src/teams/outbound/watched.ts'
import { eventually } from '../support/eventually.ts'
import { heardHealth } from '../support/health.ts'
import { agesOf, type TestClock, testClock } from '../support/testClock.ts'
import { certificate, privateKey } from './certificate.ts'
import { ann, appId, listening, access as somewhere, tenant } from './connectorKeys.ts'

interface Asked {
  readonly line: string
  readonly body: string
  readonly authorization: unknown
}
type Answer = { status: number; body: unknown; headers?: Record<string, string> }

let clock: TestClock
let asked: Asked[]
let login: () => Promise<Answer>
let connectorSays: () => Promise<Answer>
let service: Awaited<ReturnType<typeof listening>>
let access: TeamsAccess
let tokens: Tokens
let connector: Connector
let health: ReturnType<typeof heardHealth>

beforeEach(async () => {
  clock = testClock()
  asked = []
  let nth = 0
  login = async () => {
    nth += 1
    return { status: 200, body: { token_type: 'Bearer', expires_in: 3_600, access_token: `token-${nth}` } }
  }
  connectorSays = async () => ({ status: 201, body: { id: '1700000000000' } })
  service = await listening((line, body, { authorization }) => {
    asked.push({ line, body, authorization })
    return line.includes('/oauth2/') ? login() : connectorSays()
  })
  health = heardHealth()
  open({ kind: 'secret', secret: 'a-secret-of-the-app' })
})
afterEach(() => service.close())

function open(credential: TeamsCredential): void {
  const { url } = service
  const services = { ...somewhere.services, connector: `${url}/teams`, login: url }
  access = { ...somewhere, credential, services }
  tokens = createTokens(access, { ages: agesOf(clock) })
  const watch = reachOf(health.health, {
    ...{ name: 'Teams', proof: 'our app', isBeside: false, fixes: refusalFixes },
    part: (of) => `${of} Teams`,
  })
  connector = watchedConnector(
    createConnector({ access, tokens: watchedTokens(tokens, watch), limit: 250 }),
    watch,
  )
}

const card: AdaptiveCard = {
  type: 'AdaptiveCard',
  $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
  version: '1.5',
  body: [],
  msteams: { width: 'Full' },
}
const message = { summary: 'Somebody asks', card }
const logins = () => asked.filter(({ line }) => line.includes('/oauth2/'))
const calls = () => asked.filter(({ line }) => !line.includes('/oauth2/'))
const post = () => connector.post({ conversation: '19:data@thread.tacv2' }, message)

describe('tokens', () => {
  test('are asked for with the secret, once for all who come together, and again five minutes before their end', async () => {
    const all = await Promise.all(Array.from({ length: 10 }, () => tokens.tokenFor('connector')))
    expect(new Set(all)).toEqual(new Set(['token-1']))
    const [{ line, body } = { line: '', body: '' }] = asked
    expect(line).toBe(`POST /${tenant}/oauth2/v2.0/token`)
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      grant_type: 'client_credentials',
      client_id: appId,
      client_secret: 'a-secret-of-the-app',
      scope: 'https://api.botframework.com/.default',
    })
    clock.advance(3_299)
    expect(await tokens.tokenFor('connector')).toBe('token-1')
    clock.advance(1)

    expect(await tokens.tokenFor('connector')).toBe('token-2')
  })

  test('for the directory are others', async () => {
    expect(await tokens.tokenFor('connector')).toBe('token-1')
    expect(await tokens.tokenFor('graph')).toBe('token-2')
    expect(new URLSearchParams(asked[1]?.body).get('scope')).toBe('https://graph.microsoft.com/.default')
  })

  test('are asked for with a certificate: signed, for this address, for minutes, and no secret is sent', async () => {
    open({ kind: 'certificate', privateKey, certificate })
    await tokens.tokenFor('graph')
    const form = new URLSearchParams(asked[0]?.body)
    const known = new X509Certificate(certificate)
    const { payload, protectedHeader } = await jwtVerify(
      form.get('client_assertion') ?? '',
      known.publicKey,
      {
        audience: `${service.url}/${tenant}/oauth2/v2.0/token`,
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
    const good = login
    login = async () => answer
    await expect(post()).rejects.toMatchObject({ code, unknown: false })
    expect(calls()).toEqual([])
    login = good
    clock.advance(7)

    expect(await post()).toBe('1700000000000')
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
    const good = login
    login = async () => answer
    const first = await tokens.tokenFor('connector').catch((fault: unknown) => fault)
    login = good
    clock.advance(seconds - 0.5)

    await expect(tokens.tokenFor('connector')).rejects.toMatchObject({
      ...{ code: (first as { code: string }).code, unknown: false, retryAfterSeconds: 1 },
    })
    expect(logins()).toHaveLength(1)
    expect(await tokens.tokenFor('graph')).toBe('token-1')
    clock.advance(0.5)
    expect(await tokens.tokenFor('connector')).toBe('token-2')
  })

  test('one failure of the login is heard once, however many come meanwhile', async () => {
    login = async () => ({ status: 503, body: '' })
    for (let nth = 0; nth < 10; nth += 1) await post().catch(() => null)
    expect(health.now()).toEqual([])

    // Control: five that were asked.
    for (let nth = 0; nth < 5; nth += 1) {
      clock.advance(1)
      await post().catch(() => null)
    }
    expect(health.now()).toEqual(['channel_away'])
  })

  test('that were refused late do not take away the one that has taken their place', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const good = connectorSays
    let nth = 0
    connectorSays = async () => {
      nth += 1
      if (nth > 3) return good()
      if (nth > 1) await held
      return { status: 401, body: '' }
    }
    const late = [post(), post(), post()]
    await eventually(() => expect(logins()).toHaveLength(2))
    release()
    await Promise.all(late)

    expect(logins()).toHaveLength(2)
    expect(calls()).toHaveLength(6)
  })
})

describe('the connector', () => {
  test('posts into a conversation, and into the thread under a message, always at its own address', async () => {
    expect(await post()).toBe('1700000000000')
    await connector.post({ conversation: '19:data@thread.tacv2', root: '17' }, message)

    expect(calls().map(({ line }) => line)).toEqual([
      'POST /teams/v3/conversations/19%3Adata%40thread.tacv2/activities',
      'POST /teams/v3/conversations/19%3Adata%40thread.tacv2%3Bmessageid%3D17/activities',
    ])
    expect(calls()[0]?.authorization).toBe('Bearer token-1')
    expect(JSON.parse(calls()[0]?.body ?? '')).toEqual({
      type: 'message',
      summary: 'Somebody asks',
      attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }],
    })
  })

  test('changes a message, whispers to one person, and opens the chat with one', async () => {
    await connector.update({ conversation: '19:x', id: '17' }, message)
    await connector.whisper({ conversation: '19:x', root: '17', person: ann }, message)
    expect(await connector.chatWith(ann)).toBe('1700000000000')

    expect(calls().map(({ line }) => line)).toEqual([
      'PUT /teams/v3/conversations/19%3Ax/activities/17',
      'POST /teams/v3/conversations/19%3Ax%3Bmessageid%3D17/activities?isTargetedActivity=true',
      'POST /teams/v3/conversations',
    ])
    expect(JSON.parse(calls()[1]?.body ?? '')).toMatchObject({ recipient: { id: ann } })
    expect(JSON.parse(calls()[2]?.body ?? '')).toMatchObject({
      members: [{ id: ann }],
      tenantId: tenant,
      isGroup: false,
    })
  })

  test.each<[string, Answer, object]>([
    [
      'a refusal in its own word',
      { status: 403, body: { error: { code: 'BotNotInConversationRoster' } } },
      { code: 'BotNotInConversationRoster', status: 403, unknown: false },
    ],
    [
      'a limit',
      { status: 429, body: '', headers: { 'retry-after': '12' } },
      { code: 'rate_limited', unknown: false, retryAfterSeconds: 12 },
    ],
    [
      'a limit for eleven days',
      { status: 429, body: '', headers: { 'retry-after': '999999' } },
      { code: 'rate_limited', retryAfterSeconds: 600 },
    ],
    [
      'a limit until a date',
      { status: 429, body: '', headers: { 'retry-after': 'Wed, 02 Dec 2026 23:00:00 GMT' } },
      { code: 'rate_limited', retryAfterSeconds: null },
    ],
    [
      'a failed precondition',
      { status: 412, body: { error: { code: 'PreconditionFailed' } } },
      { code: 'PreconditionFailed', status: 412, unknown: false },
    ],
    ['too large', { status: 413, body: 'no json' }, { code: 'http_413', unknown: false }],
    [
      'a broken gateway',
      { status: 502, body: { error: { code: 'ServiceError' } } },
      { code: 'http_502', unknown: true },
    ],
    ['a gateway that waited in vain', { status: 504, body: '' }, { code: 'http_504', unknown: true }],
    [
      'a way elsewhere',
      { status: 307, body: '', headers: { location: 'http://127.0.0.1:1/' } },
      { code: 'http_307', unknown: true },
    ],
    ['success without an id', { status: 201, body: {} }, { code: 'unexpected', unknown: true }],
    ['success in rubbish', { status: 201, body: '<html>' }, { code: 'unexpected', unknown: true }],
    ['a word that is none', { status: 400, body: { error: { code: '<script>' } } }, { code: 'http_400' }],
  ])('%s once is told apart, and nothing is sent twice', async (_, answer, fault) => {
    const good = connectorSays
    connectorSays = async () => answer
    await expect(post()).rejects.toMatchObject({ name: 'ConnectorFault', ...fault })
    expect(calls()).toHaveLength(1)
    connectorSays = good

    expect(await post()).toBe('1700000000000')
  })

  test('deaf: it may have taken effect', async () => {
    connectorSays = () => new Promise(() => undefined)

    await expect(post()).rejects.toMatchObject({ code: 'timeout', unknown: true, status: null })
  })

  test('an answer that was lost may have taken effect; a connection that was refused has not', async () => {
    connectorSays = () => Promise.reject(new Error('the line breaks'))
    await expect(post()).rejects.toMatchObject({ code: 'unreachable', unknown: true })
    await service.close()

    // A connection that was open already may break first.
    await eventually(() => expect(post()).rejects.toMatchObject({ code: 'unreachable', unknown: false }))
  })

  test('a token that it refuses is forgotten, and the call made once more with another', async () => {
    const good = connectorSays
    connectorSays = async () => {
      connectorSays = good
      return { status: 401, body: '' }
    }

    expect(await post()).toBe('1700000000000')
    expect(calls().map(({ authorization }) => authorization)).toEqual(['Bearer token-1', 'Bearer token-2'])
  })

  test('an app that it refuses is asked with two tokens and no more, and the operator hears of it', async () => {
    connectorSays = async () => ({ status: 401, body: '' })
    await expect(post()).rejects.toMatchObject({ code: 'Unauthorized', unknown: false })
    expect(logins()).toHaveLength(2)
    expect(health.now()).toEqual(['nobody_reachable', 'channel_away'])
    connectorSays = async () => ({ status: 201, body: { id: '1' } })
    await post()

    expect(health.now()).toEqual([])
  })

  test('no fault says a secret or a token', async () => {
    connectorSays = async () => ({ status: 400, body: { error: { code: 'Bad', message: 'Bearer token-1' } } })
    const fault = await post().catch((error: unknown) => error)

    expect(`${String(fault)} ${JSON.stringify(fault)}`).not.toMatch(/token-1|a-secret/)
  })
})
