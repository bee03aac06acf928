import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Seed } from '../../src/sandbox/slack/workspace.ts'
import { replaceSecret } from '../../src/server/replaceSecret.ts'
import { keptTokens, putTokensIn, removeTokens } from '../../src/server/slackTokens.ts'
import { startServer } from '../../src/server/start.ts'
import { organisation } from '../slack/organisation.ts'
import { freshDatabase, withClient } from '../support/database.ts'
import { recordOf } from './record.ts'
import { agentWith, configOf, exportBody, listeningLog, serve, temporaryDirectory } from './serve.ts'
import { openWorkspace, registerAgent } from './workspace.ts'

const shell = { user: 'lee', host: 'workstation' }
const rotation = {
  clientId: '1.2',
  clientSecret: 'c'.repeat(32),
  refreshToken: 'xoxe-1-first',
  lifeSeconds: 43_200,
} as const
const secret = 's'.repeat(43)

/** A workspace whose tokens rotate, and the place of a server for it. */
async function openRotating(seed?: Seed, more: Readonly<Record<string, string>> = {}) {
  const workspace = await openWorkspace(seed, { rotation })
  const database = await freshDatabase()
  const environment = {
    ...{ ...workspace.environment, ...more },
    DATABASE_URL: database,
    COUNTERSIGN_SECRET: secret,
  }
  const config = configOf({ ...environment, DATA_DIR: temporaryDirectory() })
  return {
    ...workspace,
    config,
    database,
    start: () => serve({ ...environment, DATA_DIR: temporaryDirectory() }),
    put: (pair = `${workspace.botToken}\n${rotation.refreshToken}\n`) => putTokensIn(config, pair, shell),
    /** Eleven of its twelve hours go by, as far as the database knows. */
    almostOver: () =>
      withClient(database, (client) =>
        client.query(
          `UPDATE channel_tokens SET issued_at = issued_at - interval '11 hours', expires_at = expires_at - interval '11 hours'`,
        ),
      ),
    exchanges: () => workspace.slack.calls.filter(({ method }) => method === 'oauth.v2.access').length,
  }
}

test('two-replicas: with the pair that was put in, both servers ask people, and one of them renews it', async () => {
  const { put, start, slack, config, database, deliverTo, exchanges, almostOver } = await openRotating()
  expect(await put()).toMatchObject({ place: 'slack:T0ACME', failed: null, lifeSeconds: 43_200 })
  await almostOver()
  const [a, b] = await Promise.all([start(), start()])
  deliverTo(b.url)
  const agent = agentWith(await registerAgent(config, 'nightly'))
  const record = recordOf(database)

  const { id } = await agent.ask(a.url, exportBody)
  await record.cardsStand(1)
  const at = { conversation: 'C0DATA', ts: slack.as('U0BOB').messages('C0DATA').at(-1)?.ts ?? '' }
  await slack.as('U0BOB').press(at, 'approve')
  await slack.as('U0PRIYA').press(at, 'approve')

  expect(await agent.wait(a.url, id, 30)).toMatchObject({ state: 'approved' })
  expect(exchanges()).toBe(2)
  expect(JSON.stringify([a.logged, b.logged])).not.toMatch(/xoxe|cccc/)
  const said = await withClient(database, (client) =>
    client.query("SELECT text FROM entries WHERE type = 'channel.connected'"),
  )
  expect(said.rows).toHaveLength(1)
  expect(said.rows[0].text).toContain('"place":"slack:T0ACME"')
  expect(said.rows[0].text).not.toMatch(/xox/)
})

test('bad-hour: a refresh that Slack refuses is a degraded server that goes on asking people', async () => {
  const { put, start, slack, almostOver } = await openRotating()
  await put()
  slack.tokens.revokeRefresh()
  await almostOver()
  const served = await start()
  const readiness = async () => JSON.parse(await (await fetch(`${served.url}/readyz`)).text())

  await expect.poll(readiness).toMatchObject({ degraded: ['channel_token_failing'] })
  expect((await fetch(`${served.url}/readyz?strict`)).status).toBe(503)
  expect(served.logged).toContainEqual(
    expect.objectContaining({ level: 50, condition: 'channel_token_failing' }),
  )
})

test('without a pair a server does not start, and says which command puts it in', async () => {
  const { config } = await openRotating()

  await expect(startServer(config, listeningLog().log)).rejects.toThrow('countersign slack tokens set')
})

test.each([
  ['nothing', ''],
  ['one token', 'xoxe.xoxb-secret'],
  ['a token that does not rotate', 'xoxb-secret xoxe-secret'],
  ['three words', 'xoxe.xoxb-secret xoxe-secret secret'],
  ['a token that Slack does not know', 'xoxe.xoxb-secret xoxe-secret'],
])('%s puts nothing in, and is not repeated', async (_, given) => {
  const { put, config } = await openRotating()

  const refused = await put(given).catch((fault: unknown) => fault)

  expect(refused).toMatchObject({ name: 'StartFault' })
  expect(String(refused)).not.toContain('secret')
  expect(await keptTokens(config)).toBeNull()
})

test('a refresh token that Slack refuses is said at once', async () => {
  const { put, botToken } = await openRotating()

  expect(await put(`${botToken} xoxe-wrong`)).toMatchObject({ failed: 'invalid_refresh_token' })
})

test('a pair can be removed, and then there is none', async () => {
  const { put, config } = await openRotating()
  await put()

  expect(await removeTokens(config, shell)).toBe('slack:T0ACME')
  expect(await removeTokens(config, shell)).toBeNull()
  expect(await keptTokens(config)).toBeNull()
})

test('the pair is sealed again with everything else when the secret is replaced', async () => {
  const { put, config, environment, database } = await openRotating()
  await put()
  const newSecretFile = join(temporaryDirectory(), 'new-secret')
  writeFileSync(newSecretFile, 'n'.repeat(43))

  const { rotation: replaced } = await replaceSecret(config, { newSecretFile, agentSecrets: null, shell })

  expect(replaced?.again).toContainEqual({ purpose: 'channel-token', row: 'slack:T0ACME' })
  const under = (COUNTERSIGN_SECRET: string) =>
    configOf({ ...environment, DATABASE_URL: database, DATA_DIR: temporaryDirectory(), COUNTERSIGN_SECRET })
  expect(await keptTokens(under('n'.repeat(43)))).toMatchObject({ place: 'slack:T0ACME' })
  await expect(keptTokens(under(secret))).rejects.toMatchObject({ code: 'other_secret' })
})

test('grid: the tokens of an organisation-wide install are the organisation’s, and a server starts with them', async () => {
  const { put, start, slack } = await openRotating(organisation({ organisationWide: true }), {
    SLACK_TEAM_ID: 'T0ACME',
  })

  expect(await put()).toMatchObject({ place: 'slack:E0ORG', failed: null })
  const { url } = await start()

  expect((await fetch(`${url}/readyz?strict`)).status).toBe(200)
  const asked = slack.calls.filter(({ method }) => method === 'auth.test')
  expect(asked.at(-1)?.args).toMatchObject({ team_id: 'T0ACME' })
})
