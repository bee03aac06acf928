import { afterEach, beforeEach, expect, test } from 'vitest'
import { decide } from '../../src/approvals/decide.ts'
import { eventually } from '../support/eventually.ts'
import { type Company, channelId, openCompany, send, tooLong } from './company.ts'
import { cardAt, threadOf, whispersTo, windowOf, windowOpens } from './seen.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany()
})
afterEach(() => company.close())

type At = { conversation: string; ts: string }

async function chooseTakeBack(who: string, { request, card }: { request: string; card: string }, at: At) {
  await company.local.as(who).press(at, 'more', { value: `withdraw|${request}|${card}` })
}

test('an approver takes the approval back from the menu of the card, and the thread tells why', async () => {
  const { request, card, at } = await company.asked('db.export')
  expect(cardAt(company, at.ts)).not.toContain('Take back')
  await company.local.as('U0BOB').press(at, 'approve')
  await company.settle(request.id)
  expect(cardAt(company, at.ts)).toContain('Take back my approval…')

  await chooseTakeBack('U0BOB', { request: request.id, card: card.id }, at)
  await windowOpens(company, 'U0BOB', 'withdraw')
  expect(windowOf(company, 'U0BOB')).toContain('db.export on table warehouse.users')
  await send(company, 'U0BOB', { reason: 'It was the *wrong* table.' })
  await company.settle(request.id)

  expect(company.local.as('U0BOB').modal()).toBeUndefined()
  expect(cardAt(company, at.ts)).toContain('✕ <@U0BOB> took their approval back')
  expect(cardAt(company, at.ts)).toContain('○ 1 of <@U0OMAR> or <!subteam^S0DATA>')
  expect(cardAt(company, at.ts)).not.toContain('Take back')
  const told = threadOf(company, at.ts)
  expect(told.map(({ text }) => text)).toEqual(['bob agreed.\nbob took their approval back.'])
  expect(JSON.stringify(told)).toContain('It was the *wrong* table.')
  expect(company.local.problems).toEqual([])
})

test('nobody has to say why', async () => {
  const { request, card, at } = await company.asked('db.export')
  await company.local.as('U0BOB').press(at, 'approve')
  await company.settle(request.id)

  await chooseTakeBack('U0BOB', { request: request.id, card: card.id }, at)
  await windowOpens(company, 'U0BOB', 'withdraw')
  await send(company, 'U0BOB', {})

  expect((await company.store.request(request.id))?.decisions[0]?.ended).toMatchObject({
    how: 'withdrawn',
    reason: null,
  })
})

test('whoever has no approval there is told before a window opens', async () => {
  const { request, card, at } = await company.asked('db.export')
  await company.local.as('U0BOB').press(at, 'approve')
  await company.settle(request.id)

  await chooseTakeBack('U0PRIYA', { request: request.id, card: card.id }, at)

  await eventually(() => expect(windowOf(company, 'U0PRIYA')).toContain('nothing to take back'))
})

test('“You have already decided” tells how, and saying it in the thread does it', async () => {
  const { request, at } = await company.asked('db.export')
  const bob = company.local.as('U0BOB')
  await bob.press(at, 'approve')
  await bob.press(at, 'approve')
  await eventually(() =>
    expect(whispersTo(company, 'U0BOB')).toEqual([
      expect.stringMatching(/already decided.*Take back my approval….*`withdraw`/),
    ]),
  )

  await bob.post(channelId, '<@U0COUNTERSIGN> withdraw because it can wait', at.ts)

  await eventually(async () =>
    expect((await company.store.request(request.id))?.decisions[0]?.ended).toMatchObject({
      how: 'withdrawn',
      reason: 'it can wait',
    }),
  )
  await bob.press(at, 'approve')
  expect((await company.store.request(request.id))?.decisions).toHaveLength(2)
})

test.each(['withdraw?', 'withdraw it', 'please withdraw', 'withdraw, or not'])(
  '“%s” takes nothing back',
  async (words) => {
    const { request, at } = await company.asked('db.export')
    await company.local.as('U0BOB').press(at, 'approve')

    await company.local.as('U0BOB').post(channelId, `<@U0COUNTERSIGN> ${words}`, at.ts)

    await eventually(() =>
      expect(JSON.stringify(threadOf(company, at.ts, 'U0BOB'))).toContain('I understand'),
    )
    expect((await company.store.request(request.id))?.decisions[0]?.ended).toBeUndefined()
  },
)

test('what does not fit its card can be taken back there', async () => {
  const { request, card, at } = await company.asked('db.export', tooLong('db.export'))
  const { ports } = company.world
  await decide(ports, {
    request: request.id,
    account: 'slack:T0ACME:U0BOB',
    kind: 'approve',
    reason: null,
    typed: [],
    via: 'slack',
    card: null,
    seen: 'all of it',
    delivery: 'earlier',
  })
  await company.settle(request.id)

  await chooseTakeBack('U0BOB', { request: request.id, card: card.id }, at)

  await windowOpens(company, 'U0BOB', 'withdraw')
})

test('twin-accounts: a second account with the same address is refused to them alone, in words that say why', async () => {
  company.local.directory.changeMember('U0GRACE', { email: 'alice+ops@acme.test' })
  const { request, at } = await company.asked('deploy.start')

  await company.local.as('U0GRACE').press(at, 'approve')

  await eventually(() =>
    expect(whispersTo(company, 'U0GRACE')).toEqual([
      expect.stringMatching(/Your account .*alice\+ops@acme\.test.* counts as the same person as/),
    ]),
  )
  expect(await company.state(request.id)).toBe('pending')
})

test('control: an address that Slack does not say is confirmed joins nothing', async () => {
  company.local.directory.changeMember('U0GRACE', { email: 'alice+ops@acme.test', emailUnconfirmed: true })
  const { request, at } = await company.asked('deploy.start')

  await company.local.as('U0GRACE').press(at, 'approve')

  await eventually(async () => expect(await company.state(request.id)).toBe('approved'))
})
