import { beforeEach, describe, expect, test } from 'vitest'
import { teamsIds } from '../../src/sandbox/teams/seed.ts'
import { eventually } from '../support/eventually.ts'
import { type Company, channelId, dialogText, openCompany, toldTo } from './company.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany()
})

const { alice, grace, omar, sam } = teamsIds
const person = (id: string) => company.local.as(id)
const decisions = () => company.store.ledger.filter(({ type }) => type === 'decision.made')

interface At {
  readonly conversation: string
  readonly message: string
}

/** A press of an Execute, of a form that no card of ours has. */
function executed(at: At, who: string, change: { verb: string; value?: string; trigger?: string }) {
  const { verb, value = '', trigger = 'manual' } = change
  const action = { type: 'Action.Execute', verb, data: { value } }
  const composed = company.local.compose({ act: 'press', as: who, ...at, action })
  return company.local.send({ ...composed, value: { action, trigger } })
}

describe('a press in Teams', () => {
  test('slip: an Execute that says approve decides nothing; a window does', async () => {
    const { request, at, card } = await company.asked('deploy.start')
    const value = `${request.id}|${card.id}`

    for (const verb of ['approve', 'approve_form', 'deny', 'break_glass'])
      expect(JSON.stringify(await executed(at, grace, { verb, value }))).toContain(
        'did not come from the card',
      )
    expect(await company.state(request.id)).toBe('pending')
    await person(grace).press(at, 'approve_form')
    await person(grace).submit()

    expect(await company.state(request.id)).toBe('approved')
  })

  test('auto-refresh: a card that comes into sight is answered as it is now, whatever verb it names, and nothing is done or changed', async () => {
    const { request, at, card } = await company.asked('deploy.start')
    const value = `${request.id}|${card.id}`
    const before = company.local.calls.length

    for (const verb of ['approve', 'approve_form', 'deny', 'refresh']) {
      const answer = JSON.stringify(await executed(at, grace, { verb, value, trigger: 'automatic' }))
      expect(answer).toContain('AdaptiveCard')
    }
    await person(grace).look(channelId)

    expect(await company.state(request.id)).toBe('pending')
    expect(decisions()).toEqual([])
    const kinds = company.local.calls.slice(before).map((one) => JSON.stringify(one))
    expect(kinds.filter((one) => /update|whisper|post/.test(one))).toEqual([])
    expect(company.local.problems).toEqual([])
  })

  test('auto-refresh: nobody reads another card through the one that they see', async () => {
    const mine = await company.asked('deploy.start')
    const other = await company.asked('db.export')
    const value = `${other.request.id}|${other.card.id}`

    const answer = JSON.stringify(
      await executed(mine.at, grace, { verb: 'refresh', value, trigger: 'automatic' }),
    )

    expect(answer).not.toContain('AdaptiveCard')
    expect(answer).not.toContain('db.export')
  })

  test('what nobody knows is answered with an error', async () => {
    const { at } = await company.asked('deploy.start')
    const action = { type: 'Action.Execute', verb: 'refresh', data: {} }
    const composed = company.local.compose({ act: 'press', as: grace, ...at, action })

    expect(await company.local.send({ ...composed, name: 'composeExtension/query' })).toMatchObject({
      status: 501,
    })
    expect(JSON.stringify(await executed(at, grace, { verb: 'dance' }))).toContain('did not come from')
  })

  test('double-post: a copy of a card opens no window', async () => {
    const { request, at, card } = await company.asked('deploy.start')
    const other = await company.asked('db.export')
    const action = {
      type: 'Action.Submit',
      data: { msteams: { type: 'task/fetch' }, open: 'approve_form', value: `${request.id}|${card.id}` },
    }
    const onAnother = company.local.compose({ act: 'press', as: grace, ...other.at, action })
    expect(JSON.stringify(await company.local.send(onAnother))).toContain('did not come from the card')

    const onACopy = { ...company.local.compose({ act: 'press', as: grace, ...at, action }), replyToId: '999' }
    expect(JSON.stringify(await company.local.send(onACopy))).toContain('Not possible')

    expect(await company.state(request.id)).toBe('pending')
  })

  test('somebody without an account of Entra does nothing', async () => {
    const { request, at } = await company.asked('deploy.start')
    const action = { type: 'Action.Submit', data: { msteams: { type: 'task/fetch' }, open: 'approve_form' } }
    const composed = company.local.compose({ act: 'press', as: grace, ...at, action })
    const from = { id: '29:whoever', name: 'Grace Kim' }

    const answer = await company.local.send({ ...composed, from })

    expect(JSON.stringify(answer)).toContain('Not possible')
    expect(await company.state(request.id)).toBe('pending')
  })
})

describe('other verbs in their windows', () => {
  test('somebody escalates, and the next are told', async () => {
    const { request, at } = await company.asked('node.drain')

    await person(grace).press(at, 'escalate')
    await person(grace).submit({ reason: 'It is full.' })

    expect(person(grace).dialog()).toBeNull()
    expect((await company.store.request(request.id))?.escalations).toHaveLength(1)
  })

  test('break-glass: somebody on the path breaks it with the reason that policy wants; whoever is behind it does not', async () => {
    const { request, at } = await company.asked('host.reboot')

    await person(alice).press(at, 'break_glass')
    expect(dialogText(company, alice)).toContain('Not possible')
    await person(omar).press(at, 'break_glass')
    await person(omar).submit({ reason: 'the host is down, I need it now' })
    expect(await company.state(request.id)).toBe('pending')
    expect(dialogText(company, omar)).toContain('INC-42')
    await person(omar).submit({ reason: 'INC-42 the host is down, I need it now' })

    expect(await company.state(request.id)).toBe('approved')
    expect((await company.store.request(request.id))?.brokenGlass).toBeTruthy()
  })

  test('somebody asks a question and for changes: neither decides', async () => {
    const { request, at } = await company.asked('deploy.start')

    await person(grace).press(at, 'ask_question')
    await person(grace).submit({ note: 'Why today?' })
    await person(sam).press(at, 'ask_changes')
    await person(sam).submit({ note: 'Only one region.' })

    expect((await company.store.request(request.id))?.notes?.map(({ text }) => text)).toEqual([
      'Why today?',
      'Only one region.',
    ])
    expect(await company.state(request.id)).toBe('pending')
  })
})

describe('when something is slow or away', () => {
  test('slow-work: an approval that takes long is queued once, and its person is told how it ended', async () => {
    company = await openCompany({ slowAfter: 200 })
    const { request, at } = await company.asked('deploy.start')
    await eventually(async () => {
      await person(grace).press(at, 'approve_form')
      expect(dialogText(company, grace)).toContain('approve_form')
    })
    let free = () => {}
    company.slowDown(
      () =>
        new Promise<void>((resolve) => {
          free = resolve
        }),
    )

    await person(grace).submit()
    expect(dialogText(company, grace)).toContain('safely queued')
    expect(company.queued).toHaveLength(1)
    free()

    await eventually(() => expect(toldTo(company, grace).join()).toContain('recorded'))
    expect(await company.state(request.id)).toBe('approved')
  })

  test('directory-down: while Entra does not answer nothing is decided, and the click is not spent', async () => {
    const { request, at } = await company.asked('deploy.start')
    await person(grace).press(at, 'approve_form')
    company.local.faults.next('user', { kind: 'status', status: 503 }, Number.POSITIVE_INFINITY)
    company.local.faults.next('checkMemberGroups', { kind: 'status', status: 503 }, Number.POSITIVE_INFINITY)
    company.world.clock.advance(60)

    await person(grace).submit()
    expect(await company.state(request.id)).toBe('pending')
    expect(dialogText(company, grace)).not.toBe('null')
    company.local.faults.clear()
    await person(grace).press(at, 'approve_form')
    await person(grace).submit()

    expect(await company.state(request.id)).toBe('approved')
  })

  test('left-the-group: an account that was disabled decides no more', async () => {
    const { request, at, card } = await company.asked('deploy.start')
    const action = {
      type: 'Action.Submit',
      data: { msteams: { type: 'task/fetch' }, open: 'approve_form', value: `${request.id}|${card.id}` },
    }
    const opened = company.local.compose({ act: 'press', as: grace, ...at, action })
    expect(JSON.stringify(await company.local.send(opened))).toContain('Approve this action')
    const known = company.local.tenant.people.get(grace)
    if (known) company.local.tenant.people.set(grace, { ...known, enabled: false })
    company.world.clock.advance(60)
    const data = {
      send: 'approve_form',
      origin: JSON.stringify({ request: request.id, card: card.id, page: 0, from: 'card' }),
    }

    const answer = await company.local.send({
      ...opened,
      id: 'f:late',
      timestamp: company.world.clock().toISOString(),
      name: 'task/submit',
      value: { data },
    })

    expect(JSON.stringify(answer)).toContain('Not possible')
    expect(await company.state(request.id)).toBe('pending')
    expect(decisions()).toEqual([])
  })
})
