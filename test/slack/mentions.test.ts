import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { askedIn } from '../../src/slack/inbound/asked.ts'
import { eventually } from '../support/eventually.ts'
import { elsewhere } from '../support/world.ts'
import { type Company, channelId, openCompany } from './company.ts'
import { whispersTo } from './seen.ts'

const bot = 'U0COUNTERSIGN'

describe('what a mention asks for', () => {
  test.each([
    ['<@U0COUNTERSIGN> approve', { word: 'approve', reason: '' }],
    ['<@U0COUNTERSIGN|countersign>  Approve!', { word: 'approve', reason: '' }],
    ['approve <@U0COUNTERSIGN>', { word: 'approve', reason: '' }],
    ['<@U0COUNTERSIGN> approve it when Bob is back', { word: 'help' }],
    ['<@U0COUNTERSIGN> do not approve', { word: 'help' }],
    ['<@U0COUNTERSIGN> approved', { word: 'help' }],
    ['<@U0COUNTERSIGN> approve because INC-7 is real', { word: 'approve', reason: 'INC-7 is real' }],
    ['<@U0COUNTERSIGN> Approve  because\na &lt; b', { word: 'approve', reason: 'a < b' }],
    ['<@U0COUNTERSIGN> Approve, because a &lt; b', { word: 'help', meant: 'approve' }],
    ['<@U0COUNTERSIGN> approve because: a', { word: 'help', meant: 'approve' }],
    ['<@U0COUNTERSIGN> approve because', { word: 'help', meant: 'approve' }],
    ['<@U0COUNTERSIGN> approve\nbut only tomorrow', { word: 'help', meant: 'approve' }],
    ['<@U0COUNTERSIGN> approvebecause x', { word: 'help' }],
    ['<@U0COUNTERSIGN> approve it because Bob said so', { word: 'help' }],
    ['<@U0COUNTERSIGN> escalate', { word: 'escalate', reason: '', to: null }],
    [
      '<@U0COUNTERSIGN> escalate because nobody is up',
      { word: 'escalate', reason: 'nobody is up', to: null },
    ],
    [
      '<@U0COUNTERSIGN> Escalate to <!subteam^S0DATA|@data-owners> because it burns',
      { word: 'escalate', reason: 'it burns', to: 'S0DATA' },
    ],
    ['<@U0COUNTERSIGN> escalate to <@U0SAM>', { word: 'escalate', reason: '', to: 'U0SAM' }],
    ['<@U0COUNTERSIGN> escalate to the moon', { word: 'help' }],
    ['<@U0COUNTERSIGN> do not escalate because of me', { word: 'help' }],
    ['<@U0COUNTERSIGN> deny because it is late', { word: 'deny', reason: 'it is late' }],
    ['<@U0COUNTERSIGN> Deny because a &lt; b', { word: 'deny', reason: 'a < b' }],
    ['<@U0COUNTERSIGN> deny: it is late', { word: 'help', meant: 'deny' }],
    ['<@U0COUNTERSIGN> deny it is late', { word: 'help', meant: 'deny' }],
    ['<@U0COUNTERSIGN> deny no', { word: 'help', meant: 'deny' }],
    ['<@U0COUNTERSIGN> deny, or not', { word: 'help', meant: 'deny' }],
    ['<@U0COUNTERSIGN> deny because', { word: 'help', meant: 'deny' }],
    ['<@U0COUNTERSIGN> please deny because it is late', { word: 'help', meant: 'deny' }],
    ['<@U0COUNTERSIGN> deny', { word: 'deny', reason: '' }],
    ['<@U0COUNTERSIGN> denying', { word: 'help' }],
    ['<@U0COUNTERSIGN> why?', { word: 'why' }],
    ['<@U0COUNTERSIGN> status', { word: 'status' }],
    ['<@U0COUNTERSIGN> Approve.', { word: 'approve', reason: '' }],
    ['<@U0COUNTERSIGN> APPROVE', { word: 'approve', reason: '' }],
    ['<@U0COUNTERSIGN> APPROVE!!', { word: 'help', meant: 'approve' }],
    ['<@U0COUNTERSIGN> approve .', { word: 'help', meant: 'approve' }],
    ['<@U0COUNTERSIGN> approve <@U0BOB>', { word: 'help', meant: 'approve' }],
    ['<@U0COUNTERSIGN> approve?', { word: 'help' }],
    ['<@U0COUNTERSIGN> APPROVE???', { word: 'help' }],
    ['<@U0COUNTERSIGN> approve ?', { word: 'help' }],
    ['<@U0COUNTERSIGN> approve!?', { word: 'help' }],
    ['<@U0COUNTERSIGN> approve\u{ff1f}', { word: 'help' }],
    ['<@U0COUNTERSIGN> approve…', { word: 'help' }],
    ['<@U0COUNTERSIGN> approve? because it is late', { word: 'help' }],
    ['<@U0COUNTERSIGN> approve because it is late?', { word: 'help' }],
    ['<@U0COUNTERSIGN> approve because it is late ?!', { word: 'help' }],
    [
      '<@U0COUNTERSIGN> approve because “who asked?” was answered',
      { word: 'approve', reason: '“who asked?” was answered' },
    ],
    ['<@U0COUNTERSIGN> approve :x:', { word: 'help' }],
    ['<@U0COUNTERSIGN> approve :+1:', { word: 'help' }],
    ['<@U0COUNTERSIGN> approve 👍', { word: 'help' }],
    ['<@U0COUNTERSIGN> :+1: approve', { word: 'help' }],
    ['<@U0COUNTERSIGN> deny?', { word: 'help' }],
    ['<@U0COUNTERSIGN> deny? no', { word: 'help' }],
    ['<@U0COUNTERSIGN> deny?! no', { word: 'help' }],
    ['<@U0COUNTERSIGN> deny no?', { word: 'help' }],
    ['<@U0COUNTERSIGN> deny it or not؟', { word: 'help' }],
    ['<@U0COUNTERSIGN> deny!', { word: 'deny', reason: '' }],
    ['<@U0COUNTERSIGN> deny.', { word: 'deny', reason: '' }],
    ['<@U0COUNTERSIGN> deny because who asked for this?', { word: 'deny', reason: 'who asked for this?' }],
    ['<@U0COUNTERSIGN> deny-list this', { word: 'help' }],
    ['<@U0COUNTERSIGN> deny/approve', { word: 'help' }],
    ['<@U0COUNTERSIGN> escalate?', { word: 'help' }],
    ['<@U0COUNTERSIGN> escalate!', { word: 'escalate', reason: '', to: null }],
    ['<@U0COUNTERSIGN> escalate, because it burns', { word: 'help', meant: 'escalate' }],
    ['<@U0COUNTERSIGN> withdraw.', { word: 'withdraw', reason: '' }],
    ['<@U0COUNTERSIGN> Withdraw because it can wait', { word: 'withdraw', reason: 'it can wait' }],
    ['<@U0COUNTERSIGN> withdraw?', { word: 'help', meant: 'withdraw' }],
    ['<@U0COUNTERSIGN> withdraw it', { word: 'help', meant: 'withdraw' }],
    ['<@U0COUNTERSIGN> withdraw: it can wait', { word: 'help', meant: 'withdraw' }],
    ['<@U0COUNTERSIGN> what is this', { word: 'help', meant: null }],
    ['<@U0COUNTERSIGN>', { word: 'help' }],
  ])('%s', (text, asked) => {
    expect(askedIn(text, bot)).toMatchObject(asked)
  })
})

test('a text without end is read at once', () => {
  const long = `approve because ${'?! '.repeat(20_000)}x`

  expect(askedIn(long, bot)).toMatchObject({ word: 'approve' })
})

describe('in a conversation', () => {
  let company: Company
  beforeEach(async () => {
    company = await openCompany()
  })
  afterEach(() => company.close())

  const say = (who: string, text: string, ts?: string) =>
    company.local.as(who).post(channelId, `<@${bot}> ${text}`, ts)
  const replies = () =>
    company.local
      .as('U0GRACE')
      .messages(channelId)
      .filter((message) => message.user === bot && !message.ephemeral && message.threadTs !== null)
      .map((message) => message.text)

  test('outside a card there is one line of help, also for somebody who says approve', async () => {
    const { request } = await company.asked('deploy.start')
    company.world.clock.advance(10)

    await say('U0GRACE', 'approve')

    await eventually(() => expect(replies()).toEqual([expect.stringContaining('`/approvals`')]))
    expect(await company.state(request.id)).toBe('pending')
  })

  test('why and status are answered in the thread and ping nobody', async () => {
    const { at } = await company.asked('deploy.start')
    company.world.clock.advance(10)

    await say('U0GRACE', 'why', at.ts)
    await eventually(() => expect(replies()).toHaveLength(1))
    company.world.clock.advance(10)
    await say('U0GRACE', 'status', at.ts)

    await eventually(() => expect(replies()).toHaveLength(2))
    expect(replies().join()).not.toContain('subteam')
    expect(replies()[1]).toContain('still waiting')
  })

  test('flood: whoever asks again and again holds up no card: where the thread has no room, they alone are answered', async () => {
    const { at } = await company.asked('deploy.start')
    company.world.clock.advance(10)
    for (let nth = 1; nth <= 4; nth += 1) {
      await say('U0GRACE', 'status', at.ts)
      await eventually(() => expect(replies()).toHaveLength(nth))
    }

    await say('U0GRACE', 'status', at.ts)

    await eventually(() => expect(whispersTo(company, 'U0GRACE').join()).toContain('still waiting'))
    expect(replies()).toHaveLength(4)
    company.world.clock.advance(1)
    await company.asked('deploy.start', elsewhere('deploy.start'))
  })

  test('status names who decided, and pings nobody', async () => {
    const { at } = await company.asked('deploy.start')
    await company.local.as('U0GRACE').press(at, 'approve')
    company.world.clock.advance(10)

    await say('U0GRACE', 'status', at.ts)

    await eventually(() => expect(replies().join()).toContain('It is *approved* by grace'))
    expect(replies().join()).not.toContain('<@U0GRACE>')
  })

  test('a denial needs a reason, and with one it denies', async () => {
    const { request, at } = await company.asked('deploy.start')

    await say('U0GRACE', 'deny', at.ts)
    await eventually(() =>
      expect(whispersTo(company, 'U0GRACE')).toEqual([expect.stringContaining('A reason is needed')]),
    )
    await say('U0GRACE', 'deny because it is late', at.ts)

    await eventually(async () => expect(await company.state(request.id)).toBe('denied'))
    expect((await company.store.request(request.id))?.outcome).toBe('it is late')
  })

  test.each([
    ['approve?', '`approve` or `approve because …`'],
    ['APPROVE???', '`approve` or `approve because …`'],
    ['approve it when Bob is back', '`approve` or `approve because …`'],
    ['deny? no', '`deny because …`'],
    ['deny no', '`deny because …`'],
    ['deny: it is late', '`deny because …`'],
  ])(
    '“%s” is not exactly a decision: help that says how it is said, and nothing is decided',
    async (text, forms) => {
      const { request, at } = await company.asked('deploy.start')
      company.world.clock.advance(10)

      await say('U0GRACE', text, at.ts)

      await eventually(() =>
        expect(replies()).toEqual([
          expect.stringContaining(`Nothing was changed by that. To do it, write ${forms}, and nothing else`),
        ]),
      )
      expect(await company.state(request.id)).toBe('pending')
      expect((await company.store.request(request.id))?.decisions).toEqual([])
    },
  )

  test('control: exactly the word decides', async () => {
    const { request, at } = await company.asked('deploy.start')

    await say('U0GRACE', 'Approve.', at.ts)

    await eventually(async () => expect(await company.state(request.id)).toBe('approved'))
  })

  test.each(['approve', 'deny'])('“/approvals %s” is no command, and decides nothing', async (word) => {
    const { request } = await company.asked('deploy.start')

    await company.local.as('U0GRACE').command(channelId, `/approvals ${word} ${request.id}`)

    await eventually(() =>
      expect(whispersTo(company, 'U0GRACE')).toEqual([expect.stringContaining('no such command')]),
    )
    expect(await company.state(request.id)).toBe('pending')
  })

  test('an event that is delivered again decides once and answers once', async () => {
    const { request, at } = await company.asked('iam.change')
    await say('U0SAM', 'approve', at.ts)
    await eventually(() => expect(whispersTo(company, 'U0SAM')).toHaveLength(1))
    const decision = company.local.deliveries.at(-1)
    await say('U0SAM', 'help', at.ts)
    company.world.clock.advance(10)
    await eventually(() => expect(replies()).toHaveLength(1))
    const help = company.local.deliveries.at(-1)

    await decision?.again()
    await help?.again()
    await say('U0ALICE', 'approve', at.ts)

    await eventually(() => expect(whispersTo(company, 'U0ALICE')).toHaveLength(1))
    expect((await company.store.request(request.id))?.decisions).toHaveLength(1)
    expect(whispersTo(company, 'U0SAM')).toHaveLength(1)
    expect(replies()).toHaveLength(1)
  })
})
