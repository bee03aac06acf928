import { beforeEach, describe, expect, test } from 'vitest'
import { teamsIds } from '../../src/sandbox/teams/seed.ts'
import { type Company, cardText, dialogText, openCompany, refusals } from './company.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany()
})

const { alice, bob, gwen, lee, max, priya, sam, grace } = teamsIds
const person = (id: string) => company.local.as(id)

describe('deciding in Teams', () => {
  test('two people of two legs approve, each in a window that shows the action, and the card follows to the end', async () => {
    const { request, at } = await company.asked('db.export')

    await person(bob).press(at, 'approve_form')
    expect(dialogText(company, bob)).toContain('warehouse.users')
    expect(await company.state(request.id)).toBe('pending')
    expect(await person(bob).submit()).toMatchObject({ ok: true })
    expect(person(bob).dialog()).toBeNull()
    await company.settle(request.id)
    expect(await company.state(request.id)).toBe('pending')

    await person(sam).press(at, 'approve_form')
    await person(sam).submit()
    await company.settle(request.id)
    expect(await company.state(request.id)).toBe('approved')
    expect(cardText(company, at.message)).toContain('Approved')
    expect(cardText(company, at.message)).not.toContain('approve_form')
    expect(company.local.problems).toEqual([])
    const approved = company.store.ledger.filter(({ type }) => type === 'decision.made')
    expect(approved.map(({ actor }) => [actor.via, actor.account])).toEqual([
      ['teams', `teams:${teamsIds.tenant}:${bob}`],
      ['teams', `teams:${teamsIds.tenant}:${sam}`],
    ])
  })

  test('denying asks for a reason, and the reason is kept', async () => {
    const { request, at } = await company.asked('db.export')

    await person(bob).press(at, 'deny')
    expect(await person(bob).submit({})).toMatchObject({ ok: false })
    await person(bob).submit({ reason: 'Too many rows.' })

    expect(person(bob).dialog()).toBeNull()
    expect(await company.store.request(request.id)).toMatchObject({
      state: 'denied',
      outcome: 'Too many rows.',
    })
  })

  test('what policy wants written is asked for, and what is wrong is said beside it, with what was written', async () => {
    const { request, at } = await company.asked('secret.read')

    await person(priya).press(at, 'approve_form')
    await person(priya).submit({ reason: 'because I want to', 'typed/0': 'warehouse.users' })
    expect(dialogText(company, priya)).toContain('INC-42')
    expect(dialogText(company, priya)).toContain('"value":"because I want to"')
    expect(await company.state(request.id)).toBe('pending')
    await person(priya).submit({ reason: 'INC-77 restore the key', 'typed/0': 'warehouse.user' })
    expect(await company.state(request.id)).toBe('pending')
    await person(priya).submit({ reason: 'INC-77 restore the key', 'typed/0': 'warehouse.users' })

    expect(await company.state(request.id)).toBe('approved')
    expect(company.local.problems).toEqual([])
  })

  test('own-request: whoever is behind the action opens no window, hears why, and it is recorded', async () => {
    const { request, at } = await company.asked('db.export')

    for (const who of [alice, lee]) {
      await person(who).press(at, 'approve_form')
      expect(dialogText(company, who)).toContain('somebody else has to decide')
    }

    expect(refusals(company)).toEqual(['own_request', 'own_request'])
    expect(await company.state(request.id)).toBe('pending')
  })

  test.each([
    ['a guest', gwen],
    ['somebody of another tenant', max],
    ['somebody who is in none of the groups', grace],
  ])('not-approver: %s opens no window', async (_, who) => {
    const { request, at } = await company.asked('db.export')

    await person(who).press(at, 'approve_form')

    expect(dialogText(company, who)).toContain('Not possible')
    expect(dialogText(company, who)).not.toContain('approve_form')
    expect(await company.state(request.id)).toBe('pending')
  })

  test('control: the same press by somebody of the groups opens it', async () => {
    const { at } = await company.asked('db.export')

    await person(priya).press(at, 'approve_form')

    expect(dialogText(company, priya)).toContain('approve_form')
  })

  test('whoever sends a window without having been let into one is judged by the same rules', async () => {
    const { request, at, card } = await company.asked('db.export')
    await person(priya).press(at, 'approve_form')

    for (const who of [alice, gwen, max, grace]) {
      const sent = await company.local.send(
        submission(who, { send: 'approve_form', origin: originOf(request.id, card.id) }),
      )
      expect(sent).toMatchObject({ kind: 'answered', status: 200 })
      expect(JSON.stringify(sent)).toContain('Not possible')
    }
    expect(await company.state(request.id)).toBe('pending')
    const control = submission(priya, { send: 'approve_form', origin: originOf(request.id, card.id) })
    await company.local.send(control)
    await person(bob).press(at, 'approve_form')
    await person(bob).submit()

    expect(await company.state(request.id)).toBe('approved')
  })

  test('a window that names the card of another request is foreign', async () => {
    const { request } = await company.asked('db.export')
    const { card } = await company.asked('deploy.start')

    const sent = await company.local.send(
      submission(priya, { send: 'approve_form', origin: originOf(request.id, card.id) }),
    )

    expect(JSON.stringify(sent)).toContain('did not come from the card')
    expect(company.store.ledger.filter(({ type }) => type === 'decision.made')).toEqual([])
  })

  test('double-delivery: the same activity twice counts once', async () => {
    const { request, card } = await company.asked('iam.change')
    const activity = submission(sam, { send: 'approve_form', origin: originOf(request.id, card.id) })

    await company.local.send(activity)
    await company.local.send(activity)

    expect(company.store.ledger.filter(({ type }) => type === 'decision.made')).toHaveLength(1)
    expect(await company.state(request.id)).toBe('pending')
    expect(refusals(company)).toEqual([])
  })

  test('an approval can be taken back', async () => {
    const { request, at } = await company.asked('iam.change')
    await person(sam).press(at, 'approve_form')
    await person(sam).submit()
    await company.settle(request.id)

    await person(sam).press(at, 'withdraw')
    await person(sam).submit({ reason: 'Wrong role.' })

    expect(company.store.ledger.map(({ type }) => type)).toContain('decision.withdrawn')
    expect(await company.state(request.id)).toBe('pending')
  })

  test('the full request is read page by page, and approved from its last page in a window', async () => {
    const { request, at } = await company.asked('db.export')

    await person(priya).press(at, 'full')
    expect(dialogText(company, priya)).toContain('Page 1 of 1')
    await person(priya).submit({}, 'Approve')
    expect(dialogText(company, priya)).toContain('Approve this action')
    await person(priya).submit()

    expect(await company.state(request.id)).toBe('pending')
    expect(company.store.ledger.filter(({ type }) => type === 'decision.made')).toHaveLength(1)
  })

  test('too-long: what does not fit is approved only after its last page', async () => {
    const params = { query: 'x '.repeat(6_000) }
    const resource = { type: 'table', id: 'warehouse.users' }
    const { request, at, card } = await company.asked('db.export', {
      action: { action: 'db.export', resource, params, environment: 'prod' },
    })
    expect(cardText(company, at.message)).not.toContain('"approve_form"')

    await person(priya).press(at, 'full')
    expect(dialogText(company, priya)).not.toContain('approve_form')
    const early = { send: 'approve_form_in_view', origin: originOf(request.id, card.id) }
    expect(JSON.stringify(await company.local.send(submission(priya, early)))).toContain('Not possible')
    for (
      let turns = 0;
      turns < 20 && !dialogText(company, priya).includes('approve_form_in_view');
      turns += 1
    )
      await person(priya).submit({}, 'Next page')
    await person(priya).submit({}, 'Approve')
    await person(priya).submit()

    expect(company.store.ledger.filter(({ type }) => type === 'decision.made')).toHaveLength(1)
  })
})

function originOf(request: string, card: string | null): string {
  return JSON.stringify({ request, card, page: 0, from: 'card' })
}

let nth = 0

/** A window that was sent by somebody who has none open. */
function submission(who: string, data: Readonly<Record<string, unknown>>) {
  nth += 1
  const at = company.world.clock().toISOString()
  return {
    type: 'invoke',
    name: 'task/submit',
    id: `f:forged-${nth}`,
    timestamp: at,
    channelId: 'msteams',
    serviceUrl: company.local.serviceUrl,
    from: { id: `29:${who}`, aadObjectId: who },
    conversation: {
      id: '19:acme-agent-approvals@thread.tacv2',
      tenantId: teamsIds.tenant,
      conversationType: 'channel',
    },
    channelData: { tenant: { id: teamsIds.tenant } },
    value: { data },
  }
}
