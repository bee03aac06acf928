import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { announce, announceAgain } from '../../src/approvals/cards/announce.ts'
import { refresh } from '../../src/approvals/cards/refresh.ts'
import { remind } from '../../src/approvals/cards/remind.ts'
import { escalate, escalateInTime } from '../../src/approvals/escalate.ts'
import { addAgent } from '../../src/approvals/people/agents.ts'
import { submit } from '../../src/approvals/submit.ts'
import { bundleWithDefaults } from '../support/testBundle.ts'
import { ask, attemptBy, envelope, submission } from '../support/world.ts'
import { type Company, channelId, openCompany } from './company.ts'
import { cardAt, threadOf } from './seen.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany()
  // Each agent once, all together three times a day.
  company.world.setPolicy(bundleWithDefaults('mentions_per_day: 3'))
})
afterEach(() => company.close())

const group = '<!subteam^S0PLATFORM>'
const often = 'platform-leads (mentioned often enough today)'
let nth = 0

/** Something that nobody has asked before, by the agent of the world or another. */
async function asked(
  change: Parameters<typeof submission>[1] & { readonly agent?: string; readonly name?: string } = {},
) {
  nth += 1
  const { agent, name = 'deploy.start', ...rest } = change
  const lee = { email: 'lee@acme.test' }
  const { world } = company
  const by = agent
    ? await addAgent(world.ports, { name: agent, owner: lee, by: lee, via: 'test' })
    : world.agent
  const said = submission(name, { params: { nth }, ...rest })
  const { request } = await submit(world.ports, envelope(world, { agent: by.agent, key: by.key }), said)
  company.world.clock.advance(2)
  await announce(world.ports, company.slack.channel, request.id)
  const [card] = await company.store.cards(request.id)
  return { id: request.id, at: { conversation: channelId, ts: card?.message ?? '' } }
}

const needsOf = ({ at }: { readonly at: { readonly ts: string } }) => {
  const blocks = JSON.parse(cardAt(company, at.ts)) as unknown[]
  return JSON.stringify(blocks.find((block) => JSON.stringify(block).includes('*Needs*')))
}

async function called(account: string, times = 3) {
  const at = company.world.clock().toISOString()
  const mentions = Array.from({ length: times }, (_, by) => ({
    ...{ account: `slack:${account}`, name: `by ${by}`, agent: `agt_${by}`, at },
  }))
  await company.store.commit({ mentions, entries: [] })
}

async function timesOf(account: string) {
  const all = await company.store.mostCalled('2026-11-01T00:00:00.000Z', 100)
  return all.find((one) => one.account === `slack:${account}`)?.times ?? 0
}

describe('mentions_per_day', () => {
  test('no agent has more than a third: its next card names the group and calls nobody, and they decide as before', async () => {
    const first = await asked()
    expect(needsOf(first)).toContain(group)

    const second = await asked()

    expect(needsOf(second)).toContain(often)
    expect(cardAt(company, second.at.ts)).not.toMatch(/<!subteam|<@U0GRACE>|<@U0SAM>/)
    await company.local.as('U0GRACE').press(second.at, 'approve')
    expect(await company.state(second.id)).toBe('approved')
  })

  test('other agents call meanwhile, until all together have called as often as they may', async () => {
    const all = [await asked()]
    for (const agent of ['agent-b', 'agent-c', 'agent-d']) all.push(await asked({ agent }))

    expect(all.map((one) => needsOf(one).includes(group))).toEqual([true, true, true, false])
    expect(await timesOf('U0GRACE')).toBe(3)
  })

  test('control: with a higher bound the same cards call', async () => {
    company.world.setPolicy(bundleWithDefaults('mentions_per_day: 12'))
    const all = [await asked(), await asked(), await asked(), await asked(), await asked()]

    expect(all.map((one) => needsOf(one).includes(group))).toEqual([true, true, true, true, false])
  })

  test('a day later they are called again', async () => {
    await asked()
    company.world.clock.advance(86_400)

    expect(needsOf(await asked())).toContain(group)
  })

  test('a group in which one may not be called is named, and who may be is called by name', async () => {
    await called('U0SAM')

    const one = await asked()

    expect(needsOf(one)).toContain('platform-leads (<@U0GRACE>; others were mentioned often enough today)')
    expect(cardAt(company, one.at.ts)).not.toMatch(/<!subteam|<@U0SAM>/)
    expect([await timesOf('U0GRACE'), await timesOf('U0SAM')]).toEqual([1, 3])
  })

  test('nobody is called by name who is behind it', async () => {
    await called('U0SAM')

    const one = await asked({ involved: [{ email: 'grace@acme.test' }] })

    expect(needsOf(one)).toContain(often)
  })

  test('a card that is drawn again spares the same people', async () => {
    await asked()
    const second = await asked()
    company.world.clock.advance(30)

    await refresh(company.world.ports, company.slack.channel, { request: second.id, again: true })

    expect(needsOf(second)).toContain(often)
  })

  test('a reminder counts, and calls nobody above the bound', async () => {
    const first = await asked()
    company.world.clock.advance(900)
    await remind(company.world.ports, company.slack.channel, { request: first.id, nth: 0 })

    expect(said(first)).toContain('Still needed')
    expect(said(first)).toContain(often)
    company.world.clock.advance(86_400 - 902)
    const second = await asked({ expiresInSeconds: 3_600 })
    expect(needsOf(second)).toContain(group)
  })

  test('what the time escalates has the bound of the agent, what a person escalates calls in any case', async () => {
    company.world.setPolicy(bundleWithDefaults('mentions_per_day: 6'))
    await called('U0PRIYA', 6)
    const one = await asked({ name: 'node.drain' })
    company.world.clock.advance(600)
    await escalateInTime(company.world.ports, { request: one.id, nth: 0 })
    await settled(one.id)
    expect(said(one)).toContain(
      '*Escalated* to security (<@U0SAM>; others were mentioned often enough today)',
    )

    await escalate(company.world.ports, { ...attemptBy(one.id, 'U0GRACE'), reason: 'Now, please.' })
    await settled(one.id)

    expect(said(one)).toContain('*Escalated* to <!subteam^S0DATA>')
    expect(await timesOf('U0PRIYA')).toBe(7)
  })

  test('slack-down: what is refused and tried again calls once', async () => {
    company.local.faults.next('chat.postMessage', { kind: 'error', error: 'not_in_channel' })
    nth += 1
    const request = await ask(company.world, 'deploy.start', submission('deploy.start', { params: { nth } }))
    const failures = await announce(company.world.ports, company.slack.channel, request.id).catch(
      (fault: { failures: ReadonlyMap<string, { unsent: string }> }) => fault.failures,
    )
    expect(await timesOf('U0GRACE')).toBe(1)
    company.world.clock.advance(30)
    const unsent = [...(failures ?? [])][0]?.[1].unsent ?? ''
    const tries = { [`slack:${channelId}`]: { times: 1, failures: 1, unsent } }
    await announceAgain(company.world.ports, company.slack.channel, { request: request.id, tries })

    const [card] = await company.store.cards(request.id)
    expect(needsOf({ at: { ts: card?.message ?? '' } })).toContain(group)
    expect(await timesOf('U0GRACE')).toBe(1)
  })
})

const said = ({ at }: { readonly at: { readonly ts: string } }) =>
  threadOf(company, at.ts)
    .map(({ text }) => text)
    .join('\n')

async function settled(request: string) {
  company.world.clock.advance(30)
  await refresh(company.world.ports, company.slack.channel, { request })
}
