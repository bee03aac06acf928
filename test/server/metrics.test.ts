import { describe, expect, test } from 'vitest'
import { valueIn } from '../metrics/page.ts'
import { freshDatabase, withClient } from '../support/database.ts'
import { relayTo } from '../support/relay.ts'
import { agentWith, allowedBody, exportBody, type Served, serve, temporaryDirectory } from './serve.ts'
import { openWorkspace, registerAgent } from './workspace.ts'

const secret = 'one-secret-for-both-replicas-of-this-test-00'
const token = 'token-of-the-operator-of-this-test-0001'

const pageOf = async ({ url }: Served) => (await fetch(`${url}/metrics`)).text()
const said = async (served: Served, name: string, labels: Readonly<Record<string, string>> = {}) =>
  valueIn(await pageOf(served), `countersign_${name}`, labels)

/** Two replicas on one database, the second behind a relay, and an agent. */
async function twoReplicas() {
  const workspace = await openWorkspace()
  const database = await freshDatabase()
  const relay = await relayTo(database)
  const environment = {
    ...workspace.environment,
    COUNTERSIGN_SECRET: secret,
    COUNTERSIGN_METRICS_TOKEN: token,
  }
  const start = (url: string) => serve({ ...environment, DATABASE_URL: url, DATA_DIR: temporaryDirectory() })
  const [first, second] = [await start(database), await start(relay.url)]
  const agent = agentWith(await registerAgent(first.config, 'nightly'))
  return { database, relay, first, second, agent }
}

describe('two replicas', () => {
  test('what one committed is counted there and only there; what waits is the same on both', async () => {
    const { first, second, agent } = await twoReplicas()

    await agent.ask(first.url, allowedBody)
    await agent.ask(second.url, exportBody)

    expect([
      await said(first, 'requests_total', { verdict: 'allow' }),
      await said(second, 'requests_total', { verdict: 'allow' }),
      await said(first, 'requests_total', { verdict: 'require_approval' }),
      await said(second, 'requests_total', { verdict: 'require_approval' }),
    ]).toEqual([1, 0, 0, 1])
    for (const one of [first, second]) {
      expect(await said(one, 'requests_waiting')).toBe(1)
      expect(await said(one, 'policy_confirmed')).toBe(1)
      expect(await said(one, 'ready')).toBe(1)
      await expect.poll(() => said(one, 'replicas', { policy: 'active' })).toBe(2)
    }
  })

  test('jobs, calls to Slack, statements and answers are counted as they end', async () => {
    const { first, second, agent } = await twoReplicas()
    await agent.ask(second.url, exportBody)

    await expect
      .poll(async () => {
        const all = await Promise.all(
          [first, second].map((one) => said(one, 'jobs_total', { task: 'announce', outcome: 'done' })),
        )
        return (all[0] ?? 0) + (all[1] ?? 0)
      })
      .toBe(1)
    const posts = await Promise.all(
      [first, second].map((one) =>
        said(one, 'slack_calls_total', { method: 'chat.postMessage', outcome: 'ok' }),
      ),
    )
    expect(posts.filter((times) => times !== null).length).toBeGreaterThan(0)
    expect(await said(second, 'http_calls_total', { route: '/v1/requests', status: '202' })).toBe(1)
    expect(await said(first, 'statement_seconds_count', { outcome: 'answered' })).toBeGreaterThan(10)
  })
})

test('a scrape is answered while the database is away: with what is wrong, and without what only it knows', async () => {
  const { relay, second } = await twoReplicas()
  expect(await said(second, 'requests_waiting')).toBe(0)

  relay.refuse()

  await expect.poll(() => said(second, 'condition', { code: 'cannot_write' })).toBe(1)
  expect(await said(second, 'ready')).toBe(0)
  expect(await said(second, 'requests_waiting')).toBeNull()
  relay.recover()
  await expect.poll(() => said(second, 'ready')).toBe(1)
  await expect.poll(() => said(second, 'requests_waiting')).toBe(0)
})

test('a scrape does not wait for a database that says nothing', async () => {
  const { relay, second } = await twoReplicas()
  relay.silence('newToo')

  const pages = await Promise.all([pageOf(second), pageOf(second), pageOf(second)])

  for (const page of pages) expect(valueIn(page, 'countersign_requests_waiting')).toBeNull()
  await expect.poll(() => said(second, 'condition', { code: 'cannot_write' })).toBe(1)
  relay.recover()
})

test('the token of the configuration opens them from elsewhere, and stands in no line of the log', async () => {
  const { first } = await twoReplicas()
  const from = (headers: Record<string, string>) =>
    fetch(`${first.url}/metrics`, { headers: { 'x-forwarded-for': '203.0.113.7', ...headers } })

  expect((await from({})).status).toBe(403)
  expect((await from({ authorization: `Bearer ${token}x` })).status).toBe(403)
  expect((await from({ authorization: `Bearer ${token}` })).status).toBe(200)
  expect(JSON.stringify(first.logged)).not.toContain(token)
})

test('a policy that is active and that this replica cannot load shows as not confirmed', async () => {
  const { database, second } = await twoReplicas()
  await withClient(database, (client) =>
    client.query(`INSERT INTO policy_versions (digest, files_digest, name, files)
      SELECT 'sha256:of-a-later-version', 'sha256:files-of-a-later-version', name, '{"bundle.yaml":"apiVersion: countersign/v9"}'
      FROM policy_versions LIMIT 1`),
  )
  await withClient(database, (client) =>
    client.query(
      `INSERT INTO policy_activations (id, files_digest, at) VALUES ('act_later', 'sha256:files-of-a-later-version', now())`,
    ),
  )

  await expect.poll(() => said(second, 'policy_confirmed')).toBe(0)
  await expect.poll(() => said(second, 'condition', { code: 'policy_unloadable' })).toBe(1)
  expect(await said(second, 'ready')).toBe(0)
})
