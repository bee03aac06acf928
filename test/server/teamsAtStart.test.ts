import { describe, expect, test } from 'vitest'
import { StartFault } from '../../src/server/startFault.ts'
import { freshDatabase } from '../support/database.ts'
import {
  agentWith,
  allowedBody,
  configOf,
  exportBody,
  reachesEverything,
  serve,
  temporaryDirectory,
} from './serve.ts'
import { openTenant, policyForTeams } from './tenant.ts'
import { openWorkspace, registerAgent } from './workspace.ts'

const always = Number.POSITIVE_INFINITY

async function place() {
  return {
    DATABASE_URL: await freshDatabase(),
    DATA_DIR: temporaryDirectory(),
    POLICY_DIR: policyForTeams(),
  }
}

async function readiness(url: string): Promise<{ status: number; degraded: readonly string[] }> {
  const answer = await fetch(`${url}/readyz`)
  const body: { degraded?: readonly string[] } = JSON.parse(await answer.text())
  return { status: answer.status, degraded: body.degraded ?? [] }
}

const statusOf = async (url: string, path: string) =>
  (await fetch(`${url}${path}`, { method: 'POST', body: '{}' })).status

describe('Teams alone', () => {
  test('nobody-reachable: without Teams it does what policy allows and refuses what would ask', async () => {
    const { teams, environment } = await openTenant()
    const there = { ...environment, ...(await place()) }
    const agent = agentWith(await registerAgent(configOf(there), 'nightly'))
    teams.faults.next('*', { kind: 'status', status: 503 }, always)

    const { url } = await serve(there)

    await expect
      .poll(() => readiness(url))
      .toEqual({ status: 200, degraded: ['channel_away', 'nobody_reachable'] })
    const unclaimed = { initiator: undefined }
    expect(await agent.ask(url, { ...allowedBody, ...unclaimed })).toMatchObject({ state: 'approved' })
    expect(await agent.ask(url, { ...exportBody, ...unclaimed })).toMatchObject({
      status: 503,
      body: { code: 'nobody_reachable' },
    })
    expect(await statusOf(url, '/api/messages')).toBe(503)
    expect(await statusOf(url, '/slack/events')).toBe(404)
  })

  test('a wrong secret is the end of the start, with the fix and without the secret', async () => {
    const { environment } = await openTenant()
    const TEAMS_APP_PASSWORD = 'another-secret-0123456789'
    const there = { ...environment, ...(await place()), TEAMS_APP_PASSWORD }

    const fault = await serve(there).catch((cause: unknown) => cause)

    expect(fault).toBeInstanceOf(StartFault)
    expect(fault).toMatchObject({
      message: expect.stringMatching(/^Teams did not accept us/),
      fix: expect.stringMatching(/secret.*countersign doctor/),
    })
    expect(JSON.stringify([String(fault), (fault as StartFault).fix])).not.toContain(TEAMS_APP_PASSWORD)
  })

  test('a command that looks somebody up says so, too', async () => {
    const { environment } = await openTenant()
    const there = { ...environment, ...(await place()), TEAMS_APP_PASSWORD: 'another-secret-0123456789' }

    await expect(registerAgent(configOf(there), 'nightly')).rejects.toMatchObject({
      message: expect.stringMatching(/^Teams did not say who we are/),
      fix: expect.stringMatching(/secret/),
    })
  })
})

describe('Slack and Teams', () => {
  test('a Teams that is away leaves Slack to reach people', async () => {
    const { environment: slack, deliverTo } = await openWorkspace()
    const { teams, environment } = await openTenant()
    teams.faults.next('*', { kind: 'status', status: 503 }, always)

    const { url } = await serve({ ...slack, ...environment, ...(await place()) })
    deliverTo(url)

    await expect.poll(() => readiness(url)).toEqual({ status: 200, degraded: ['channel_away'] })
    expect(await statusOf(url, '/api/messages')).toBe(503)
    expect(await statusOf(url, '/slack/events')).toBe(401)
  })

  test('control: with Slack alone there is nothing at the address of Teams', async () => {
    const { environment } = await openWorkspace()
    const { POLICY_DIR: _, ...there } = await place()

    const served = await serve({ ...environment, ...there })

    await reachesEverything(served)
    expect(await statusOf(served.url, '/api/messages')).toBe(404)
  })
})
