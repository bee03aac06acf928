import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ConfigError, isSandbox, readConfig } from '../../src/server/config.ts'
import { configWarnings } from '../../src/server/configWarnings.ts'
import { publicServices } from '../../src/teams/access.ts'

const ids = {
  TEAMS_APP_ID: '11111111-2222-3333-4444-555555555555',
  TEAMS_TENANT_ID: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
}
const TEAMS_APP_PASSWORD = 'a~Secret.Value-1234567890'
const teams = { ...ids, TEAMS_APP_PASSWORD }
const slack = { SLACK_BOT_TOKEN: 'xoxb-1-2-x', SLACK_SIGNING_SECRET: '0123456789abcdef0123456789abcdef' }
const read = (environment: NodeJS.ProcessEnv) => readConfig(environment, '/nowhere/.env')

const government = {
  TEAMS_SERVICE_URL: 'https://smba.infra.gov.teams.microsoft.us/teams/',
  TEAMS_LOGIN_URL: 'https://login.microsoftonline.us',
  TEAMS_GRAPH_URL: 'https://graph.microsoft.us',
  TEAMS_KEYS_URL: 'https://login.botframework.azure.us/v1/.well-known/keys',
  TEAMS_ISSUER: 'https://api.botframework.us',
}
const local = {
  TEAMS_SERVICE_URL: 'http://127.0.0.1:1/connector',
  TEAMS_LOGIN_URL: 'http://127.0.0.1:1/login',
  TEAMS_GRAPH_URL: 'http://localhost:2',
  TEAMS_KEYS_URL: 'http://[::1]:3/keys',
  TEAMS_ISSUER: 'https://api.botframework.com',
}

function problemsOf(environment: NodeJS.ProcessEnv): readonly string[] {
  try {
    read(environment)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ key }) => key)
    throw error
  }
  return []
}

describe('Teams alone', () => {
  test('is a server for real, reachable from outside, in the public cloud', () => {
    const config = read({ ...teams, NODE_ENV: 'production' })

    expect(config).toMatchObject({ slack: null, host: '0.0.0.0', policyDir: 'policies' })
    expect(config.teams).toEqual({
      appId: ids.TEAMS_APP_ID,
      tenant: ids.TEAMS_TENANT_ID,
      proof: { secret: TEAMS_APP_PASSWORD },
      services: publicServices,
    })
    expect(isSandbox(config)).toBe(false)
    expect(configWarnings(config).map(({ key }) => key)).toEqual(['BASE_URL'])
  })

  test('control: without its keys it is the sandbox, which production refuses', () => {
    expect(isSandbox(read({}))).toBe(true)
    expect(problemsOf({ NODE_ENV: 'production' })).toEqual(['SLACK_BOT_TOKEN'])
    expect(problemsOf({ HOST: '0.0.0.0' })).toEqual(['HOST'])
    expect(problemsOf({ ...teams, HOST: '0.0.0.0' })).toEqual([])
  })
})

test('Slack and Teams stand beside each other', () => {
  const config = read({ ...slack, ...teams })

  expect(config.slack?.botToken).toBe(slack.SLACK_BOT_TOKEN)
  expect(config.teams?.appId).toBe(ids.TEAMS_APP_ID)
})

test('a certificate takes the place of the secret', () => {
  expect(read({ ...ids, TEAMS_CERTIFICATE_FILE: 'teams.pem' }).teams?.proof).toEqual({
    certificateFile: 'teams.pem',
  })
})

test('ids are read in whatever case they are written, and kept as they are compared', () => {
  const config = read({ ...teams, TEAMS_TENANT_ID: ids.TEAMS_TENANT_ID.toUpperCase() })

  expect(config.teams?.tenant).toBe(ids.TEAMS_TENANT_ID)
})

describe('half of it is refused, with each key and its fix', () => {
  test.each<[string, NodeJS.ProcessEnv, readonly string[]]>([
    ['an app without a tenant', { TEAMS_APP_ID: ids.TEAMS_APP_ID, TEAMS_APP_PASSWORD }, ['TEAMS_TENANT_ID']],
    [
      'a tenant without an app',
      { TEAMS_TENANT_ID: ids.TEAMS_TENANT_ID, TEAMS_APP_PASSWORD },
      ['TEAMS_APP_ID'],
    ],
    ['no secret', ids, ['TEAMS_APP_PASSWORD']],
    ['a secret alone', { TEAMS_APP_PASSWORD }, ['TEAMS_APP_ID', 'TEAMS_TENANT_ID']],
    ['a certificate alone', { TEAMS_CERTIFICATE_FILE: 'x.pem' }, ['TEAMS_APP_ID', 'TEAMS_TENANT_ID']],
    ['both ways to prove it', { ...teams, TEAMS_CERTIFICATE_FILE: 'x.pem' }, ['TEAMS_APP_PASSWORD']],
    ['addresses alone', government, ['TEAMS_APP_ID', 'TEAMS_TENANT_ID', 'TEAMS_APP_PASSWORD']],
    ['half of it beside a whole Slack', { ...slack, ...ids }, ['TEAMS_APP_PASSWORD']],
    [
      'half a Slack beside it',
      { ...teams, SLACK_SIGNING_SECRET: slack.SLACK_SIGNING_SECRET },
      ['SLACK_BOT_TOKEN'],
    ],
    ['an id that is none', { ...teams, TEAMS_APP_ID: 'countersign' }, ['TEAMS_APP_ID']],
    [
      "the secret's id instead of its value",
      { ...teams, TEAMS_APP_PASSWORD: ids.TEAMS_APP_ID },
      ['TEAMS_APP_PASSWORD'],
    ],
    ['a typo', { ...teams, TEAMS_APP_PASWORD: 'x' }, ['TEAMS_APP_PASWORD']],
  ])('%s', (_, environment, keys) => {
    expect(problemsOf(environment)).toEqual(keys)
  })

  test('and no value of a secret is repeated', () => {
    const environment = { ...ids, TEAMS_APP_PASSWORD: 'has a space in it', TEAMS_CERTIFICATE_FILE: 'x' }

    expect(() => read(environment)).toThrow(/TEAMS_APP_PASSWORD/)
    expect(() => read(environment)).not.toThrow(/a space in it/)
  })

  test('in .env, too', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'env-')), '.env')
    writeFileSync(file, 'TEAMS_APP_IDD=x\n')
    expect(() => readConfig({}, file)).toThrow(/TEAMS_APP_IDD/)
  })
})

describe('the addresses of another cloud', () => {
  test('are taken when all five are given', () => {
    expect(read({ ...teams, ...government }).teams?.services).toEqual({
      connector: 'https://smba.infra.gov.teams.microsoft.us/teams',
      login: 'https://login.microsoftonline.us',
      graph: 'https://graph.microsoft.us',
      keys: 'https://login.botframework.azure.us/v1/.well-known/keys',
      issuer: 'https://api.botframework.us',
    })
  })

  test.each(Object.keys(government))('are refused without %s', (key) => {
    const { [key]: _, ...four }: Record<string, string> = government

    expect(problemsOf({ ...teams, ...four })).toHaveLength(1)
  })

  test('http is for this machine, when all are there', () => {
    expect(read({ ...teams, ...local }).teams?.services.keys).toBe('http://[::1]:3/keys')
  })

  test.each<[string, NodeJS.ProcessEnv, readonly string[]]>([
    [
      'keys of this machine beside a cloud: whoever runs here could sign',
      { ...government, TEAMS_KEYS_URL: local.TEAMS_KEYS_URL },
      ['TEAMS_KEYS_URL'],
    ],
    [
      'a login elsewhere beside this machine: the secret would leave it',
      { ...local, TEAMS_LOGIN_URL: government.TEAMS_LOGIN_URL },
      ['TEAMS_SERVICE_URL', 'TEAMS_GRAPH_URL', 'TEAMS_KEYS_URL'],
    ],
    [
      'http to another machine',
      { ...government, TEAMS_SERVICE_URL: 'http://smba.example' },
      ['TEAMS_SERVICE_URL'],
    ],
    ['no address', { ...government, TEAMS_GRAPH_URL: 'graph' }, ['TEAMS_GRAPH_URL']],
  ])('%s', (_, addresses, keys) => {
    expect(problemsOf({ ...teams, ...addresses })).toEqual(keys)
  })
})
