import { expect, test } from 'vitest'
import { freshDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { recordOf } from './record.ts'
import { agentWith, exportBody, serve, temporaryDirectory } from './serve.ts'
import { openWorkspace, registerAgent } from './workspace.ts'

const secret = 'one-secret-for-both-replicas-of-this-test-00'

/** What the window of somebody says. */
type Windows = Awaited<ReturnType<typeof openWorkspace>>['slack']

async function enter(slack: Windows, who: string, rows: number) {
  const view = slack.as(who).modal()?.id ?? ''
  const options = [{ value: '0', text: { type: 'plain_text', text: '0' } }]
  const state = {
    'narrow/rows': { text: { type: 'number_input', value: `${rows}` } },
    'narrow/columns': { text: { type: 'checkboxes', selected_options: options } },
  }
  return slack.act({ act: 'submit', as: who, view, state })
}

async function review(
  slack: Windows,
  at: { conversation: string; ts: string },
  [who, rows]: [string, number],
) {
  await slack.as(who).press(at, 'narrow')
  await eventually(() => expect(slack.as(who).modal()?.callbackId).toBe('narrow'))
  await enter(slack, who, rows)
  await eventually(() => expect(JSON.stringify(slack.as(who).modal()?.blocks)).toContain('You lower'))
}

test('race: two approvers narrow at two replicas; one request is made, its card stands, and the agent hears exactly what is left', async () => {
  const workspace = await openWorkspace()
  const database = await freshDatabase()
  const settings = { ...workspace.environment, DATABASE_URL: database, COUNTERSIGN_SECRET: secret }
  const start = () => serve({ ...settings, DATA_DIR: temporaryDirectory() })
  const [a, b] = await Promise.all([start(), start()])
  const agent = agentWith(await registerAgent(a.config, 'nightly'))
  const record = recordOf(database)
  const { slack } = workspace
  const { id } = await agent.ask(a.url, exportBody)
  await record.cardsStand(1)
  const [card] = slack.as('U0BOB').messages('C0DATA')
  const at = { conversation: 'C0DATA', ts: card?.ts ?? '' }
  const hears = agent.wait(a.url, id, 55)
  workspace.deliverTo(a.url)
  await review(slack, at, ['U0BOB', 4])
  workspace.deliverTo(b.url)
  await review(slack, at, ['U0PRIYA', 3])

  const bob = enter(slack, 'U0BOB', 4)
  workspace.deliverTo(a.url)
  await Promise.all([bob, enter(slack, 'U0PRIYA', 3)])

  const heard = (await hears).body
  expect(heard).toMatchObject({ state: 'denied', outcome_code: 'narrowed' })
  const left = heard.narrowed_to as { id: string; params: { rows: number } }
  expect([4, 3]).toContain(left.params.rows)
  const { body: less } = await agent.wait(b.url, left.id, 0)
  expect(less).toMatchObject({
    state: 'pending',
    narrows: id,
    params: left.params,
    decisions: [{ kind: 'approve' }],
  })
  const made = (await record.entries()).filter((type) => type === 'request.submitted')
  expect(made).toHaveLength(2)
  await record.cardsStand(2)
  await eventually(() => {
    const cards = slack
      .as('U0BOB')
      .messages('C0DATA')
      .filter(({ threadTs }) => threadTs === null)
    expect(JSON.stringify(cards.at(0)?.blocks)).toContain('because it was narrowed')
    expect(JSON.stringify(cards.at(-1)?.blocks)).toContain('Differs from what was asked')
  })
  const last = slack
    .as('U0BOB')
    .messages('C0DATA')
    .filter(({ threadTs }) => threadTs === null)
    .at(-1)
  const others = less.decisions as { person: string }[]
  expect(others).toHaveLength(1)
  for (const who of ['U0BOB', 'U0PRIYA', 'U0SAM'])
    await slack.as(who).press({ conversation: 'C0DATA', ts: last?.ts ?? '' }, 'approve')
  const approved = (await agent.wait(a.url, left.id, 55)).body
  expect(approved).toMatchObject({
    state: 'approved',
    digest: (heard.narrowed_to as { digest: string }).digest,
  })
  expect(slack.problems).toEqual([])
})
