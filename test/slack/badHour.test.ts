import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type JobsAtWork, jobsAtWork } from '../support/jobsAtWork.ts'
import { entriesOf } from '../support/recorded.ts'
import { ask, elsewhere } from '../support/world.ts'
import { type Company, channelId, openCompany } from './company.ts'
import { deciding } from './decidingButtons.ts'
import { cardAt, threadOf } from './seen.ts'

let company: Company
let jobs: JobsAtWork
beforeEach(async () => {
  company = await openCompany()
  const { store, slack, world } = company
  jobs = jobsAtWork({ ports: world.ports, store, channel: slack.channel, clock: world.clock })
})
afterEach(() => company.close())

/** Somebody archives the channel of the cards, or restores it. */
function archive(archived: boolean): void {
  const { conversations } = company.local.workspace
  const conversation = conversations.get(channelId)
  if (conversation) conversations.set(channelId, { ...conversation, archived })
}

const messages = (conversation = channelId, member = 'U0GRACE') =>
  company.local.as(member).messages(conversation)
const cards = () => messages().filter((one) => one.threadTs === null && !one.deleted)

function remove(ts: string): void {
  const { messages: all } = company.local.workspace
  const changed = (all.get(channelId) ?? []).map((one) =>
    one.ts === ts ? { ...one, deleted: true, blocks: [] } : one,
  )
  all.set(channelId, changed)
}

describe('bad-hour: the channel is archived', () => {
  test('the people who can decide have the card directly, with buttons that work', async () => {
    archive(true)
    const { id } = await ask(company.world, 'deploy.start')
    await jobs.runDue()
    await jobs.pass(10)
    const direct = messages('D0GRACE')
    expect(direct).toHaveLength(1)
    expect(JSON.stringify(direct[0]?.blocks)).toContain('Sent to you directly')
    expect((await entriesOf(company.store, id, 'channel.failed'))[0]?.data).toMatchObject({
      code: 'is_archived',
    })

    await company.local.as('U0GRACE').press({ conversation: 'D0GRACE', ts: direct[0]?.ts ?? '' }, 'approve')

    expect(await company.state(id)).toBe('approved')
    await jobs.runDue()
    expect(JSON.stringify(messages('D0GRACE')[0]?.blocks)).not.toMatch(deciding)
    expect(messages('D0GRACE')).toHaveLength(1)
    const [made] = await entriesOf(company.store, id, 'decision.made')
    const used = (await company.store.cards(id)).find((card) => card.id === made?.data.card)
    expect(used?.conversation).toBe('slack:T0ACME:U0GRACE')
  })

  test('a direct card does not make somebody an approver: the same checks hold', async () => {
    archive(true)
    const { id } = await ask(company.world, 'deploy.start')
    await jobs.runDue()
    await jobs.pass(10)
    company.local.directory.removeFromGroup('S0PLATFORM', 'U0GRACE')
    await company.local.idle()

    await company.local
      .as('U0GRACE')
      .press({ conversation: 'D0GRACE', ts: messages('D0GRACE')[0]?.ts ?? '' }, 'approve')

    expect(await company.state(id)).toBe('pending')
    const [refusal] = await entriesOf(company.store, id, 'decision.refused')
    expect(refusal?.data.code).toBe('not_in_leg')
  })

  test('restored after twenty minutes it has the card within half a minute, once', async () => {
    archive(true)
    const { id } = await ask(company.world, 'deploy.start')
    await jobs.runDue()
    await jobs.pass(1_200)
    archive(false)

    await jobs.pass(30)

    expect(cards()).toHaveLength(1)
    await company.local.as('U0GRACE').press({ conversation: channelId, ts: cards()[0]?.ts ?? '' }, 'approve')
    expect(await company.state(id)).toBe('approved')
    await jobs.pass(60)
    expect(cards()).toHaveLength(1)
  })
})

describe('bad-hour: the card is deleted', () => {
  test('the next reminder posts it again, with what was decided on it', async () => {
    const { request, at } = await company.asked('db.export')
    await company.local.as('U0BOB').press(at, 'approve')
    await jobs.runDue()
    remove(at.ts)

    await jobs.pass(900)

    const [card, ...more] = cards()
    expect(more).toEqual([])
    expect(card?.ts).not.toBe(at.ts)
    expect(cardAt(company, card?.ts ?? '')).toContain('● <@U0BOB> for data')
    expect(threadOf(company, card?.ts ?? '')).toEqual([])
    await company.local.as('U0SAM').press({ conversation: channelId, ts: card?.ts ?? '' }, 'approve')
    expect(await company.state(request.id)).toBe('approved')
  })
})

describe('slack-down: Slack asks to wait', () => {
  test('nothing is sent to that conversation before it said, whoever wants to', async () => {
    const first = await ask(company.world, 'deploy.start')
    company.local.faults.next('chat.postMessage', { kind: 'rate_limited', retryAfter: 40 })
    await jobs.runDue()
    const calls = () => company.local.calls.filter((one) => one.method === 'chat.postMessage').length
    const before = calls()

    const second = await ask(company.world, 'deploy.start', elsewhere('deploy.start'))
    await jobs.pass(39)
    expect(calls()).toBe(before)
    await jobs.pass(5)

    expect(cards()).toHaveLength(2)
    for (const { id } of [first, second])
      expect(await entriesOf(company.store, id, 'channel.failed')).toEqual([])
  })
})
