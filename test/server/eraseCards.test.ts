import { appendFileSync, cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { askErasure } from '../../src/approvals/erasure/askErasure.ts'
import { saidErased } from '../../src/cli/eraseReach.ts'
import { withParts } from '../../src/server/compose.ts'
import { freshDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { recordOf } from './record.ts'
import { agentWith, exportBody, serve, temporaryDirectory } from './serve.ts'
import { openWorkspace, registerAgent, type Workspace } from './workspace.ts'

const [data, deploys, security] = ['C0DATA', 'C0DEPLOYS', 'C0SECURITY'] as const

/** The policy that ships, and an action that is asked in two conversations. */
function policyDirectory(): string {
  const directory = temporaryDirectory()
  cpSync('policies', directory, { recursive: true })
  appendFileSync(join(directory, 'actions.yaml'), '  user.create: {effect: write, params: open}\n')
  const rule = (id: string, channel: string) => `
- id: ${id}
  description: New users are looked at.
  match: {actions: [user.create]}
  verdict: require_approval
  require: {approvals: [{name: looked, from: [group:data-owners], count: 1}]}
  notify: {channel: channel:${channel}}
`
  writeFileSync(
    join(directory, 'rules', 'users.yaml'),
    rule('user.data', 'data-approvals') + rule('user.deploys', 'deploys'),
  )
  return directory
}

const messages = ({ slack }: Workspace, channel: string) => slack.as('U0PRIYA').messages(channel)
const cardsIn = (workspace: Workspace, channel: string) =>
  messages(workspace, channel).filter((one) => one.threadTs === null && !one.ephemeral)
const threadIn = (workspace: Workspace, channel: string) =>
  messages(workspace, channel).filter((one) => one.threadTs !== null && !one.ephemeral)

/** Takes the app from a channel, where it can do nothing until it is let in again. */
function refuse({ slack }: Workspace, channel: string): { letIn(): void } {
  const { conversations } = slack.workspace
  const conversation = conversations.get(channel)
  if (!conversation) throw new Error('it is there')
  conversations.delete(channel)
  return { letIn: () => void conversations.set(channel, conversation) }
}

/** A request with a card in two conversations, which Bob has denied. */
async function denied() {
  const workspace = await openWorkspace()
  const database = await freshDatabase()
  const served = await serve({
    ...workspace.environment,
    DATABASE_URL: database,
    DATA_DIR: temporaryDirectory(),
    POLICY_DIR: policyDirectory(),
  })
  workspace.deliverTo(served.url)
  const agent = agentWith(await registerAgent(served.config, 'nightly'))
  const body = {
    ...exportBody,
    action: 'user.create',
    params: { name: 'param-of-carol' },
    reason: 'prose-of-agent',
  }
  const { id } = await agent.ask(served.url, body)
  const record = recordOf(database)
  await record.cardsStand(2)
  const bob = workspace.slack.as('U0BOB')
  const card = cardsIn(workspace, data)[0]
  await bob.press({ conversation: data, ts: card?.ts ?? '' }, 'deny')
  await eventually(() => expect(bob.modal()).toBeDefined())
  await workspace.slack.act({
    act: 'submit',
    as: 'U0BOB',
    view: bob.modal()?.id ?? '',
    state: { reason: { text: { type: 'plain_text_input', value: 'words-of-bob' } } },
  })
  await eventually(() => {
    for (const channel of [data, deploys]) {
      expect(JSON.stringify(cardsIn(workspace, channel))).toContain('words-of-bob')
      expect(threadIn(workspace, channel).length).toBeGreaterThan(0)
    }
  })
  return { workspace, served, id, record }
}

const words = /param-of-carol|prose-of-agent|words-of-bob/

/** Grace asks for it, as the command does, and Priya agrees. */
async function erase({ workspace, served }: Awaited<ReturnType<typeof denied>>, id: string): Promise<void> {
  const asked = await withParts(served.config, ({ ports }) =>
    askErasure(
      { ...ports, confirms: false },
      {
        erasable: { what: 'request', id },
        by: { email: 'grace@acme.test' },
        reason: 'They asked for it',
        updateCards: true,
        via: 'cli',
        shell: { user: 'grace', host: 'laptop' },
      },
    ),
  )
  if (asked.outcome !== 'asked') throw new Error('it was asked')
  await eventually(() => expect(cardsIn(workspace, security)).toHaveLength(1))
  const at = { conversation: security, ts: cardsIn(workspace, security)[0]?.ts ?? '' }
  await workspace.slack.as('U0PRIYA').press(at, 'approve')
}

test('erasure: the cards of what was erased are drawn again without it, and a conversation that refuses is named until it has been', async () => {
  const house = await denied()
  const { workspace, served, id, record } = house
  const said = () =>
    withParts(served.config, async ({ store: { store } }) => {
      const request = await store.request(id)
      return request ? saidErased(store, request) : []
    })
  const deployed = cardsIn(workspace, deploys)
  const { letIn } = refuse(workspace, deploys)

  await erase(house, id)

  await eventually(() => expect(JSON.stringify(threadIn(workspace, data))).toMatch(/Erased.*from the record/))
  expect(JSON.stringify(cardsIn(workspace, data))).toMatch(/Erased/)
  expect(JSON.stringify(cardsIn(workspace, data))).not.toMatch(words)
  await eventually(() =>
    expect(served.logged).toContainEqual(
      expect.objectContaining({ task: 'refresh', address: `slack:${deploys}` }),
    ),
  )
  expect((await said()).slice(1).sort()).toEqual([
    expect.stringMatching(/archives\/C0DATA\/p\d+: was drawn again without it; its thread stays$/),
    expect.stringMatching(/archives\/C0DEPLOYS\/p\d+: still has what it asked, so delete it there$/),
  ])
  expect(JSON.stringify(deployed)).toMatch(words) // the control

  letIn()
  await record.hurry()

  await eventually(() =>
    expect(JSON.stringify(threadIn(workspace, deploys))).toMatch(/Erased.*from the record/),
  )
  expect(JSON.stringify(cardsIn(workspace, deploys))).not.toMatch(words)
  expect(JSON.stringify(await said())).not.toMatch('still has what it asked')
})
