import { expect, test } from 'vitest'
import { freshDatabase } from '../support/database.ts'
import { recordOf } from './record.ts'
import {
  agentWith,
  exportBody,
  type Logged,
  reachesEverything,
  type Served,
  serve,
  temporaryDirectory,
} from './serve.ts'
import { openWorkspace, registerAgent } from './workspace.ts'

const secret = 'one-secret-for-both-replicas-of-this-test-01'
const words = 'hunter2'
const body = {
  ...exportBody,
  params: { ...exportBody.params, destination: `s3://acme-lake-in/${words}` },
  reason: `Because of ${words}.`,
}

/** Two servers on one database, and an agent of Lee's. */
async function opened() {
  const workspace = await openWorkspace()
  const database = await freshDatabase()
  const start = () =>
    serve({
      ...workspace.environment,
      DATABASE_URL: database,
      DATA_DIR: temporaryDirectory(),
      COUNTERSIGN_SECRET: secret,
    })
  const a = await start()
  const b = await start()
  await reachesEverything(a, b)
  const agent = agentWith(await registerAgent(a.config, 'nightly'))
  const record = recordOf(database)
  /** Somebody presses a button of the newest card; the delivery goes to that server. */
  const press = async (server: Served, member: string, action: string) => {
    workspace.deliverTo(server.url)
    const card = workspace.slack
      .as(member)
      .messages('C0DATA')
      .findLast(({ threadTs }) => threadTs === null)
    await workspace.slack.as(member).press({ conversation: 'C0DATA', ts: card?.ts ?? '' }, action)
  }
  return { a, b, agent, record, press, workspace }
}

/** What a server says of the record of one request, in order: without time and message's form. */
const said = ({ logged }: { readonly logged: readonly Logged[] }, id: string) =>
  logged.filter(({ entry, requestId }) => entry !== undefined && requestId === id)

test('the log of a whole cycle says who asked, what was decided, by whom and how, once, where it was written', async () => {
  const { a, b, agent, record, press } = await opened()
  const { id } = await agent.ask(a.url, body)
  await record.cardsStand(1)

  await press(b, 'U0ALICE', 'approve')
  await expect.poll(() => record.count('decision.refused')).toBe(1)
  await press(a, 'U0BOB', 'approve')
  await expect.poll(() => record.count('decision.made')).toBe(1)
  await press(b, 'U0SAM', 'approve')
  expect(await agent.wait(a.url, id, 55)).toMatchObject({ state: 'approved' })

  const lines = [...said(a, id), ...said(b, id)]
  const about = (entry: string) => lines.filter((line) => line.entry === entry)
  expect(lines.every(({ level }) => level === 30)).toBe(true)
  expect(about('request.submitted')).toMatchObject([
    {
      msg: 'an agent asked',
      agent: expect.stringMatching(/^agt_/),
      via: 'api',
      action: 'db.export',
      environment: 'prod',
      initiator: expect.stringMatching(/^per_/),
      verdict: 'require_approval',
      rules: expect.arrayContaining(['data.export.prod']),
      state: 'pending',
    },
  ])
  expect(about('decision.refused')).toMatchObject([
    { account: 'slack:T0ACME:U0ALICE', kind: 'approve', code: 'own_request', via: 'slack' },
  ])
  expect(about('decision.made')).toMatchObject([
    { account: 'slack:T0ACME:U0BOB', kind: 'approve', legs: ['data-owner'], state: 'pending' },
    { account: 'slack:T0ACME:U0SAM', kind: 'approve', legs: ['security'], state: 'approved' },
  ])
  for (const { person } of about('decision.made')) expect(person).toMatch(/^per_/)
  expect(about('request.approved')).toMatchObject([
    { msg: 'a request was approved', account: 'slack:T0ACME:U0SAM', via: 'slack', state: 'approved' },
  ])
  // Each where it was written, and as often as it stands in the record.
  expect(said(a, id).map(({ entry }) => entry)).toContain('request.submitted')
  expect(said(b, id).map(({ entry }) => entry)).toEqual(
    expect.arrayContaining(['decision.refused', 'request.approved']),
  )
  expect(lines.map(({ entry }) => entry).toSorted()).toEqual((await record.entries()).toSorted())
})

test('it never holds what was asked with, what was written, or a key', async () => {
  const { a, b, agent, record, press, workspace } = await opened()
  const { id } = await agent.ask(a.url, body)
  await record.cardsStand(1)
  await press(b, 'U0BOB', 'deny')
  await expect.poll(() => workspace.slack.as('U0BOB').modal()?.callbackId).toBe('deny')
  await workspace.slack.as('U0BOB').submit({ text: { type: 'plain_text_input', value: `No ${words}.` } })
  expect(await agent.wait(a.url, id, 55)).toMatchObject({ state: 'denied' })

  const everything = JSON.stringify([a.logged, b.logged])
  expect(everything).toContain('"entry":"request.denied"')
  expect(everything).not.toMatch(/hunter2|acme-lake|csk_|whsec_|xoxb-|@acme\.test/)
})

test('control: what is not written is not told', async () => {
  const { a, agent } = await opened()
  const headers = { 'idempotency-key': 'once' }
  const [first, again] = [await agent.ask(a.url, body, headers), await agent.ask(a.url, body, headers)]
  const taken = await agent.cancel(a.url, first.id)
  const twice = await agent.cancel(a.url, first.id)

  expect([again.id, taken.state, twice.state]).toEqual([first.id, 'cancelled', 'cancelled'])
  const entries = said(a, first.id).map(({ entry }) => entry)
  for (const one of ['request.submitted', 'request.cancelled'])
    expect(entries.filter((entry) => entry === one)).toHaveLength(1)
})
