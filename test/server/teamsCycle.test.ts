import { expect, test } from 'vitest'
import { teamsChannels, teamsIds } from '../../src/sandbox/teams/seed.ts'
import type { LocalTeams } from '../../src/sandbox/teams/server.ts'
import { freshDatabase } from '../support/database.ts'
import { recordOf } from './record.ts'
import { agentWith, configOf, exportBody, reachesEverything, serve, temporaryDirectory } from './serve.ts'
import { openTenant, policyForTeams } from './tenant.ts'
import { registerAgent } from './workspace.ts'

/** A server with Teams alone, and an agent of Lee's. */
async function served() {
  const { teams, environment, deliverTo } = await openTenant()
  const there = {
    ...environment,
    ...{ DATABASE_URL: await freshDatabase(), DATA_DIR: temporaryDirectory() },
    POLICY_DIR: policyForTeams(),
  }
  const agent = agentWith(await registerAgent(configOf(there), 'nightly'))
  const server = await serve(there)
  deliverTo(server.url)
  await reachesEverything(server)
  return { teams, agent, server, record: recordOf(there.DATABASE_URL) }
}

/** The card of the last request, as somebody sees it. */
const cardOf = (teams: LocalTeams, person: string) => {
  const seen = teams.as(person).messages(teamsChannels.data).at(-1)
  return { conversation: teamsChannels.data, message: seen?.id ?? '' }
}

async function approves(teams: LocalTeams, person: string) {
  expect(await teams.as(person).press(cardOf(teams, person), 'approve_form')).toMatchObject({ ok: true })
  expect(await teams.as(person).submit()).toMatchObject({ ok: true })
}

test('an agent asks, two people approve in Teams, and the agent goes on', async () => {
  const { teams, agent, server, record } = await served()

  const asked = await agent.ask(server.url, exportBody)
  await record.cardsStand(1)
  await approves(teams, teamsIds.bob)
  await approves(teams, teamsIds.priya)

  expect(await agent.wait(server.url, asked.id, 30)).toMatchObject({ state: 'approved' })
  expect(await record.count('decision.made')).toBe(2)
  const metrics = await (await fetch(`${server.url}/metrics`)).text()
  expect(metrics).toMatch(/countersign_teams_calls_total\{method="post",outcome="ok"\} [1-9]/)
  expect(metrics).toMatch(/countersign_teams_deliveries_total\{outcome="taken"\} [1-9]/)
})

test('own-request: whoever is behind it decides nothing in Teams either', async () => {
  const { teams, agent, server, record } = await served()

  const asked = await agent.ask(server.url, { ...exportBody, initiator: { email: 'bob@acme.test' } })
  await record.cardsStand(1)
  await teams.as(teamsIds.bob).press(cardOf(teams, teamsIds.bob), 'approve_form')
  await teams.as(teamsIds.bob).submit()

  expect(await agent.wait(server.url, asked.id, 1)).toMatchObject({ state: 'pending' })
  expect(await record.count('decision.made')).toBe(0)
  expect(await record.count('decision.refused')).toBeGreaterThan(0)
})

test('what Teams did not sign is refused, and counted', async () => {
  const { server } = await served()

  const { status } = await fetch(`${server.url}/api/messages`, { method: 'POST', body: '{}' })

  expect(status).toBe(401)
  const metrics = await (await fetch(`${server.url}/metrics`)).text()
  expect(metrics).toMatch(/countersign_teams_deliveries_total\{outcome="refused"\} 1/)
})
