import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { MemberAct, Message } from '../../src/sandbox/wire.ts'
import { homePace } from '../../src/slack/windows/publishHome.ts'
import { eventually } from '../support/eventually.ts'
import { jobsAtWork } from '../support/jobsAtWork.ts'
import { keyOf } from '../support/testDirectory.ts'
import { type Company, channelId, openCompany } from './company.ts'
import { cardAt, ephemeralsTo } from './seen.ts'

let company: Company
let runDue: () => Promise<void>
beforeEach(async () => {
  company = await openCompany({ logLevel: 'info' })
  const { world, store, slack } = company
  runDue = jobsAtWork({ ports: world.ports, store, channel: slack.channel, clock: world.clock }).runDue
})
afterEach(() => company.close())

const type = (user: string, text: string) => company.local.as(user).command(channelId, `/approvals ${text}`)
const answers = (user: string) => JSON.stringify(ephemeralsTo(company, user))
const says = (user: string, text: string) => eventually(() => expect(answers(user)).toContain(text))
const standing = () => company.store.standingDelegations(company.world.clock())
const homeOf = (user: string) => JSON.stringify(company.local.as(user).sees().home?.blocks ?? [])

/** Omar goes away; Bob, who is in data-owners as he is asked with them, is told in his place. */
async function omarAway(until = 'until friday') {
  await type('U0OMAR', `delegate <@U0BOB> ${until}`)
  await eventually(async () => expect(await standing()).toHaveLength(1))
  await runDue()
}

/** What the bot has written to a member directly, and where. */
function directTo(member: string): readonly (Message & { readonly conversation: string })[] {
  const { messages, app } = company.local.as(member).sees()
  return Object.entries(messages)
    .filter(([conversation]) => conversation.startsWith('D'))
    .flatMap(([conversation, list]) => list.map((one) => ({ ...one, conversation })))
    .filter((one) => !one.ephemeral && one.user === app.botUserId)
}

const newest = (member: string) => {
  const message = directTo(member).at(-1)
  if (!message) throw new Error(`nothing was written to ${member}`)
  return message
}

const decline = (member: string, message = newest(member)) =>
  company.local.as(member).press({ conversation: message.conversation, ts: message.ts }, 'delegation_decline')

describe('/approvals delegate', () => {
  test('begins one, and answers with its end as clocks show it there, and with what it covers', async () => {
    await omarAway()

    expect(await standing()).toMatchObject([
      { id: keyOf('U0OMAR'), delegate: keyOf('U0BOB'), until: '2026-11-27T17:00:00.000Z' },
    ])
    await says('U0OMAR', 'Friday, 27 November 2026, 18:00 (Europe/Berlin)')
    expect(answers('U0OMAR')).toContain('<@U0BOB> is told in your place')
    expect(answers('U0OMAR')).toContain('where the policy may ask data-owners or omar')
    expect(ephemeralsTo(company, 'U0BOB')).toEqual([])
  })

  test('says clearly where the delegate is told nothing', async () => {
    await type('U0PRIYA', 'delegate <@U0BOB> until friday')

    await says('U0PRIYA', 'where it may ask only security')
  })

  test.each([
    ['delegate <@U0BOB>', 'Until when?'],
    ['delegate <@U0BOB> until someday', 'Until when?'],
    ['delegate <@U0BOB> until 2026-11-23', 'That is past: Monday, 23 November 2026, 18:00 (Europe/Berlin)'],
    ['delegate <@U0BOB> until 2027-01-30', 'That is too long'],
    ['delegate <@U0BOB> until tuesday', 'Today is Tuesday'],
    ['delegate bob until friday', 'Who is told in your place?'],
    ['delegate of', 'Did you mean `/approvals delegate off`'],
    ['delegate <@U0OMAR> until friday', 'That is you'],
    ['delegate <@U0GRACE> until friday', 'none of the groups'],
    ['delegate <@U0COUNTERSIGN> until friday', 'That is an app'],
    ['delegate <@U0NOBODY> until friday', 'There is nobody of that name here'],
    ['delegate off', 'You are not away'],
    ['delegate', 'You are not away, and you stand in for nobody'],
    ['delegat', 'Did you mean `/approvals delegate @person until friday`'],
  ])('%s: “%s”, and nothing begins', async (text, said) => {
    await type('U0OMAR', text)

    await says('U0OMAR', said)
    expect(await standing()).toEqual([])
  })

  test('help names it', async () => {
    await type('U0OMAR', 'help')

    await says('U0OMAR', '/approvals delegate @person until friday')
  })

  test('alone it shows how it is, to both, with the way to end it', async () => {
    await omarAway()

    await type('U0OMAR', 'delegate')
    await says('U0OMAR', 'I am back')
    await type('U0BOB', 'delegate')
    await says('U0BOB', 'You stand in for')
    expect(answers('U0BOB')).toContain('delegation_decline')
  })

  test('off ends it, and the delegate hears that', async () => {
    await omarAway()

    await type('U0OMAR', 'delegate off')
    await says('U0OMAR', 'Welcome back')
    await runDue()

    expect(await standing()).toEqual([])
    expect(JSON.stringify(newest('U0BOB').blocks)).toContain('You do not stand in any more')
  })

  test('guests begin none', async () => {
    await type('U0GWEN', 'delegate <@U0BOB> until friday')

    await eventually(() => expect(ephemeralsTo(company, 'U0GWEN')).toHaveLength(1))
    expect(await standing()).toEqual([])
  })
})

describe('the delegate', () => {
  test('is written to directly, and is mentioned on cards with both names', async () => {
    await omarAway()

    expect(JSON.stringify(newest('U0BOB').blocks)).toMatch(/omar.* is away until/i)
    const { at } = await company.asked('db.export')
    expect(cardAt(company, at.ts)).toContain('<@U0BOB> (for ')
    expect(cardAt(company, at.ts)).not.toContain('<@U0OMAR>')
  })

  test('declines with the button, which is gone then, and whoever is away hears that', async () => {
    await omarAway()

    await decline('U0BOB')

    await eventually(() => expect(JSON.stringify(newest('U0BOB').blocks)).toContain('You declined.'))
    expect(JSON.stringify(newest('U0BOB').blocks)).not.toContain('delegation_decline')
    expect(await standing()).toEqual([])
    await runDue()
    expect(JSON.stringify(newest('U0OMAR').blocks)).toContain('declined to be told in your place')
  })

  test('delegate: the button does nothing for anybody else, nor for one that is over', async () => {
    await omarAway()
    const message = newest('U0BOB')
    const block = message.blocks.find((one) => one.type === 'actions')
    const at = { conversation: message.conversation, ts: message.ts }
    const act: MemberAct = {
      act: 'press',
      as: 'U0PRIYA',
      at,
      blockId: String(block?.block_id),
      actionId: 'delegation_decline',
    }

    await company.local.send(company.local.compose(act))

    await eventually(() => expect(company.logged.map(({ code }) => code)).toContain('not_asked'))
    expect(await standing()).toHaveLength(1)
    await type('U0OMAR', 'delegate off')
    await eventually(async () => expect(await standing()).toEqual([]))
    await decline('U0BOB', message)
    await eventually(() =>
      expect(JSON.stringify(company.local.as('U0BOB').messages(message.conversation))).toContain(
        'That is over already.',
      ),
    )
  })

  test('Home shows it to both, and its buttons end it at once', async () => {
    await omarAway()
    for (const [user, text] of [
      ['U0OMAR', 'You are away'],
      ['U0BOB', 'You stand in for'],
    ] as const) {
      await company.local.as(user).home()
      await eventually(() => expect(homeOf(user)).toContain(text))
    }

    const bob = company.local.as('U0BOB')
    await bob.press({ view: bob.sees().home?.id ?? '' }, 'delegation_decline')

    await eventually(() => expect(homeOf('U0BOB')).not.toContain('You stand in for'))
    expect(await standing()).toEqual([])
    // Whoever was away sees it with the next publication of theirs.
    company.world.clock.advance(homePace / 1_000)
    await eventually(() => expect(homeOf('U0OMAR')).not.toContain('You are away'))
  })

  test('who still can decide names who is away', async () => {
    await omarAway()
    const { request } = await company.asked('db.export')

    await type('U0PRIYA', `who ${request.id}`)

    await says('U0PRIYA', '<@U0BOB> is told in their place')
    expect(answers('U0PRIYA')).toContain('is away until')
  })
})
