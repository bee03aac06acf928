import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { mostCards } from '../../src/approvals/crowds/heldBack.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import { eventually } from '../support/eventually.ts'
import { type JobsAtWork, jobsAtWork } from '../support/jobsAtWork.ts'
import { bundleWithDefaults } from '../support/testBundle.ts'
import { ask, click } from '../support/world.ts'
import { type Company, channelId, openCompany, sendForged } from './company.ts'
import { cardAt, windowOf, windowOpens } from './seen.ts'

let company: Company
let jobs: JobsAtWork
beforeEach(async () => {
  company = await openCompany()
  const { store, slack, world } = company
  world.setPolicy(bundleWithDefaults('max_pending: 60'))
  await world.ports.renewPolicy()
  jobs = jobsAtWork({ ports: world.ports, store, channel: slack.channel, clock: world.clock })
})
afterEach(() => company.close())

const messages = () =>
  company.local
    .as('U0GRACE')
    .messages(channelId)
    .filter((one) => one.threadTs === null && !one.ephemeral)
const crowdCards = () => messages().filter(({ text }) => /^\d+ more requests? waits? here/.test(text))
const cards = () => messages().filter(({ text }) => /req_/.test(text))
const crowdCard = () => crowdCards()[0] ?? expect.fail()

/** Sixty, of which each ends at another time. */
async function flood(): Promise<readonly ActionRequest[]> {
  const asked: ActionRequest[] = []
  for (let nth = 0; nth < 60; nth += 1)
    asked.push(await ask(company.world, 'deploy.start', { expiresInSeconds: 1_200 + ((nth * 37) % 60) * 10 }))
  return asked
}

describe('flood: sixty ask at once in a channel that takes one message a second', () => {
  test('the most urgent have their cards, one card stands for the rest, and Slack hardly ever has to refuse', async () => {
    const asked = await flood()
    await jobs.pass(30)

    expect(cards()).toHaveLength(mostCards)
    const urgent = asked.toSorted((a, b) => ((a.expiresAt ?? '') < (b.expiresAt ?? '') ? -1 : 1))
    const shown = cards().map(({ text }) => /req_[0-9a-z]+/.exec(text)?.[0])
    expect(shown.toSorted()).toEqual(
      urgent
        .slice(0, mostCards)
        .map(({ id }) => id)
        .toSorted(),
    )
    expect(crowdCards()).toHaveLength(1)
    expect(crowdCard().text).toBe('50 more requests wait here')
    expect(cardAt(company, crowdCard().ts)).toContain('50 of ')
    expect(cardAt(company, crowdCard().ts)).toContain('<!subteam^S0PLATFORM>')
    const posts = company.local.calls.filter(({ method }) => method === 'chat.postMessage').length
    expect(posts).toBeLessThanOrEqual(mostCards + 4)
    await eventually(() => expect(company.logged.filter((line) => Number(line.level) >= 50)).toEqual([]))
  })

  test('what is decided through its list counts, and in the end every card is true', async () => {
    const asked = await flood()
    await jobs.pass(30)
    const held = asked.filter(({ id }) => !cards().some(({ text }) => text.includes(id)))

    for (const { id } of held.slice(0, 45)) await click(company.world, id, 'U0GRACE')
    await jobs.pass(15)
    expect(crowdCard().text).toBe('5 more requests wait here')

    for (const { id } of asked) await click(company.world, id, 'U0GRACE').catch(() => undefined)
    await jobs.pass(60)

    expect(crowdCards()).toEqual([])
    expect(messages().filter(({ text }) => text === 'No more requests wait here')).toHaveLength(1)
    for (const { ts } of cards()) expect(cardAt(company, ts)).toContain('Approved')
    await jobs.pass(620)
    expect(await company.store.crowdCard(`slack:${channelId}`)).toBeNull()
    expect(messages().filter(({ text }) => text === 'No more requests wait here')).toHaveLength(1)
  })
})

describe('its button', () => {
  const open = (member: string, ts = crowdCard().ts) =>
    company.local.as(member).press({ conversation: channelId, ts }, 'crowd_list')

  test('opens the lists of whoever presses it, from where a request can be opened, and then has a card', async () => {
    const asked = await flood()
    await jobs.pass(30)
    const listed = new Set(cards().map(({ text }) => /req_[0-9a-z]+/.exec(text)?.[0]))

    await open('U0GRACE')
    await windowOpens(company, 'U0GRACE', 'listing')
    expect(windowOf(company, 'U0GRACE')).toContain('Waiting for you')
    const newest = asked.at(-1)
    expect(listed.has(newest?.id)).toBe(false)
    const reader = company.local.as('U0GRACE')
    await reader.press({ view: reader.modal()?.id ?? '' }, 'open')
    await windowOpens(company, 'U0GRACE', 'full')

    await eventually(async () => {
      await jobs.pass(5)
      expect(cards().some(({ text }) => text.includes(newest?.id ?? ''))).toBe(true)
    })
  })

  test('whoever may not see a request does not get it a card either', async () => {
    const asked = await flood()
    await jobs.pass(30)
    const newest = asked.at(-1)?.id ?? ''
    const { ts, blocks } = crowdCard()
    const blockId = blocks.find(({ type }) => type === 'actions')?.block_id
    if (typeof blockId !== 'string') throw new Error('it has a button')
    const press = { as: 'U0PRIYA', at: { conversation: channelId, ts }, blockId, actionId: 'crowd_list' }

    await sendForged(company, press, { action_id: 'open', value: `${newest}|` })
    await windowOpens(company, 'U0PRIYA', 'note')
    await jobs.pass(10)

    expect(cards().some(({ text }) => text.includes(newest))).toBe(false)
  })

  test('delivered twice it shows the list, and changes nothing', async () => {
    await flood()
    await jobs.pass(30)
    const known = () => company.store.ledger.filter(({ type }) => type !== 'person.added').length
    const before = known()
    const { ts, blocks } = crowdCard()
    const blockId = blocks.find(({ type }) => type === 'actions')?.block_id
    const at = { conversation: channelId, ts }
    if (typeof blockId !== 'string') throw new Error('it has a button')
    const parcel = company.local.compose({ act: 'press', as: 'U0GRACE', at, blockId, actionId: 'crowd_list' })

    await company.local.send(parcel)
    await company.local.send(parcel)
    await windowOpens(company, 'U0GRACE', 'listing')
    await company.local.idle()

    expect(known()).toBe(before)
    expect(crowdCards()).toHaveLength(1)
  })

  test('shows nothing of others to whoever is not asked, and nothing at all to a guest', async () => {
    const asked = await flood()
    await jobs.pass(30)

    await open('U0PRIYA')
    await windowOpens(company, 'U0PRIYA', 'listing')
    for (const { id } of asked) expect(windowOf(company, 'U0PRIYA')).not.toContain(id)

    company.local.directory.changeMember('U0OMAR', { guest: 'multi' })
    await company.local.idle()
    await open('U0OMAR')
    await windowOpens(company, 'U0OMAR', 'note')
    for (const { id } of asked) expect(windowOf(company, 'U0OMAR')).not.toContain(id)
  })

  test('on a message that is not that card any more says that nothing waits there', async () => {
    await flood()
    await jobs.pass(30)
    const { ts } = crowdCard()
    const card = await company.store.crowdCard(`slack:${channelId}`)
    if (!card) throw new Error('it stands')
    // As if its posting had not been noted.
    await company.store.keepCrowdCard({
      expected: card.version,
      next: { ...card, version: card.version + 1, message: null },
    })
    await jobs.pass(15)
    expect(crowdCards()).toHaveLength(2)

    await open('U0GRACE', ts)
    await eventually(async () => {
      await jobs.runDue()
      expect(crowdCards()).toHaveLength(1)
    })
    expect(cardAt(company, ts)).toContain('No more requests wait here')
  })
})
