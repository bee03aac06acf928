import { expect, test } from 'vitest'
import { freshDatabase } from '../support/database.ts'
import { recordOf } from './record.ts'
import { agentWith, exportBody, rollbackBody, serve, temporaryDirectory } from './serve.ts'
import { openWorkspace, registerAgent } from './workspace.ts'

/** Two servers on one database, each with a connection of its own to one Slack, which brings each thing to either. */
async function openReplicas() {
  const { slack, environment } = await openWorkspace()
  slack.deliverTo({ mode: 'socket' })
  const { SLACK_SIGNING_SECRET: _, ...wire } = environment
  const database = await freshDatabase()
  const start = () =>
    serve({
      ...wire,
      SLACK_APP_TOKEN: 'xapp-unused',
      DATABASE_URL: database,
      DATA_DIR: temporaryDirectory(),
      COUNTERSIGN_SECRET: 'one-secret-for-both-replicas-of-this-test-00',
    })
  const [a, b] = await Promise.all([start(), start()])
  await expect.poll(() => slack.sockets.connected).toBe(2)
  const agent = agentWith(await registerAgent(a.config, 'nightly'))
  const record = recordOf(database)
  const cardOf = async (url: string, body: typeof exportBody | typeof rollbackBody, conversation: string) => {
    const { id } = await agent.ask(url, body)
    await record.cardsStand(1)
    const [card] = slack.as('U0BOB').messages(conversation)
    return { id, at: { conversation, ts: card?.ts ?? '' } }
  }
  return { slack, a, b, agent, record, cardOf }
}

test('redelivery, two-replicas: the same envelope over the connection of each has one effect and one entry', async () => {
  const { slack, a, b, agent, record, cardOf } = await openReplicas()
  const { id, at } = await cardOf(a.url, exportBody, 'C0DATA')
  await slack.as('U0BOB').press(at, 'approve')
  const click = slack.deliveries.at(-1)

  // They go round the two connections, one after the other and then together.
  for (let n = 0; n < 2; n += 1) await click?.again()
  await Promise.all([click?.again(), click?.again()])

  const pending = { state: 'pending', decisions: [{}] }
  await expect.poll(async () => (await agent.wait(b.url, id, 0)).body).toMatchObject(pending)
  expect(await record.entries()).toEqual(['request.submitted', 'card.posted', 'decision.made'])
})

test('race, two-replicas: approve and deny over both connections at once have one outcome, at both', async () => {
  const { slack, a, b, agent, record, cardOf } = await openReplicas()
  const { id, at } = await cardOf(a.url, rollbackBody, 'C0DEPLOYS')
  await slack.as('U0GRACE').press(at, 'deny')
  await expect.poll(() => slack.as('U0GRACE').modal()?.callbackId).toBe('deny')

  await Promise.all([
    slack.as('U0GRACE').submit({ text: { type: 'plain_text_input', value: 'No.' } }),
    slack.as('U0SAM').press(at, 'approve'),
  ])

  const [heardAtA, heardAtB] = await Promise.all([agent.wait(a.url, id, 55), agent.wait(b.url, id, 55)])
  expect(['approved', 'denied']).toContain(heardAtA.state)
  expect(heardAtB.state).toBe(heardAtA.state)
  expect(await record.count('decision.made')).toBe(1)
})

test('two-replicas: when one of the two ends, what people press reaches the other', async () => {
  const { slack, a, b, agent, cardOf } = await openReplicas()
  const { id, at } = await cardOf(a.url, exportBody, 'C0DATA')

  await a.stop()
  await expect.poll(() => slack.sockets.connected).toBe(1)
  await slack.as('U0BOB').press(at, 'approve')
  await slack.as('U0PRIYA').press(at, 'approve')

  expect(await agent.wait(b.url, id, 55)).toMatchObject({ state: 'approved' })
})
