import { afterEach, beforeEach, expect, test } from 'vitest'
import { escalateInTime } from '../../src/approvals/escalate.ts'
import { eventually } from '../support/eventually.ts'
import { type Company, channelId, openCompany, send } from './company.ts'
import { cardAt, threadOf, whispersTo, windowOf, windowOpens } from './seen.ts'

/** `node.drain` asks a platform lead (Grace, Sam); after 10 minutes Security may help, after 20 the data owners. */
let company: Company
beforeEach(async () => {
  company = await openCompany()
})
afterEach(() => company.close())

async function openWindow(who: string, at: { conversation: string; ts: string }) {
  await company.local.as(who).press(at, 'escalate')
  await windowOpens(company, who, 'escalate')
}

test('somebody who could decide brings in the next people, with a reason that the thread tells', async () => {
  const { request, at } = await company.asked('node.drain')

  await openWindow('U0GRACE', at)
  expect(windowOf(company, 'U0GRACE')).toContain('To <!subteam^S0SECURITY>.')
  expect(windowOf(company, 'U0GRACE')).toContain('may then agree for platform')
  await send(company, 'U0GRACE', { reason: 'I do not know this node.' })
  await company.settle(request.id)

  expect(threadOf(company, at.ts).map((message) => message.text)).toEqual([
    '*Escalated* to <!subteam^S0SECURITY>. They may now agree for platform. grace brought them in, and says why:',
  ])
  expect(JSON.stringify(threadOf(company, at.ts))).toContain('I do not know this node.')
  expect(cardAt(company, at.ts)).toContain('○ 1 of <!subteam^S0PLATFORM> or <!subteam^S0SECURITY>')
  expect(cardAt(company, at.ts)).toContain('*Escalated* to <!subteam^S0SECURITY> by <@U0GRACE>')
  expect(company.local.problems).toEqual([])
})

test('whoever escalates chooses among those whom the policy names', async () => {
  const { request, at } = await company.asked('node.drain')
  await openWindow('U0GRACE', at)
  const window = company.local.as('U0GRACE').modal()
  expect(JSON.stringify(window)).toContain('To <!subteam^S0DATA>.')

  await company.local.act({
    act: 'submit',
    as: 'U0GRACE',
    view: window?.id ?? '',
    state: {
      reason: { text: { type: 'plain_text_input', value: 'It is about their data.' } },
      target: {
        text: {
          type: 'radio_buttons',
          selected_option: {
            text: { type: 'plain_text', text: 'group:data-owners' },
            value: 'slack:S0DATA',
          },
        },
      },
    },
  })
  await eventually(async () => expect((await company.store.request(request.id))?.escalations).toHaveLength(1))
  await company.settle(request.id)

  expect((await company.store.request(request.id))?.escalations).toMatchObject([
    { to: { ref: 'group:data-owners' } },
  ])
  expect(threadOf(company, at.ts).map((message) => message.text)).toEqual([
    expect.stringContaining('*Escalated* to <!subteam^S0DATA>'),
  ])
  expect(company.local.problems).toEqual([])
})

test('the people who were brought in can decide; control: before that they could not', async () => {
  const { request, at } = await company.asked('node.drain')
  await company.local.as('U0PRIYA').press(at, 'approve')
  await eventually(() => expect(whispersTo(company, 'U0PRIYA')).toHaveLength(1))
  expect(await company.state(request.id)).toBe('pending')

  await openWindow('U0GRACE', at)
  await send(company, 'U0GRACE', { reason: 'I do not know this node.' })
  await company.settle(request.id)
  await company.local.as('U0PRIYA').press(at, 'approve')

  expect(await company.state(request.id)).toBe('approved')
})

test('the button is gone when nobody is left to be told, and a late click says so', async () => {
  const { request, at } = await company.asked('node.drain')
  for (const who of ['U0GRACE', 'U0SAM']) {
    expect(cardAt(company, at.ts)).toContain('"action_id":"escalate"')
    await openWindow(who, at)
    await send(company, who, { reason: 'Please look.' })
    await company.settle(request.id)
  }

  expect(cardAt(company, at.ts)).not.toContain('"action_id":"escalate"')
  expect(cardAt(company, at.ts)).toContain('"action_id":"approve"')
  await company.local.as('U0SAM').post(channelId, '<@U0COUNTERSIGN> escalate because it burns', at.ts)
  await eventually(() =>
    expect(whispersTo(company, 'U0SAM').at(-1)).toContain('There is nobody left to escalate this to.'),
  )
})

test('control: an action without escalation has no such button', async () => {
  const { at } = await company.asked('deploy.start')

  expect(cardAt(company, at.ts)).not.toContain('escalate')
})

test('the deadline escalates by itself, and the thread says that nobody had decided', async () => {
  const { request, at } = await company.asked('node.drain')
  company.world.clock.advance(601)

  await escalateInTime(company.world.ports, { request: request.id, nth: 0 })
  await company.settle(request.id)

  expect(threadOf(company, at.ts)[0]?.text).toBe(
    '*Escalated* to <!subteam^S0SECURITY> because nobody had decided in time. They may now agree for platform.',
  )
  expect(cardAt(company, at.ts)).toContain('because nobody had decided')
})

test.each([
  ['somebody behind the action', 'U0ALICE', 'somebody else has to decide'],
  ['somebody who is not asked', 'U0BOB', 'not among the people who can decide'],
])('%s cannot escalate, and hears it before they write', async (_, who, says) => {
  const { request, at } = await company.asked('node.drain')

  await company.local.as(who).press(at, 'escalate')

  await eventually(() => expect(windowOf(company, who)).toContain(says))
  expect((await company.store.request(request.id))?.escalations).toEqual([])
})

test('a mention escalates with a reason, and not without', async () => {
  const { request, at } = await company.asked('node.drain')
  const say = (text: string) => company.local.as('U0GRACE').post(channelId, `<@U0COUNTERSIGN> ${text}`, at.ts)

  await say('escalate')
  await eventually(() => expect(whispersTo(company, 'U0GRACE').at(-1)).toContain('`escalate because …`'))
  expect((await company.store.request(request.id))?.escalations).toEqual([])
  await say('escalate to <!subteam^S0DATA|@data-owners> because it burns')
  await eventually(() => expect(whispersTo(company, 'U0GRACE').at(-1)).toContain('Policy names security'))
  expect((await company.store.request(request.id))?.escalations).toEqual([])
  await say('escalate to <!subteam^S0SECURITY|@security> because it burns')

  await eventually(() => expect(whispersTo(company, 'U0GRACE').at(-1)).toContain('Escalated, and recorded'))
  expect((await company.store.request(request.id))?.escalations).toMatchObject([
    { reason: 'it burns', to: { address: 'slack:S0SECURITY' } },
  ])
})

test('an escalation that is delivered twice brings in one set of people', async () => {
  const { request, at } = await company.asked('node.drain')
  await openWindow('U0GRACE', at)
  await send(company, 'U0GRACE', { reason: 'Please look.' })

  await company.local.deliveries.at(-1)?.again()

  expect((await company.store.request(request.id))?.escalations).toHaveLength(1)
})

test('two people who press at once bring in the people they were shown, and not the next ones as well', async () => {
  const { request, at } = await company.asked('node.drain')
  await openWindow('U0GRACE', at)
  await openWindow('U0SAM', at)

  await send(company, 'U0GRACE', { reason: 'Please look.' })
  await send(company, 'U0SAM', { reason: 'Please look too.' })

  expect(windowOf(company, 'U0SAM')).toContain('and was escalated to security.')
  expect((await company.store.request(request.id))?.escalations).toHaveLength(1)
})

test('who can decide tells what comes next', async () => {
  const { request, card: posted, at } = await company.asked('node.drain')

  await company.local.as('U0GRACE').press(at, 'more', { value: `who|${request.id}|${posted.id}` })

  await eventually(() =>
    expect(windowOf(company, 'U0GRACE')).toContain('*Escalates* to <!subteam^S0SECURITY>'),
  )
})
