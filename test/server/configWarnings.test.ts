import { describe, expect, test } from 'vitest'
import { ConfigError, readConfig } from '../../src/server/config.ts'
import { configWarnings } from '../../src/server/configWarnings.ts'

const slack = { SLACK_BOT_TOKEN: 'xoxb-1-2-x', SLACK_SIGNING_SECRET: '0123456789abcdef0123456789abcdef' }
const read = (environment: NodeJS.ProcessEnv) => readConfig(environment, '/nowhere/.env')
const warned = (environment: NodeJS.ProcessEnv) =>
  configWarnings(read(environment)).map(({ key, wrong, fix }) => `${key} ${wrong} ${fix}`)

describe('BASE_URL', () => {
  test('left out with a real Slack means links that nobody can open, and is said with the address', () => {
    expect(warned({ ...slack, PORT: '4000' })).toEqual([
      expect.stringMatching(/^BASE_URL is not set, so links point to http:\/\/0\.0\.0\.0:4000/),
    ])
    expect(warned({ ...slack, HOST: '::', PORT: '4000' })).toEqual([
      expect.stringContaining('http://[::]:4000'),
    ])
  })

  test.each([
    ['http://approvals.example.com', /not https/],
    ['https://approvals.example.com/gate', /path \/gate/],
  ])('%s is said', (BASE_URL, says) => {
    expect(warned({ ...slack, BASE_URL })).toEqual([expect.stringMatching(says)])
  })

  test.each([
    'https://approvals.example.com?x=1',
    'https://approvals.example.com/#top',
    'https://user:secret@approvals.example.com',
  ])('%s is refused, because links are made by writing behind it', (BASE_URL) => {
    expect(() => read({ ...slack, BASE_URL })).toThrow(ConfigError)
    expect(() => read({ ...slack, BASE_URL })).toThrow(/^BASE_URL: has a query/)
    expect(() => read({ ...slack, BASE_URL })).not.toThrow(/secret/)
  })

  test.each<[string, NodeJS.ProcessEnv]>([
    ['an https address', { ...slack, BASE_URL: 'https://approvals.example.com/' }],
    ['the sandbox without one', {}],
    ['the sandbox behind http', { BASE_URL: 'http://sandbox.example' }],
    ['loopback', { ...slack, BASE_URL: 'http://[::1]:3000' }],
  ])('control: nothing is said about %s', (_, environment) => {
    expect(warned(environment)).toEqual([])
  })
})

describe('PG* variables', () => {
  const environment = () => ({
    PGHOST: 'db',
    PGOPTIONS: '-c statement_timeout=1',
    PGSSLMODE: 'require',
    HOME: '/',
  })

  test('are taken out of the environment, where the driver would read them, and named', () => {
    const given: NodeJS.ProcessEnv = environment()

    const config = read(given)

    expect(given).toEqual({ HOME: '/' })
    expect(config.ignored).toEqual(['PGHOST', 'PGOPTIONS', 'PGSSLMODE'])
    expect(configWarnings(config)).toMatchObject([
      { key: 'PGHOST, PGOPTIONS, PGSSLMODE', fix: expect.stringContaining('DATABASE_URL') },
    ])
  })

  test('control: without them nothing is said', () => {
    expect(warned({ HOME: '/', PG: 'x', PAGER: 'less' })).toEqual([])
  })
})

describe('SLACK_SIGNING_SECRET_PREVIOUS', () => {
  const set = {
    ...slack,
    BASE_URL: 'https://approvals.example.com',
    SLACK_SIGNING_SECRET_PREVIOUS: 'f'.repeat(32),
  }

  test('is said as long as it is set, with what tells when it can go', () => {
    expect(warned(set)).toEqual([
      expect.stringMatching(/^SLACK_SIGNING_SECRET_PREVIOUS is still set.*secret="previous"/),
    ])
  })

  test('has no effect in Socket Mode, and that is said', () => {
    expect(warned({ ...set, SLACK_APP_TOKEN: 'xapp-1' })).toEqual([expect.stringMatching(/has no effect/)])
  })

  test.each([
    ['alone', { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' }],
    ['the same as the one of now', { ...slack, SLACK_SIGNING_SECRET: 'f'.repeat(32) }],
  ])('%s is refused', (_, environment) => {
    const { SLACK_SIGNING_SECRET_PREVIOUS } = set

    expect(() => read({ ...environment, SLACK_SIGNING_SECRET_PREVIOUS })).toThrow(
      /^SLACK_SIGNING_SECRET_PREVIOUS: /,
    )
  })
})

describe('tokens that rotate', () => {
  const pair = { SLACK_CLIENT_ID: '1.2', SLACK_CLIENT_SECRET: 'c'.repeat(32) }
  const { SLACK_SIGNING_SECRET } = slack

  test('need no token in the environment', () => {
    expect(read({ ...pair, SLACK_SIGNING_SECRET }).slack).toMatchObject({
      botToken: null,
      credentials: { clientId: '1.2', clientSecret: 'c'.repeat(32) },
    })
  })

  test.each([
    ['beside one that does not', { ...slack, ...pair }, 'SLACK_BOT_TOKEN'],
    ['with half of the credentials', { SLACK_SIGNING_SECRET, SLACK_CLIENT_ID: '1.2' }, 'SLACK_CLIENT_SECRET'],
    ['without a way to verify clicks', pair, 'SLACK_SIGNING_SECRET'],
    ['put where those are that do not', { ...slack, SLACK_BOT_TOKEN: 'xoxe.xoxb-1' }, 'SLACK_BOT_TOKEN'],
  ])('%s are refused', (_, environment, key) => {
    expect(() => read(environment)).toThrow(new RegExp(`^${key}: `))
  })
})
