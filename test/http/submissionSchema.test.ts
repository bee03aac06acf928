import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/core/json.ts'
import { Refusal } from '../../src/core/refusal.ts'
import { parseSubmission } from '../../src/http/submissionSchema.ts'

const least = { action: 'repo.read', resource: { type: 'repository', id: 'acme/web' }, environment: 'prod' }

function problemsOf(body: Json): { code: string; problems: Record<string, string> } {
  try {
    parseSubmission(body)
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal
    const problems = Object.fromEntries(refusal.problems.map(({ pointer, detail }) => [pointer, detail]))
    return { code: refusal.code, problems }
  }
  return { code: 'accepted', problems: {} }
}

test('the smallest body leaves everything else at rest', () => {
  expect(parseSubmission(least)).toEqual({
    action: { ...least, params: {} },
    reason: null,
    initiator: null,
    involved: [],
    run: null,
    expiresInSeconds: null,
  })
})

const object = '1b4e28ba-2fa1-41d2-883f-0016d3cca427'

test('a full body is read as it was sent', () => {
  const params = { rows: 250_000, columns: ['id', 'email'], nested: { a: null } }
  const full = {
    ...least,
    params,
    reason: 'Quarterly\nanalysis',
    initiator: { slack_user_id: 'U0ALICE' },
    involved: [
      { email: 'bob@acme.test' },
      { slack_user_id: 'W0CAROL' },
      { entra_user_id: object.toUpperCase() },
    ],
    run: { model: 'm', url: 'https://agents.acme.test/runs/1' },
    expires_in: '30m',
  }

  expect(parseSubmission(full)).toEqual({
    action: { ...least, params },
    reason: 'Quarterly\nanalysis',
    initiator: { address: 'slack:U0ALICE' },
    involved: [
      { email: 'bob@acme.test' },
      { address: 'slack:W0CAROL' },
      { address: `teams:${object}`, by: 'entra_user_id' },
    ],
    run: { model: 'm', url: 'https://agents.acme.test/runs/1' },
    expiresInSeconds: 1_800,
  })
})

const text = (length: number) => 'x'.repeat(length)

describe('refuses', () => {
  const cases: readonly [string, JsonObject, string][] = [
    ['no action', { action: null }, '/action'],
    ['an action in capitals', { action: 'DB.export' }, '/action'],
    ['an action that begins with a dot', { action: '.db' }, '/action'],
    ['an action with a line break at its end', { action: 'db.export\n' }, '/action'],
    ['a long action', { action: text(201) }, '/action'],
    ['an empty action', { action: '' }, '/action'],
    ['a resource that is text', { resource: 'table' }, '/resource'],
    ['a resource without id', { resource: { type: 'table' } }, '/resource/id'],
    ['a resource id with a control character', { resource: { type: 't', id: 'a\u0007b' } }, '/resource/id'],
    ['a resource id with a line separator', { resource: { type: 't', id: 'a\u2028b' } }, '/resource/id'],
    ['half a surrogate pair', { resource: { type: 't', id: '\ud800' } }, '/resource/id'],
    ['a long resource id', { resource: { type: 't', id: text(1_025) } }, '/resource/id'],
    ['a long resource type', { resource: { type: text(101), id: 'i' } }, '/resource/type'],
    ['an owner that the agent claims', { resource: { type: 't', id: 'i', owner: 'me' } }, '/resource/owner'],
    ['params that are a list', { params: [] }, '/params'],
    ['params that are null', { params: null }, '/params'],
    ['an environment with a space', { environment: 'prod eu' }, '/environment'],
    ['a long environment', { environment: text(65) }, '/environment'],
    ['an empty reason', { reason: '' }, '/reason'],
    ['a long reason', { reason: text(3_001) }, '/reason'],
    ['a reason with an escape character', { reason: 'a\u001b[2Jb' }, '/reason'],
    ['an initiator with two claims', { initiator: { email: 'a@b', slack_user_id: 'U0A' } }, '/initiator'],
    [
      'an initiator in two directories',
      { initiator: { slack_user_id: 'U0A', entra_user_id: object } },
      '/initiator',
    ],
    ['a name as an id', { initiator: { entra_user_id: 'alice' } }, '/initiator/entra_user_id'],
    ['an initiator with no claim', { initiator: {} }, '/initiator'],
    ['an initiator by e-mail and name', { initiator: { email: 'a@b', name: 'Alice' } }, '/initiator/name'],
    ['an address without @', { initiator: { email: 'alice' } }, '/initiator/email'],
    [
      'a Slack channel as a person',
      { initiator: { slack_user_id: 'C012AB3CD' } },
      '/initiator/slack_user_id',
    ],
    [
      'a Slack mention as a person',
      { initiator: { slack_user_id: '<@U012AB3CD>' } },
      '/initiator/slack_user_id',
    ],
    ['eleven involved', { involved: Array.from({ length: 11 }, () => ({ email: 'a@b' })) }, '/involved'],
    ['an involved person without claim', { involved: [{ email: 'a@b' }, {}] }, '/involved/1'],
    ['an address that runs code', { run: { url: 'javascript:alert(1)' } }, '/run/url'],
    ['an address with a password', { run: { url: 'https://a:b@c.test/' } }, '/run/url'],
    ['an address with a space', { run: { url: 'https://c.test/ x' } }, '/run/url'],
    ['a long address', { run: { url: `https://c.test/${text(2_000)}` } }, '/run/url'],
    ['a long model', { run: { model: text(201) } }, '/run/model'],
    ['an empty chain', { run: { through: [] } }, '/run/through'],
    ['a chain of nine', { run: { through: Array(9).fill({ kind: 'agent', name: 'a' }) } }, '/run/through'],
    [
      'a long name in a chain',
      { run: { through: [{ kind: 'tool', name: text(101) }] } },
      '/run/through/0/name',
    ],
    [
      'a name with a line break',
      { run: { through: [{ kind: 'tool', name: 'a\nb' }] } },
      '/run/through/0/name',
    ],
    ['an unknown kind of link', { run: { through: [{ kind: 'person', name: 'a' }] } }, '/run/through/0/kind'],
    [
      'an id that only the server gives',
      { run: { through: [{ kind: 'agent', name: 'a', agent: 'agt_1' }] } },
      '/run/through/0/agent',
    ],
    ['a duration in words', { expires_in: 'soon' }, '/expires_in'],
    ['a duration that is a number', { expires_in: 30 }, '/expires_in'],
    ['less than a minute', { expires_in: '59s' }, '/expires_in'],
    ['more than a week', { expires_in: '8d' }, '/expires_in'],
    ['a state', { state: 'approved' }, '/state'],
    ['an approval', { approved: true }, '/approved'],
    ['a verdict', { verdict: { kind: 'allow' } }, '/verdict'],
    ['approvers', { approvers: ['U0ME'] }, '/approvers'],
    ['a channel', { channel: 'C0MINE' }, '/channel'],
    ['a requirement', { requirement: null }, '/requirement'],
    ['a key that needs escaping', { 'a/b~c': 1 }, '/a~1b~0c'],
  ]
  test.each(cases)('%s', (_what, change, pointer) => {
    const { code, problems } = problemsOf({ ...least, ...change })

    expect(code).toBe('invalid_request')
    expect(Object.keys(problems)).toEqual([pointer])
  })

  test.each([[null], [true], [1], ['text'], [[]]] as [Json][])('%j instead of an object', (body) => {
    expect(problemsOf(body)).toEqual({ code: 'invalid_request', problems: { '': 'This must be an object.' } })
  })
})

test('every place that does not fit is named at once', () => {
  expect(problemsOf({ action: 'A', resource: { type: 1 }, state: 'approved' }).problems).toEqual({
    '/action': 'Use lower-case letters, digits and . _ : - and begin with a letter or digit.',
    '/resource/type': 'This must be text.',
    '/resource/id': 'This is required.',
    '/environment': 'This is required.',
    '/state': 'There is no such property.',
  })
})

test.each([
  [{ ...least, enviroment: 'prod' }, '/enviroment', 'environment'],
  [{ ...least, resource: { type: 't', id: 'i', typ: 't' } }, '/resource/typ', 'type'],
  [{ ...least, run: { sesion: 's' } }, '/run/sesion', 'session'],
  [{ ...least, involved: [{ emai: 'a@b' }] }, '/involved/0/emai', 'email'],
] as const)('a misspelt property is told its name: %j', (body, pointer, meant) => {
  expect(problemsOf(body).problems[pointer]).toBe(`There is no such property. Did you mean "${meant}"?`)
})

test('an initiator can be named by an ID token, which is taken as it is; somebody involved cannot', () => {
  const idToken = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln'

  expect(parseSubmission({ ...least, initiator: { id_token: idToken } }).initiator).toEqual({ idToken })
  expect(Object.keys(problemsOf({ ...least, involved: [{ id_token: idToken }] }).problems)).toEqual([
    '/involved/0/id_token',
    '/involved/0',
  ])
})

test.each([
  [{ id_token: 'eyJ' }, '/initiator/id_token'],
  [{ id_token: `a.b.${'c'.repeat(12_000)}` }, '/initiator/id_token'],
  [{ id_token: 'a.b.c', email: 'alice@acme.test' }, '/initiator'],
])('an initiator in another form is refused: %#', (initiator, pointer) => {
  expect(Object.keys(problemsOf({ ...least, initiator }).problems)).toEqual([pointer])
})

test('a hostile body does not make its answer grow', () => {
  const flood = Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`x${index}`, 1]))

  expect(Object.keys(problemsOf({ ...least, ...flood }).problems)).toHaveLength(20)
})

test('no sentence repeats a value that was sent', () => {
  const secret = 'S3CRET-VALUE'
  const { problems } = problemsOf({
    action: secret,
    resource: { type: `${secret}\n`, id: 7 },
    environment: secret,
    initiator: { email: secret },
    run: { url: secret },
    expires_in: secret,
  })

  expect(Object.keys(problems)).toHaveLength(7)
  expect(JSON.stringify(problems)).not.toContain(secret)
})
