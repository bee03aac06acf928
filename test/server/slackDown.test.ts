import { describe, expect, test } from 'vitest'
import { acme } from '../../src/sandbox/seed.ts'
import type { Fault } from '../../src/sandbox/slack/faults.ts'
import { freshDatabase } from '../support/database.ts'
import { recordOf } from './record.ts'
import { agentWith, exportBody, rollbackBody, serve, temporaryDirectory } from './serve.ts'
import { openWorkspace, registerAgent } from './workspace.ts'

const channel = 'C0DATA'

/** A server whose Slack meets a fault at every posting, until it is fixed. */
async function openTrouble(fault: Fault) {
  const { slack, environment, deliverTo } = await openWorkspace()
  const database = await freshDatabase()
  const served = await serve({ ...environment, DATABASE_URL: database, DATA_DIR: temporaryDirectory() })
  deliverTo(served.url)
  const agent = agentWith(await registerAgent(served.config, 'nightly'))
  const record = recordOf(database)
  slack.faults.next('chat.postMessage', fault, Number.POSITIVE_INFINITY)

  const asked = await agent.ask(served.url, exportBody)
  const warnings = () => served.logged.filter((line) => line.level === 40 && line.task === 'announce')
  await expect.poll(() => warnings().length).toBeGreaterThan(0)
  const messages = () => slack.as('U0BOB').messages(channel)
  return {
    id: asked.id,
    served,
    agent,
    record,
    slack,
    warning: () => warnings()[0],
    state: async () => (await agent.wait(served.url, asked.id, 0)).state,
    /** The messages that stand in the channel and have a button to approve with. */
    cards: () => messages().filter((one) => JSON.stringify(one.blocks).includes('"action_id":"approve"')),
    /** What `/approvals` answers to Bob. */
    listedForBob: async () => {
      await slack.as('U0BOB').command(channel, '/approvals')
      return expect.poll(() => JSON.stringify(messages().filter((one) => one.ephemeral)))
    },
  }
}

const troubles: readonly (readonly [string, Fault, string])[] = [
  ['429', { kind: 'rate_limited', retryAfter: 1 }, 'Slack asked us to wait'],
  ['500', { kind: 'status', status: 500 }, 'http_500'],
  ['a lost answer', { kind: 'lost_answer' }, 'check the network and SLACK_API_URL'],
  [
    'not_in_channel',
    { kind: 'error', error: 'not_in_channel' },
    `/invite @Countersign" in channel ${channel}`,
  ],
  [
    'channel_not_found',
    { kind: 'error', error: 'channel_not_found' },
    'invite the app or correct the policy',
  ],
  ['token_revoked', { kind: 'error', error: 'token_revoked' }, 'SLACK_BOT_TOKEN was revoked'],
]

describe.each(troubles)('slack-down: posting meets %s', (_, fault, fix) => {
  test('nothing is decided by it, people find the request elsewhere, and its card comes later', async () => {
    const trouble = await openTrouble(fault)
    const { slack, record } = trouble

    expect(await trouble.state()).toBe('pending')
    expect(trouble.warning()).toMatchObject({ msg: expect.stringContaining(fix) })
    await (await trouble.listedForBob()).toContain('db.export on table warehouse.users in prod')

    slack.faults.clear()
    await record.hurry()
    await record.cardsStand(1)
    const at = { conversation: channel, ts: trouble.cards().at(-1)?.ts ?? '' }
    await slack.as('U0BOB').press(at, 'approve')
    await slack.as('U0PRIYA').press(at, 'approve')
    expect(await trouble.agent.wait(trouble.served.url, trouble.id, 55)).toMatchObject({ state: 'approved' })
    expect(await record.count('card.posted')).toBe(1)
  })
})

test('bad-hour: a channel that was archived for a moment gets its card by itself, and no job is left over', async () => {
  const { slack, environment } = await openWorkspace()
  const database = await freshDatabase()
  const served = await serve({ ...environment, DATABASE_URL: database, DATA_DIR: temporaryDirectory() })
  const agent = agentWith(await registerAgent(served.config, 'nightly'))
  slack.faults.next('chat.postMessage', { kind: 'error', error: 'is_archived' }, 2)

  const { id } = await agent.ask(served.url, exportBody)

  const record = recordOf(database)
  await record.cardsStand(1)
  expect(await record.cards()).toEqual(['posted'])
  // The signing keys, old messages and accounts of people always have a job, whatever is asked.
  const jobsLeft = async () =>
    (await record.allJobs()).filter((job) => !/keys|prune|lookAtAccounts/.test(job))
  await expect.poll(jobsLeft).toEqual([expect.stringContaining(`expire:${id}`)])
})

test('double-post: of two messages whose first answer was lost, only the second decides', async () => {
  const trouble = await openTrouble({ kind: 'lost_answer' })
  const { slack, record } = trouble
  slack.faults.clear()
  await record.hurry()
  await record.cardsStand(1)
  const [orphan, card] = trouble.cards()
  const press = (ts = '') => slack.as('U0BOB').press({ conversation: channel, ts }, 'approve')

  await press(orphan?.ts)
  await expect.poll(() => trouble.cards().map(({ ts }) => ts)).toEqual([card?.ts])
  expect(await record.count('decision.made')).toBe(0)
  await press(card?.ts)

  await expect.poll(() => record.count('decision.made')).toBe(1)
  expect((await record.cards()).filter((status) => status === 'posted')).toHaveLength(1)
})

test('one channel that the app is not in does not keep the others from their cards', async () => {
  const app = acme.app.botUserId
  const channels = acme.channels.map((one) =>
    one.id === channel ? { ...one, members: one.members.filter((member) => member !== app) } : one,
  )
  const { slack, environment } = await openWorkspace({ ...acme, channels })
  const database = await freshDatabase()
  const served = await serve({ ...environment, DATABASE_URL: database, DATA_DIR: temporaryDirectory() })
  const agent = agentWith(await registerAgent(served.config, 'nightly'))

  await Promise.all(Array.from({ length: 8 }, () => agent.ask(served.url, exportBody)))
  await agent.ask(served.url, rollbackBody)

  await recordOf(database).cardsStand(1)
  expect(slack.as('U0BOB').messages('C0DEPLOYS')).toHaveLength(1)
  expect(slack.as('U0BOB').messages(channel)).toEqual([])
})
