import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { announce } from '../../src/approvals/announce.ts'
import { eventually } from '../support/eventually.ts'
import { ask, click } from '../support/world.ts'
import { type Company, channelId, openCompany, refusals } from './company.ts'
import { whispersTo } from './seen.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany()
})
afterEach(() => company.close())

const messages = () => company.local.as('U0GRACE').messages(channelId)
const textAt = (ts: string) => messages().find((one) => one.ts === ts)?.text ?? ''
const buttonsAt = (ts: string) =>
  JSON.stringify(messages().find((one) => one.ts === ts)?.blocks).includes('action_id')

const menuValue = (ts: string) =>
  /"value":"(full\|[^"]+)"/.exec(JSON.stringify(messages().find((one) => one.ts === ts)?.blocks))?.[1] ?? ''

/** A request whose first posting was never answered: its message stands there with live buttons, unknown to us. */
async function lostPosting(): Promise<{ readonly id: string; readonly lost: string }> {
  company.local.faults.next('chat.postMessage', { kind: 'lost_answer' })
  await expect(company.asked('deploy.start')).rejects.toThrow('chat.postMessage')
  const [request] = await company.store.requests({ limit: 1 })
  return { id: request?.id ?? '', lost: messages()[0]?.ts ?? '' }
}

const press = (ts: string, action = 'approve') =>
  company.local.as('U0GRACE').press({ conversation: channelId, ts }, action)

const told = (text: string) =>
  eventually(() => expect(whispersTo(company, 'U0GRACE')).toContainEqual(expect.stringContaining(text)))

describe('double-post: a click on a message that is not the card on record', () => {
  test('while another card stands: it links there, loses its buttons, and decides nothing', async () => {
    const { id, lost } = await lostPosting()
    await announce(company.world.ports, company.slack.channel, id)
    const card = messages().at(-1)?.ts ?? ''

    await press(lost)

    await told(`ts=${card}|The card is here.>`)
    await eventually(() => expect(textAt(lost)).toContain('out of date and decides nothing'))
    expect(textAt(lost)).toContain(`ts=${card}|The card is here.>`)
    expect([buttonsAt(lost), buttonsAt(card)]).toEqual([false, true])
    expect(await company.state(id)).toBe('pending')
    await press(card)
    expect(await company.state(id)).toBe('approved')
  })

  test('when the request is settled: it says how', async () => {
    const { id, lost } = await lostPosting()
    await click(company.world, id, 'U0GRACE')
    await company.settle(id)

    await press(lost)

    await told('This copy of the card is out of date')
    await eventually(() => expect(textAt(lost)).toContain('It is *approved* by <@U0GRACE>'))
    expect(buttonsAt(lost)).toBe(false)
    expect(textAt(lost)).toContain(`/approvals show ${id}`)
    expect(refusals(company)).toEqual([])
  })

  test('when its card is not on record at all', async () => {
    const { request, at } = await company.asked('deploy.start')
    const card = company.local.workspace.messages.get(channelId)?.[0]
    const renamed = JSON.parse(JSON.stringify(card?.blocks).replaceAll(/crd_[0-9a-z]+/g, 'crd_unknown'))
    await company.clients.posts.chat.postMessage({
      channel: channelId,
      text: 'A card of an earlier database',
      blocks: renamed,
    })
    const copy = messages().at(-1)?.ts ?? ''

    await press(copy)

    await told(`ts=${at.ts}|The card is here.>`)
    await eventually(() => expect(buttonsAt(copy)).toBe(false))
    expect([buttonsAt(at.ts), await company.state(request.id)]).toEqual([true, 'pending'])
  })

  test('control: a button of one card on the message of another corrects neither', async () => {
    const one = await company.asked('deploy.start')
    const other = await company.asked('deploy.start')
    const { payload, ...parcel } = company.local.compose({
      act: 'press',
      as: 'U0GRACE',
      at: one.at,
      blockId: 'decide.1',
      actionId: 'approve',
    })
    const container = { type: 'message', channel_id: channelId, message_ts: other.at.ts }

    await company.local.send({ ...parcel, payload: { ...payload, container } })

    await told('did not come from the card')
    expect([buttonsAt(one.at.ts), buttonsAt(other.at.ts)]).toEqual([true, true])
  })

  test.each(['full', 'deny'])('the button %s of an old copy says so too', async (action) => {
    const { id, lost } = await lostPosting()
    await announce(company.world.ports, company.slack.channel, id)

    if (action === 'deny') await press(lost, 'deny')
    else
      await company.local
        .as('U0GRACE')
        .press({ conversation: channelId, ts: lost }, 'more', { value: menuValue(lost) })

    await eventually(() => expect(textAt(lost)).toContain('out of date'))
    expect(buttonsAt(lost)).toBe(false)
  })
})

test('a settled card that still asks is corrected by whoever clicks it', async () => {
  const { request, at } = await company.asked('deploy.start')
  await click(company.world, request.id, 'U0GRACE')
  expect(buttonsAt(at.ts)).toBe(true)

  await press(at.ts)

  await told('It is *approved* by')
  await eventually(() => expect(buttonsAt(at.ts)).toBe(false))
})

test('a posting that only lost its record is found again by the process that made it', async () => {
  const { id } = await ask(company.world, 'deploy.start')
  const { ports } = company.world
  const stumbling = {
    ...ports.store,
    commit: async (change: Parameters<typeof ports.store.commit>[0]) => {
      if (change.lines.some(({ entry }) => entry.type === 'card.posted')) throw new Error('a blip')
      return ports.store.commit(change)
    },
  }
  await expect(announce({ ...ports, store: stumbling }, company.slack.channel, id)).rejects.toThrow('a blip')

  await announce(ports, company.slack.channel, id)

  expect(messages()).toHaveLength(1)
  await press(messages()[0]?.ts ?? '')
  expect(await company.state(id)).toBe('approved')
})
