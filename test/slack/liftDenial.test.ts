import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { expire } from '../../src/approvals/expire.ts'
import { eventually } from '../support/eventually.ts'
import { type Company, channelId, openCompany, refusals, sendForged } from './company.ts'
import { broken, reason } from './emergency.ts'
import { cardAt, threadOf, whispersTo } from './seen.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany()
})
afterEach(() => company.close())

describe('a denial by policy that can be lifted', () => {
  test('says that it is denied and why, and offers nothing but the glass; nobody is called', async () => {
    const { request, at } = await company.asked('freeze.deploy')

    expect(request).toMatchObject({ state: 'pending', verdict: { kind: 'deny' } })
    expect(cardAt(company, at.ts)).toContain('Denied by policy: freeze.deploy')
    expect(cardAt(company, at.ts)).toContain('Change freeze until 4 January.')
    expect(cardAt(company, at.ts)).toContain('"action_id":"break_glass"')
    expect(cardAt(company, at.ts)).toContain('one of incident-commanders')
    expect(cardAt(company, at.ts)).not.toMatch(/"action_id":"(approve|deny|escalate)|subteam/)
  })

  test('a forged approval of it is refused', async () => {
    const { request, at } = await company.asked('freeze.deploy')
    const button = { as: 'U0GRACE', at, blockId: `decide.${request.version}`, actionId: 'break_glass' }

    await sendForged(company, button, { action_id: 'approve' })

    await eventually(() => expect(refusals(company)).toEqual(['not_in_leg']))
    expect(await company.state(request.id)).toBe('pending')
  })

  test('is lifted by one person with a fitting reason, and the card shows a broken glass', async () => {
    const { request, at } = await broken(company)

    expect(await company.store.request(request.id)).toMatchObject({
      state: 'approved',
      brokenGlass: { reason, review: null },
    })
    expect(cardAt(company, at.ts)).toContain('Glass broken, review open (approved): freeze.deploy')
    expect(cardAt(company, at.ts)).toContain(
      '*Approved by breaking the glass*: <@U0GRACE> alone, past a denial by policy',
    )
    expect(cardAt(company, at.ts)).toContain(reason)
    expect(cardAt(company, at.ts)).toContain('"action_id":"close_review"')
    const thread = threadOf(company, at.ts)
    expect(thread.map((message) => message.text)).toEqual([
      expect.stringContaining('*grace broke the glass*'),
    ])
    expect(company.local.problems).toEqual([])
  })

  test('stays denied when nobody lifts it in time, and its card says so', async () => {
    const { request, at } = await company.asked('freeze.deploy')
    company.world.clock.advance(86_400)

    await expire(company.world.ports, request.id)
    await company.settle(request.id)

    expect(cardAt(company, at.ts)).toContain('Expired, still denied by policy: freeze.deploy')
    expect(cardAt(company, at.ts)).not.toContain('action_id')
    const thread = threadOf(company, at.ts)
    expect(thread.map((message) => message.text)).toEqual([
      '*Expired.* Nobody lifted the denial in time, so it stays denied.',
    ])
  })

  test('is found in /approvals by whoever may lift it, and by nobody else', async () => {
    await company.asked('freeze.deploy')

    await company.local.as('U0OMAR').command(channelId, '/approvals')
    await company.local.as('U0SAM').command(channelId, '/approvals')

    await eventually(() => expect(whispersTo(company, 'U0OMAR')).toHaveLength(1))
    await eventually(() => expect(whispersTo(company, 'U0SAM')).toHaveLength(1))
    const list = (who: string) =>
      JSON.stringify(
        company.local
          .as(who)
          .messages(channelId)
          .filter((message) => message.ephemeral),
      )
    expect(list('U0OMAR')).toContain('Denied by policy, and yours to lift in an emergency')
    expect(list('U0SAM')).not.toContain('freeze.deploy')
  })
})
