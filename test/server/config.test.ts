import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ConfigError, configKeys, readConfig } from '../../src/server/config.ts'

const nowhere = join(tmpdir(), 'there-is-no-such-env-file')
const slack = { SLACK_BOT_TOKEN: 'xoxb-1-2-x', SLACK_SIGNING_SECRET: '0123456789abcdef0123456789abcdef' }

function problemsOf(environment: NodeJS.ProcessEnv, dotenv = ''): readonly string[] {
  const file = join(mkdtempSync(join(tmpdir(), 'env-')), '.env')
  writeFileSync(file, dotenv)
  try {
    readConfig(environment, file)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map((problem) => problem.key)
    throw error
  }
  return []
}

test('nothing set is the sandbox on loopback with our own database', () => {
  expect(readConfig({}, nowhere)).toMatchObject({
    port: 3000,
    host: '127.0.0.1',
    databaseUrl: null,
    slack: null,
  })
})

describe('SLACK_OTHER_WORKSPACES', () => {
  const SLACK_OTHER_WORKSPACES = 'T0EMEA=xoxb-1-e=, T0APAC=xoxb-1-a'

  test('names workspaces beside the first, each with its token', () => {
    const { slack: read } = readConfig({ ...slack, SLACK_OTHER_WORKSPACES }, nowhere)

    expect(read?.others).toEqual([
      { team: 'T0EMEA', botToken: 'xoxb-1-e=' },
      { team: 'T0APAC', botToken: 'xoxb-1-a' },
    ])
  })

  test.each([
    ['a token alone', { ...slack, SLACK_OTHER_WORKSPACES: 'xoxb-1-2-x' }],
    ['a token of somebody', { ...slack, SLACK_OTHER_WORKSPACES: 'T0EMEA=xoxp-1' }],
    ['one workspace twice', { ...slack, SLACK_OTHER_WORKSPACES: 'T0EMEA=xoxb-1,T0EMEA=xoxb-2' }],
    ['Socket Mode', { ...slack, SLACK_APP_TOKEN: 'xapp-1', SLACK_OTHER_WORKSPACES }],
    [
      'tokens that rotate',
      {
        ...{ SLACK_SIGNING_SECRET: slack.SLACK_SIGNING_SECRET, SLACK_CLIENT_ID: '1.2' },
        ...{ SLACK_CLIENT_SECRET: 'f'.repeat(32), SLACK_OTHER_WORKSPACES },
      },
    ],
  ])('is refused with %s', (_, environment) => {
    expect(problemsOf(environment)).toEqual(['SLACK_OTHER_WORKSPACES'])
  })

  test('is refused without a first workspace', () => {
    expect(problemsOf({ SLACK_OTHER_WORKSPACES })).toEqual(['SLACK_BOT_TOKEN'])
  })
})

describe('without POLICY_DIR, in a folder that has no policies/', () => {
  const here = process.cwd()
  beforeEach(() => process.chdir(mkdtempSync(join(tmpdir(), 'elsewhere-'))))
  afterEach(() => process.chdir(here))

  test('the sandbox has the policy that comes with the package', () => {
    expect(readConfig({}, nowhere).policyDir).toBe(join(here, 'policies'))
  })

  test('with Slack keys it is policies, which is not there: a wrong folder changes no policy', () => {
    expect(readConfig(slack, nowhere).policyDir).toBe('policies')
  })

  test('control: in a folder that has it, it is that', () => {
    process.chdir(here)
    expect(readConfig({}, nowhere).policyDir).toBe('policies')
  })
})

test('Slack keys make it real, reachable from outside', () => {
  const config = readConfig(slack, nowhere)
  expect(config.host).toBe('0.0.0.0')
  expect(config.slack).toEqual({
    botToken: slack.SLACK_BOT_TOKEN,
    signingSecret: slack.SLACK_SIGNING_SECRET,
    previousSecret: null,
    credentials: null,
    teamId: null,
    others: [],
    appToken: null,
    apiUrl: 'https://slack.com/api/',
  })
})

test('the environment wins over .env', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'env-')), '.env')
  writeFileSync(file, 'PORT=4000\nLOG_LEVEL=warn\n')
  expect(readConfig({ PORT: '5000' }, file)).toMatchObject({ port: 5000, logLevel: 'warn' })
})

describe('every problem at once, each with its key', () => {
  test.each<[string, NodeJS.ProcessEnv, string, readonly string[]]>([
    ['a typo in .env', {}, 'SLACK_BOT_TOKN=xoxb-1', ['SLACK_BOT_TOKN']],
    ['a typo in the environment', { SLACK_SIGNING_SECRE: 'x' }, '', ['SLACK_SIGNING_SECRE']],
    [
      'a signing secret without a token',
      { SLACK_SIGNING_SECRET: slack.SLACK_SIGNING_SECRET },
      '',
      ['SLACK_BOT_TOKEN'],
    ],
    ['a token without a way to verify clicks', { SLACK_BOT_TOKEN: 'xoxb-1' }, '', ['SLACK_SIGNING_SECRET']],
    [
      'a user token in place of a bot token',
      { ...slack, SLACK_BOT_TOKEN: 'xoxp-1' },
      '',
      ['SLACK_BOT_TOKEN'],
    ],
    ['the sandbox in production', { NODE_ENV: 'production' }, '', ['SLACK_BOT_TOKEN']],
    ['the sandbox on every address', { HOST: '0.0.0.0' }, '', ['HOST']],
    [
      'a parameter of Prisma in DATABASE_URL',
      { DATABASE_URL: 'postgresql://u@h/d?schema=gate' },
      '',
      ['DATABASE_URL'],
    ],
    [
      'a typo of a key, with a value like a service',
      { COUNTERSIGN_SECRE: 'tcp://10.0.0.9:3000' },
      '',
      ['COUNTERSIGN_SECRE'],
    ],
    [
      'a token for metrics that can be guessed',
      { COUNTERSIGN_METRICS_TOKEN: 'x'.repeat(31) },
      '',
      ['COUNTERSIGN_METRICS_TOKEN'],
    ],
    [
      'one with a space in it',
      { COUNTERSIGN_METRICS_TOKEN: `${'x'.repeat(40)} ` },
      '',
      ['COUNTERSIGN_METRICS_TOKEN'],
    ],
    ['a port that is none', { PORT: 'http' }, '', ['PORT']],
    [
      'several',
      { PORT: '70000', DATABASE_URL: 'mysql://x', LOG_LEVEL: 'loud' },
      'POLICY_DIRR=x',
      ['POLICY_DIRR', 'PORT', 'DATABASE_URL', 'LOG_LEVEL'],
    ],
  ])('%s', (_, environment, dotenv, keys) => {
    expect(problemsOf(environment, dotenv)).toEqual(keys)
  })

  test('control: a foreign key of somebody else in the environment is not ours to judge', () => {
    expect(problemsOf({ SLACK_WEBHOOK_FOR_SOMETHING_ELSE: 'x', HOME: '/root' })).toEqual([])
  })
})

describe('what Kubernetes and Docker set beside a service is not a typo of ours', () => {
  const ofService = (name: string) => ({
    [`${name}_SERVICE_HOST`]: '10.0.0.9',
    [`${name}_SERVICE_PORT`]: '3000',
    [`${name}_SERVICE_PORT_HTTP`]: '3000',
    [`${name}_PORT`]: 'tcp://10.0.0.9:3000',
    [`${name}_PORT_3000_TCP`]: 'tcp://10.0.0.9:3000',
    [`${name}_PORT_3000_TCP_PROTO`]: 'tcp',
    [`${name}_PORT_3000_TCP_PORT`]: '3000',
    [`${name}_PORT_3000_TCP_ADDR`]: '10.0.0.9',
    [`${name}_PORT_8125_UDP`]: 'udp://10.0.0.9:8125',
  })

  test.each([
    'COUNTERSIGN',
    'SLACK',
    'SLACK_BOT',
    'SLACK_APP',
    'SLACK_API',
    'COUNTERSIGN_SECRET',
    'DATABASE',
    'BASE',
  ])('a service called like %s', (name) => {
    expect(problemsOf(ofService(name))).toEqual([])
  })

  test.each(['SLACK_APP_TOKE', 'SLACK_BOT_TOKENS', 'COUNTERSIGN_SECRETS', 'SLACK_API_URI'])(
    'control: %s is',
    (key) => {
      expect(problemsOf({ [key]: 'x' })).toEqual([key])
    },
  )

  test('control: a name like one of those with a value like none of those is', () => {
    expect(problemsOf({ SLACK_API_PORT: '3000' })).toEqual(['SLACK_API_PORT'])
  })
})

test('each problem says what is wrong and how to fix it', () => {
  try {
    readConfig({ SLACK_BOT_TOKEN: 'secret-value' }, nowhere)
    expect.unreachable()
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    expect(String(error)).toContain('OAuth & Permissions')
    expect(String(error)).not.toContain('secret-value')
  }
})

test('.env.example explains every key and no other', () => {
  const explained = [...readFileSync('.env.example', 'utf8').matchAll(/^# ([A-Z_]+)=/gm)].map(
    ([, key]) => key,
  )
  expect([...explained].sort()).toEqual([...configKeys].sort())
})
