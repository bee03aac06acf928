import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { ann, tenant } from './connectorKeys.ts'
import { type Answer, card, message, openOutbound } from './outboundWorld.ts'

let at: Awaited<ReturnType<typeof openOutbound>>
beforeEach(async () => {
  at = await openOutbound()
})
afterEach(() => at.service.close())

describe('the connector', () => {
  test('posts into a conversation, and into the thread under a message, always at its own address', async () => {
    expect(await at.post()).toBe('1700000000000')
    await at.connector.post({ conversation: '19:data@thread.tacv2', root: '17' }, message)

    expect(at.calls().map(({ line }) => line)).toEqual([
      'POST /teams/v3/conversations/19%3Adata%40thread.tacv2/activities',
      'POST /teams/v3/conversations/19%3Adata%40thread.tacv2%3Bmessageid%3D17/activities',
    ])
    expect(at.calls()[0]?.authorization).toBe('Bearer token-1')
    expect(JSON.parse(at.calls()[0]?.body ?? '')).toEqual({
      type: 'message',
      summary: 'Somebody asks',
      attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }],
    })
  })

  test('changes a message, whispers to one person, and opens the chat with one', async () => {
    await at.connector.update({ conversation: '19:x', id: '17' }, message)
    await at.connector.whisper({ conversation: '19:x', root: '17', person: ann }, message)
    expect(await at.connector.chatWith(ann)).toBe('1700000000000')

    expect(at.calls().map(({ line }) => line)).toEqual([
      'PUT /teams/v3/conversations/19%3Ax/activities/17',
      'POST /teams/v3/conversations/19%3Ax%3Bmessageid%3D17/activities?isTargetedActivity=true',
      'POST /teams/v3/conversations',
    ])
    expect(JSON.parse(at.calls()[1]?.body ?? '')).toMatchObject({ recipient: { id: ann } })
    expect(JSON.parse(at.calls()[2]?.body ?? '')).toMatchObject({
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
    const good = at.says.connector
    at.says.connector = async () => answer
    await expect(at.post()).rejects.toMatchObject({ name: 'ConnectorFault', ...fault })
    expect(at.calls()).toHaveLength(1)
    at.says.connector = good

    expect(await at.post()).toBe('1700000000000')
  })

  test('deaf: it may have taken effect', async () => {
    at.says.connector = () => new Promise(() => undefined)

    await expect(at.post()).rejects.toMatchObject({ code: 'timeout', unknown: true, status: null })
  })

  test('an answer that was lost may have taken effect; a connection that was refused has not', async () => {
    at.says.connector = () => Promise.reject(new Error('the line breaks'))
    await expect(at.post()).rejects.toMatchObject({ code: 'unreachable', unknown: true })
    await at.service.close()

    // A connection that was open already may break first.
    await eventually(() => expect(at.post()).rejects.toMatchObject({ code: 'unreachable', unknown: false }))
  })

  test('a token that it refuses is forgotten, and the call made once more with another', async () => {
    const good = at.says.connector
    at.says.connector = async () => {
      at.says.connector = good
      return { status: 401, body: '' }
    }

    expect(await at.post()).toBe('1700000000000')
    expect(at.calls().map(({ authorization }) => authorization)).toEqual(['Bearer token-1', 'Bearer token-2'])
  })

  test('an app that it refuses is asked with two tokens and no more, and the operator hears of it', async () => {
    at.says.connector = async () => ({ status: 401, body: '' })
    await expect(at.post()).rejects.toMatchObject({ code: 'Unauthorized', unknown: false })
    expect(at.logins()).toHaveLength(2)
    expect(at.health.now()).toEqual(['nobody_reachable', 'channel_away'])
    at.says.connector = async () => ({ status: 201, body: { id: '1' } })
    await at.post()

    expect(at.health.now()).toEqual([])
  })

  test('no fault says a secret or a token', async () => {
    at.says.connector = async () => ({
      status: 400,
      body: { error: { code: 'Bad', message: 'Bearer token-1' } },
    })
    const fault = await at.post().catch((error: unknown) => error)

    expect(`${String(fault)} ${JSON.stringify(fault)}`).not.toMatch(/token-1|a-secret/)
  })
})
