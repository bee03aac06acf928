import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { alarm } from '../../src/approvals/cards/alarm.ts'
import { ownAttempts } from '../../src/approvals/cards/ownAttempts.ts'
import { viewOf } from '../../src/approvals/inspect.ts'
import { eventually } from '../support/eventually.ts'
import { type Company, channelId, openCompany, refusals } from './company.ts'
import { ephemeralsTo, threadOf, whispersTo, windowOf } from './seen.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany()
})
afterEach(() => company.close())

/** What somebody was told directly. */
const direct = (who: string) =>
  Object.entries(company.local.as(who).sees().messages)
    .filter(([conversation]) => conversation.startsWith('D'))
    .flatMap(([, messages]) => messages)

/** What the jobs do. */
async function raise(request: string): Promise<void> {
  company.world.clock.advance(30)
  await ownAttempts(company.world.ports, request)
  await alarm(company.world.ports, company.slack.channel, { request, why: 'own_attempts' })
  await company.settle(request)
}

async function presses(who: string, at: { conversation: string; ts: string }, times: number): Promise<void> {
  for (let nth = 0; nth < times; nth += 1) await company.local.as(who).press(at, 'approve')
  await eventually(() => expect(refusals(company).length).toBeGreaterThanOrEqual(times))
  expect(new Set(refusals(company))).toEqual(new Set(['own_request']))
}

describe('own-request: the alarm reaches the owner and Security, and not whoever tried', () => {
  test('the owner reads who, how often and on what, in a direct message', async () => {
    const { request, at } = await company.asked('db.export')
    await presses('U0ALICE', at, 3)

    await raise(request.id)

    const [message] = direct('U0LEE')
    expect(message?.text).toContain('Tried to approve their own: db.export on table warehouse.users in prod')
    const said = JSON.stringify(message?.blocks)
    expect(said).toContain('alice (3 times) tried to let this through, although they are behind it.')
    expect(said).not.toContain('<@U0ALICE>')
    expect(said).not.toContain('rows')
    expect(direct('U0ALICE')).toEqual([])
    expect(threadOf(company, at.ts)).toEqual([])
    expect(company.local.problems).toEqual([])
  })

  test('each member of a group hears it, but for whoever tried', async () => {
    company.local.directory.addToGroup('S0SECURITY', 'U0ALICE')
    await company.local.idle()
    const { request, at } = await company.asked('host.reboot')
    await presses('U0ALICE', at, 3)

    await raise(request.id)

    for (const who of ['U0PRIYA', 'U0SAM', 'U0LEE']) expect(direct(who)).toHaveLength(1)
    expect(direct('U0ALICE')).toEqual([])
    expect(company.local.as('U0BOB').messages('C0ALERTS')).toHaveLength(1)
  })

  test('of a group one of whom Slack refuses, the others hear it, and the log says how many did not', async () => {
    const { request } = await company.asked('host.reboot')
    const view = await viewOf(company.world.ports, request)
    company.local.faults.next('chat.postMessage', { kind: 'error', error: 'user_not_found' })

    const about = { why: 'own_attempts', over: 'request', tried: [], notTo: [] } as const
    await company.slack.channel.alarm('slack:S0SECURITY', view, about)

    const told = ['U0PRIYA', 'U0SAM'].flatMap((who) => direct(who))
    expect(told).toHaveLength(1)
    expect(company.logged).toContainEqual(expect.objectContaining({ untold: 1, of: 2 }))
  })

  test('whoever tried reads the same answer after it, and a story without it', async () => {
    const { request, at } = await company.asked('db.export')
    await presses('U0ALICE', at, 3)
    const before = [...new Set(whispersTo(company, 'U0ALICE'))]
    await raise(request.id)

    await presses('U0ALICE', at, 1)
    const after = [...new Set(whispersTo(company, 'U0ALICE'))]
    await company.local.as('U0ALICE').command(channelId, `/approvals show ${request.id}`)
    await company.local.as('U0SAM').command(channelId, `/approvals show ${request.id}`)

    expect(after).toEqual(before)
    await eventually(() =>
      expect(JSON.stringify(ephemeralsTo(company, 'U0SAM'))).toContain('an alarm was raised'),
    )
    await eventually(() => expect(JSON.stringify(ephemeralsTo(company, 'U0ALICE'))).toContain(request.id))
    expect(JSON.stringify(ephemeralsTo(company, 'U0ALICE'))).not.toContain('alarm')
  })
})

test('an attempt that is refused before its window opens is on record like any other', async () => {
  company.local.directory.addToGroup('S0INCIDENT', 'U0ALICE')
  await company.local.idle()
  const { request, at } = await company.asked('freeze.deploy')

  await company.local.as('U0ALICE').press(at, 'break_glass')

  await eventually(() => expect(windowOf(company, 'U0ALICE')).toContain('somebody else has to decide'))
  const [entry] = company.store.ledger.filter(({ type }) => type === 'decision.refused')
  expect(entry).toMatchObject({ request: request.id, data: { kind: 'break_glass', code: 'own_request' } })
  expect(company.store.jobs.has(`attempts:${request.id}`)).toBe(true)

  await company.local.as('U0OMAR').command(channelId, `/approvals show ${request.id}`)
  await eventually(() =>
    expect(JSON.stringify(ephemeralsTo(company, 'U0OMAR'))).toContain('tried and was refused (break glass)'),
  )
})

test('control: whoever may break it gets the window, and nothing is recorded yet', async () => {
  const { at } = await company.asked('freeze.deploy')

  await company.local.as('U0OMAR').press(at, 'break_glass')

  await eventually(() => expect(windowOf(company, 'U0OMAR')).toContain('reason'))
  expect(refusals(company)).toEqual([])
})
