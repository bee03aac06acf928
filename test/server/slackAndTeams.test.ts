import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { teamsChannels, teamsIds } from '../../src/sandbox/teams/seed.ts'
import { freshDatabase } from '../support/database.ts'
import { recordOf } from './record.ts'
import { agentWith, configOf, exportBody, reachesEverything, serve, temporaryDirectory } from './serve.ts'
import { openTenant, policyForTeams } from './tenant.ts'
import { openWorkspace, registerAgent } from './workspace.ts'

/** The policy that ships, with one channel more: that of Teams, beside Slack's. */
function policyForBoth(): string {
  const directory = policyForTeams()
  const shipped = readFileSync('policies/bundle.yaml', 'utf8')
  const both = shipped.replace(
    '{slack_channel: C0DATA}',
    `{slack_channel: C0DATA, teams_channel: "${teamsChannels.data}"}`,
  )
  writeFileSync(join(directory, 'bundle.yaml'), both)
  return directory
}

/** A server with both, whose people are Slack's, and an agent of Lee's. */
async function served() {
  const workspace = await openWorkspace()
  const tenant = await openTenant()
  const there = {
    ...{ ...workspace.environment, ...tenant.environment },
    ...{ DATABASE_URL: await freshDatabase(), DATA_DIR: temporaryDirectory() },
    POLICY_DIR: policyForBoth(),
  }
  const agent = agentWith(await registerAgent(configOf(there), 'nightly'))
  const server = await serve(there)
  workspace.deliverTo(server.url)
  tenant.deliverTo(server.url)
  await reachesEverything(server)
  return {
    ...{ agent, server, slack: workspace.slack, teams: tenant.teams },
    record: recordOf(there.DATABASE_URL),
  }
}

test('a request stands in Slack and in Teams; what is decided in one is told by the copy in the other', async () => {
  const { agent, server, slack, teams, record } = await served()
  const inTeams = () => teams.as(teamsIds.bob).messages(teamsChannels.data)

  const asked = await agent.ask(server.url, exportBody)
  await record.cardsStand(2)
  expect(JSON.stringify(inTeams())).toContain('approve_form')
  const at = { conversation: 'C0DATA', ts: slack.as('U0BOB').messages('C0DATA').at(-1)?.ts ?? '' }
  await slack.as('U0BOB').press(at, 'approve')
  await slack.as('U0PRIYA').press(at, 'approve')

  expect(await agent.wait(server.url, asked.id, 30)).toMatchObject({ state: 'approved' })
  await expect.poll(() => JSON.stringify(inTeams())).not.toContain('approve_form')
})

test('twin-accounts: an account of Teams that is linked to nobody in Slack decides nothing', async () => {
  const { agent, server, teams, record } = await served()

  const asked = await agent.ask(server.url, exportBody)
  await record.cardsStand(2)
  const at = {
    conversation: teamsChannels.data,
    message: teams.as(teamsIds.bob).messages(teamsChannels.data).at(-1)?.id ?? '',
  }
  await teams.as(teamsIds.bob).press(at, 'approve_form')

  // What opens says why not, and has nothing to send.
  expect(await teams.as(teamsIds.bob).submit()).toMatchObject({ ok: false })
  expect(server.logged).toContainEqual(
    expect.objectContaining({ code: 'not_staff', detail: expect.stringContaining('unlinked') }),
  )
  expect(await record.count('decision.made')).toBe(0)
  expect(await agent.wait(server.url, asked.id, 1)).toMatchObject({ state: 'pending' })
})
