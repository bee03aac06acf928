import { afterEach, describe, expect, test } from 'vitest'
import { acme } from '../../src/sandbox/seed.ts'
import { eventually } from '../support/eventually.ts'
import { type Company, channelId, openCompany, unshared } from './company.ts'
import { windowOf } from './seen.ts'

let company: Company
afterEach(() => company.close())

const titleOf = (member: string) => company.local.as(member).modal()?.title
const opens = (member: string, title: string) => eventually(() => expect(titleOf(member)).toBe(title))

describe.each(['http', 'socket'] as const)('over %s', (mode) => {
  test('“Why am I asked?” on a card opens its reasons, and “My approvals” the list', async () => {
    company = await openCompany({ mode })
    await eventually(() => expect(mode === 'http' || company.local.sockets.connected === 1).toBe(true))
    const { request, at } = await company.asked('db.export')

    expect(await company.local.as('U0BOB').shortcut('why_asked', at)).toMatchObject({ ok: true })
    await opens('U0BOB', 'Why am I asked?')
    expect(windowOf(company, 'U0BOB')).toContain('Exports need the data owners')

    expect(await company.local.as('U0PRIYA').shortcut('my_approvals')).toMatchObject({ ok: true })
    await opens('U0PRIYA', 'My approvals')
    expect(windowOf(company, 'U0PRIYA')).toContain(request.id)
    await company.local.as('U0PRIYA').press({ view: company.local.as('U0PRIYA').modal()?.id ?? '' }, 'open')
    await opens('U0PRIYA', 'Full request')
  })
})

test('on any other message it says what it is for; in the thread of a card it is about the card', async () => {
  company = await openCompany()
  const { at } = await company.asked('db.export')
  const bob = company.local.as('U0BOB')
  await bob.post(channelId, 'good morning')
  await bob.post(channelId, 'who takes this one?', at.ts)
  const said = (text: string) => bob.messages(channelId).find((message) => message.text === text)?.ts ?? ''

  await bob.shortcut('why_asked', { conversation: channelId, ts: said('good morning') })
  await eventually(() => expect(windowOf(company, 'U0BOB')).toContain('for a card of Countersign'))
  await bob.close()
  await bob.shortcut('why_asked', { conversation: channelId, ts: said('who takes this one?') })

  await eventually(() => expect(windowOf(company, 'U0BOB')).toContain('policy '))
})

test('whoever may not see the request is not told its reasons', async () => {
  company = await openCompany()
  const { at } = await company.asked('db.export')

  await company.local.as('U0GRACE').shortcut('why_asked', at)

  await opens('U0GRACE', 'Not possible')
  expect(windowOf(company, 'U0GRACE')).not.toContain('Exports need')
})

test.each([['why_asked'], ['my_approvals']])('not-staff: %s of a guest shows nothing', async (callbackId) => {
  company = await openCompany({ logLevel: 'info' })
  const { at } = await company.asked('db.export')

  await company.local.as('U0GWEN').shortcut(callbackId, callbackId === 'why_asked' ? at : undefined)

  await opens('U0GWEN', 'Not possible')
  expect(windowOf(company, 'U0GWEN')).toContain('full members')
  expect(company.logged).toContainEqual(
    expect.objectContaining({ code: 'not_staff', msg: 'a shortcut was refused' }),
  )
})

test('grid: a card in a direct conversation is found by its message', async () => {
  company = await openCompany()
  const { request, card } = await company.asked('db.export')
  const dm =
    company.local
      .as('U0BOB')
      .sees()
      .conversations.find(({ kind }) => kind === 'im')?.id ?? ''
  const posted = await company.clients.clicks.chat.postMessage({ channel: 'U0BOB', text: 'a card' })
  await company.store.commit({
    entries: [],
    cards: [
      {
        expected: null,
        next: {
          ...card,
          ...{
            id: 'crd_direct',
            version: 1,
            conversation: 'slack:T0ACME:U0BOB',
            message: `${dm}/${posted.ts}`,
          },
        },
      },
    ],
  })

  await company.local.as('U0BOB').shortcut('why_asked', { conversation: dm, ts: posted.ts ?? '' })

  await eventually(() => expect(windowOf(company, 'U0BOB')).toContain('policy '))
  expect(company.local.as('U0BOB').modal()?.privateMetadata).toContain(request.id)
})

test('foreign-payload: a shortcut of another app, or without what a shortcut has, opens nothing', async () => {
  company = await openCompany()
  const { at } = await company.asked('db.export')
  const composed = company.local.compose({ act: 'shortcut', as: 'U0BOB', callbackId: 'why_asked', at })

  await company.local.send({ ...composed, payload: { ...composed.payload, api_app_id: 'A0OTHER' } })
  await company.local.send({ ...composed, payload: { ...composed.payload, message: 'not a message' } })
  await company.local.idle()

  expect(company.local.as('U0BOB').modal()).toBeUndefined()
  expect(company.logged.map(({ msg }) => msg)).toContain(
    'a signed payload was about another app and was ignored',
  )
})

test('a shared channel offers shortcuts to nobody of another company', async () => {
  company = await openCompany({ seed: unshared(acme) })
  const { at } = await company.asked('db.export')

  expect(await company.local.as('U0MAX').shortcut('my_approvals')).toMatchObject({ ok: false })
  expect(await company.local.as('U0MAX').shortcut('why_asked', at)).toMatchObject({ ok: false })
})
