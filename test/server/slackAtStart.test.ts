import { expect, test } from 'vitest'
import { withParts } from '../../src/server/compose.ts'
import { freshDatabase } from '../support/database.ts'
import { recordOf } from './record.ts'
import { agentWith, allowedBody, configOf, exportBody, serve, temporaryDirectory } from './serve.ts'
import { openWorkspace, registerAgent } from './workspace.ts'

/** Nobody is claimed, so that nobody has to be looked up. */
const unclaimed = { initiator: undefined }
const always = Number.POSITIVE_INFINITY

/** A workspace, and a place for its server, with an agent. */
async function installed() {
  const { slack, environment, deliverTo } = await openWorkspace()
  const place = { DATABASE_URL: await freshDatabase(), DATA_DIR: temporaryDirectory() }
  const config = configOf({ ...environment, ...place })
  const key = await registerAgent(config, 'nightly')
  const start = () => serve({ ...environment, ...place })
  return { slack, deliverTo, config, start, agent: agentWith(key), record: recordOf(place.DATABASE_URL) }
}

async function readiness(url: string): Promise<{ status: number; degraded: readonly string[] }> {
  const answer = await fetch(`${url}/readyz`)
  const body: { degraded?: readonly string[] } = JSON.parse(await answer.text())
  return { status: answer.status, degraded: body.degraded ?? [] }
}

test('nobody-reachable: a server without Slack does what policy allows and refuses what would ask; with Slack it asks', async () => {
  const { slack, deliverTo, start, agent, record } = await installed()
  slack.faults.next('*', { kind: 'status', status: 503 }, always)
  const { url } = await start()
  deliverTo(url)

  expect(await readiness(url)).toEqual({ status: 200, degraded: ['channel_away', 'nobody_reachable'] })
  expect(await agent.ask(url, { ...allowedBody, ...unclaimed })).toMatchObject({ state: 'approved' })
  const refused = await agent.ask(url, { ...exportBody, ...unclaimed })
  expect(refused).toMatchObject({ status: 503, body: { code: 'nobody_reachable' } })
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(1)
  expect(await record.count('request.submitted')).toBe(1)
  expect((await fetch(`${url}/slack/events`, { method: 'POST', body: '{}' })).status).toBe(503)

  slack.faults.clear()
  await expect.poll(() => readiness(url)).toEqual({ status: 200, degraded: [] })
  const asked = await agent.ask(url, exportBody)
  await record.cardsStand(1)
  const at = { conversation: 'C0DATA', ts: slack.as('U0BOB').messages('C0DATA').at(-1)?.ts ?? '' }
  await slack.as('U0BOB').press(at, 'approve')
  await slack.as('U0PRIYA').press(at, 'approve')
  expect(await agent.wait(url, asked.id, 30)).toMatchObject({ state: 'approved' })
})

test('a server that still waits for Slack stops when it is told to', async () => {
  const { slack, start } = await installed()
  slack.faults.next('*', { kind: 'status', status: 503 }, always)
  const served = await start()

  await served.stop()

  await expect(fetch(`${served.url}/readyz`)).rejects.toThrow()
})

test('a command survives calls that fail, and says so when Slack goes on failing', async () => {
  const { slack, config } = await installed()
  slack.faults.next('auth.test', { kind: 'status', status: 500 }, 2)
  expect(await withParts(config, async ({ ports }) => ports.reachesPeople())).toBe(true)

  slack.faults.next('auth.test', { kind: 'status', status: 500 }, always)
  await expect(withParts(config, async () => 'done')).rejects.toMatchObject({
    message: 'Slack did not say who we are (http_500).',
    fix: expect.stringContaining('Try again'),
  })
})
