import { expect, test } from 'vitest'
import { acme } from '../../src/sandbox/seed.ts'
import type { LocalSlack } from '../../src/sandbox/slack/server.ts'
import type { Seed } from '../../src/sandbox/slack/workspace.ts'
import type { ActResult } from '../../src/sandbox/wire.ts'
import { freshDatabase } from '../support/database.ts'
import { type Record, recordOf } from './record.ts'
import { agentWith, exportBody, rollbackBody, type Served, serve, temporaryDirectory } from './serve.ts'
import { openWorkspace, registerAgent, type Workspace } from './workspace.ts'

const secret = 'one-secret-for-both-replicas-of-this-test-00'

/** Two servers on one database, and one Slack. */
async function openReplicas(seed?: Seed) {
  const workspace = await openWorkspace(seed)
  const database = await freshDatabase()
  const start = () =>
    serve({
      ...workspace.environment,
      DATABASE_URL: database,
      DATA_DIR: temporaryDirectory(),
      COUNTERSIGN_SECRET: secret,
    })
  const [a, b] = await Promise.all([start(), start()])
  const agent = agentWith(await registerAgent(a.config, 'nightly'))
  return { workspace, a, b, agent, record: recordOf(database) }
}

/** Whatever a member does while this runs is delivered to that server. */
function via<T>({ deliverTo }: Workspace, server: Served, act: () => T): T {
  deliverTo(server.url)
  return act()
}

/** Where the only card of a channel stands, when it does. */
async function cardIn({ slack }: Workspace, conversation: string, record: Record) {
  await record.cardsStand(1)
  const [card] = cardsIn(slack, conversation)
  return { conversation, ts: card?.ts ?? '' }
}

function cardsIn(slack: LocalSlack, conversation: string) {
  const messages = slack.as('U0BOB').messages(conversation)
  return messages.filter((message) => message.threadTs === null)
}

test('an agent who waits at one replica hears of a click that the other handled', async () => {
  const { workspace, a, b, agent, record } = await openReplicas()
  const { id } = await agent.ask(a.url, exportBody)
  const hears = agent.wait(a.url, id, 55)
  const at = await cardIn(workspace, 'C0DATA', record)

  await via(workspace, b, () => workspace.slack.as('U0BOB').press(at, 'approve'))
  await via(workspace, b, () => workspace.slack.as('U0PRIYA').press(at, 'approve'))

  expect(await hears).toMatchObject({ state: 'approved' })
})

test('redelivery: the same signed click at both replicas has one effect and one entry', async () => {
  const { workspace, a, b, agent, record } = await openReplicas()
  const { id } = await agent.ask(a.url, exportBody)
  const at = await cardIn(workspace, 'C0DATA', record)
  await via(workspace, a, () => workspace.slack.as('U0BOB').press(at, 'approve'))
  const click = workspace.slack.deliveries.at(-1)

  const again = await Promise.all([a, b, a, b].map(({ url }) => click?.again({ url: `${url}/slack/events` })))

  for (const ack of again) if (ack?.kind !== 'acked') expect(ack).toMatchObject({ status: 503 }) // a busy machine
  expect(again).toHaveLength(4)
  expect(await record.entries()).toEqual(['request.submitted', 'card.posted', 'decision.made'])
  expect((await agent.wait(b.url, id, 0)).body).toMatchObject({ state: 'pending', decisions: [{}] })
})

test('race: twenty people approve and deny at both replicas, and there is one outcome', async () => {
  const racers = Array.from({ length: 20 }, (_, n) => `U0RACER${n}`)
  const { workspace, a, b, agent, record } = await openReplicas(withLeads(racers))
  const { id } = await agent.ask(a.url, rollbackBody)
  const at = await cardIn(workspace, 'C0DEPLOYS', record)
  const deniers = racers.filter((_, n) => n % 2 === 0)
  for (const one of deniers) await via(workspace, a, () => openDenial(workspace, one, at))

  const acts = racers.map((one, n) => {
    const member = workspace.slack.as(one)
    const reason = { text: { type: 'plain_text_input', value: `${one} says no.` } }
    const act = (): Promise<ActResult> => (n % 2 === 0 ? member.submit(reason) : member.press(at, 'approve'))
    return via(workspace, n % 4 < 2 ? a : b, act)
  })
  const shown = await Promise.all(acts)

  const [heardAtA, heardAtB] = await Promise.all([agent.wait(a.url, id, 55), agent.wait(b.url, id, 55)])
  expect(heardAtB).toMatchObject({ state: heardAtA.state, body: { decisions: heardAtA.body.decisions } })
  expect(['approved', 'denied']).toContain(heardAtA.state)
  expect(await record.count('decision.made')).toBe(1)
  expect((await record.count('request.approved')) + (await record.count('request.denied'))).toBe(1)
  // A click that took long was acknowledged as queued, and is refused a moment later. One that Slack could not deliver in
  // its three seconds need not have arrived: its person was shown that.
  const acknowledged = racers.filter((_, n) => shown[n]?.ok)
  const lost = async () => {
    const onRecord = await record.deciders()
    return acknowledged.filter((one) => !onRecord.some((account) => account.endsWith(`:${one}`)))
  }
  await expect.poll(lost).toEqual([])
  expect(await record.count('decision.made')).toBe(1)
  const once = await record.deciders()
  expect(once).toEqual([...new Set(once)])
})

/** Presses Deny until the form is there: on a busy machine a trigger expires, and what opens first is a placeholder. */
async function openDenial({ slack }: Workspace, user: string, at: Awaited<ReturnType<typeof cardIn>>) {
  const member = slack.as(user)
  const form = () => expect.poll(() => member.modal()?.callbackId, { timeout: 5_000 }).toBe('deny')
  for (let open = false; !open; ) {
    await member.press(at, 'deny')
    open = await form().then(
      () => true,
      () => false,
    )
  }
}

test('both replicas work on the same jobs, and every request gets one card', async () => {
  const { workspace, a, b, agent, record } = await openReplicas()

  // What is asked again would share a card.
  const { rows } = exportBody.params
  await Promise.all(
    Array.from({ length: 10 }, (_, n) =>
      agent.ask((n % 2 === 0 ? a : b).url, {
        ...exportBody,
        params: { ...exportBody.params, rows: rows + n },
      }),
    ),
  )

  await record.cardsStand(10)
  expect(await record.cards()).toHaveLength(10)
  expect(cardsIn(workspace.slack, 'C0DATA')).toHaveLength(10)
})

test('retry-storm: the same key at both replicas at once is one request', async () => {
  const { a, b, agent, record } = await openReplicas()
  const key = { 'idempotency-key': 'the-same' }

  const heard = await Promise.all(
    Array.from({ length: 30 }, (_, n) => agent.ask((n % 2 === 0 ? a : b).url, exportBody, key)),
  )

  expect(new Set(heard.map(({ id }) => id)).size).toBe(1)
  await record.cardsStand(1)
  expect(await record.entries()).toEqual(['request.submitted', 'card.posted'])
})

/** Acme with more platform leads, all of them in the channel of deploys. */
function withLeads(users: readonly string[]): Seed {
  const [like] = acme.members
  if (!like) throw new Error('nobody works at Acme')
  const people = users.map((id) => ({ ...like, id, name: id, realName: id, email: `${id}@acme.test` }))
  return {
    ...acme,
    members: [...acme.members, ...people],
    usergroups: acme.usergroups.map((group) => (group.id === 'S0PLATFORM' ? { ...group, users } : group)),
    channels: acme.channels.map((one) => ({ ...one, members: [...one.members, ...users] })),
  }
}
