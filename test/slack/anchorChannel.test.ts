import { pino } from 'pino'
import { expect, test } from 'vitest'
import { slackAnchor } from '../../src/slack/outbound/anchor.ts'
import { createClients } from '../../src/slack/outbound/clients.ts'
import { createReach } from '../../src/slack/outbound/reach.ts'
import { grownTree } from '../anchors/grownTree.ts'
import { openWorkspace } from '../server/workspace.ts'

/** Two channels of one workspace: Countersign is in one of them, and the other is not there. */
async function channels() {
  const { slack, environment } = await openWorkspace()
  const botToken = environment.SLACK_BOT_TOKEN ?? ''
  const access = { botToken, apiUrl: slack.apiUrl }
  const clients = createClients(access, pino({ level: 'silent' }), createReach({ raise() {}, clear() {} }))
  const anchorIn = (name: string, channel: string) => slackAnchor(clients.posts, { name, channel })
  return { slack, botToken, there: anchorIn('security', 'C0SECURITY'), gone: anchorIn('gone', 'C0NOWHERE') }
}

test('a channel gets each checkpoint as a message that can be kept; one that refuses is a fault with its reason, and no token', async () => {
  const { slack, botToken, there, gone } = await channels()
  const tree = grownTree()

  const put = await there.put(tree.at(3), tree.first, tree.proofs)
  const refused = await gone.put(tree.at(3), tree.first, tree.proofs).catch((fault: unknown) => fault)

  expect(put).toMatchObject({ channel: 'C0SECURITY', message: expect.stringMatching(/^\d+\.\d+$/) })
  const shown = JSON.stringify(slack.workspace.messages.get('C0SECURITY'))
  expect(shown).toContain(JSON.stringify(tree.at(3).text).slice(1, -1))
  expect(refused).toMatchObject({
    name: 'AnchorFault',
    message: 'Slack did not take a message in C0NOWHERE (channel_not_found)',
  })
  expect(String(refused)).not.toContain(botToken)
})

test('doctor asks whether the channel is there, and posts nothing', async () => {
  const { slack, there, gone } = await channels()
  const before = JSON.stringify([...slack.workspace.messages])

  expect(await there.check()).toMatchObject({ ok: true, detail: 'the channel C0SECURITY is there' })
  expect(await gone.check()).toMatchObject({ ok: false, fix: expect.stringContaining('/invite') })
  expect(JSON.stringify([...slack.workspace.messages])).toBe(before)
  expect(there.newest).toBeNull()
})
