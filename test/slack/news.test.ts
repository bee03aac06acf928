import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { newsContent } from '../../src/card/news.ts'
import { newsMessage } from '../../src/slack/card/news.ts'
import { exportWith } from '../card/situationParts.ts'
import { type JobsAtWork, jobsAtWork } from '../support/jobsAtWork.ts'
import { entriesOf } from '../support/recorded.ts'
import { ask, click } from '../support/world.ts'
import { type Company, openCompany } from './company.ts'
import { windowOf, windowOpens } from './seen.ts'

let company: Company
let jobs: JobsAtWork
beforeEach(async () => {
  company = await openCompany({ tells: true })
  const { store, slack, world } = company
  jobs = jobsAtWork({ ports: world.ports, store, channel: slack.channel, clock: world.clock })
})
afterEach(() => company.close())

const told = (name: string) => company.local.as(`U0${name}`).messages(`D0${name}`)
const textOf = (name: string) => JSON.stringify(told(name).map(({ text, blocks }) => [text, blocks]))
const asked = (action: string, change: Parameters<typeof ask>[2] = {}) => ask(company.world, action, change)

describe('the message to whoever an agent asked for', () => {
  test('says what was decided, by whom and why, as what it is; its button opens the request', async () => {
    const { id } = await asked('deploy.start')
    await click(company.world, id, 'U0GRACE', { kind: 'deny', reason: 'Not on a Friday. <!channel> *now*' })

    await jobs.pass(15)

    const [message, ...more] = told('ALICE')
    expect(more).toEqual([])
    expect(message?.text).toMatch(/^Denied: deploy\.start/)
    const shown = textOf('ALICE')
    expect(shown).toContain('Decided by grace')
    expect(shown).toContain('nobody has checked it')
    expect(shown).not.toContain('<@')
    // In a quotation, where nothing is parsed.
    const quotes = message?.blocks.filter(({ type }) => type === 'rich_text') ?? []
    expect(JSON.stringify(quotes)).toContain('Not on a Friday. <!channel> *now*')
    expect(JSON.stringify(message?.blocks.filter(({ type }) => type !== 'rich_text'))).not.toContain(
      '!channel',
    )

    await company.local.as('U0ALICE').press({ conversation: 'D0ALICE', ts: message?.ts ?? '' }, 'open')
    await windowOpens(company, 'U0ALICE', 'full')
    expect(windowOf(company, 'U0ALICE')).toContain(id)
  })

  test.each(['cannot_dm_bot', 'user_disabled'])(
    '%s of one of two: the other one hears, and the log says it',
    async (error) => {
      const first = await asked('deploy.start')
      const second = await asked('deploy.start', { initiator: { email: 'omar@acme.test' } })
      for (const { id } of [first, second]) await click(company.world, id, 'U0GRACE')
      await jobs.runDue()
      company.local.faults.next('chat.postMessage', { kind: 'error', error })

      await jobs.pass(15)

      expect([told('ALICE').length, told('OMAR').length].sort()).toEqual([0, 1])
      expect(await entriesOf(company.store, first.id, 'request.approved')).toHaveLength(1)
    },
  )

  test('rate_limited: it waits as long as Slack says, and comes once', async () => {
    const { id } = await asked('deploy.start')
    await click(company.world, id, 'U0GRACE')
    await jobs.runDue()
    company.local.faults.next('chat.postMessage', { kind: 'rate_limited', retryAfter: 90 })

    await jobs.pass(60)
    expect(told('ALICE')).toEqual([])
    await jobs.pass(180)

    expect(told('ALICE')).toHaveLength(1)
  })

  test('of several that are alike says in what they differ', async () => {
    for (const rows of [10, 20_000]) {
      const action = {
        action: 'deploy.start',
        resource: { type: 'table', id: 'warehouse.users' },
        params: { rows },
        environment: 'prod',
      }
      const { id } = await asked('deploy.start', { action })
      await click(company.world, id, 'U0GRACE')
    }

    await jobs.pass(15)

    expect(told('ALICE')).toHaveLength(1)
    expect(textOf('ALICE')).toContain('rows: 10')
    expect(textOf('ALICE')).toContain('rows: 20000')
  })

  test('its owner hears what an agent is refused, in one line, with names of actions that are not parsed', async () => {
    for (let nth = 0; nth < 5; nth += 1) await asked('audit.delete')

    await jobs.pass(80)

    expect(told('LEE')).toHaveLength(1)
    expect(textOf('LEE')).toMatch(/5 requests of \*.?billing-agent.?\* were denied by policy/)
    expect(textOf('LEE')).toContain('audit.delete')
  })
})

describe('what is said', () => {
  const view = exportWith({ state: 'approved' })
  const several = {
    items: Array.from({ length: 8 }, () => ({ about: 'request' as const, view })),
    more: 40,
    now: 0,
  }

  test('eight of the longest stay within what Slack takes', () => {
    const { blocks, text } = newsMessage(several)
    expect(blocks.length).toBeLessThanOrEqual(50)
    expect(text.length).toBeLessThanOrEqual(4_000)
    expect(JSON.stringify(blocks)).toContain('And 40 more of yours')
  })

  test('one line says how many there are', () => {
    expect(newsContent(several).notification).toMatch(/, and 47 more$/)
  })
})
