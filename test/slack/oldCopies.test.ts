import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { announce } from '../../src/approvals/cards/announce.ts'
import { decide } from '../../src/approvals/decide.ts'
import { jobKey } from '../../src/approvals/job.ts'
import { correctionsAtWork } from '../support/corrections.ts'
import { eventually } from '../support/eventually.ts'
import { ask, attemptBy, click, elsewhere } from '../support/world.ts'
import { type Company, channelId, openCompany, refusals } from './company.ts'
import { deciding } from './decidingButtons.ts'
import { whispersTo } from './seen.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany()
})
afterEach(() => company.close())

/** What the worker does with the corrections that are due; nothing else of the world's jobs. */
const correct = () =>
  correctionsAtWork({
    ports: company.world.ports,
    store: company.store,
    channel: company.slack.channel,
    clock: company.world.clock,
  })
const corrections = () => [...company.store.jobs.keys()].filter((key) => key.startsWith('correct:'))

const messages = () => company.local.as('U0GRACE').messages(channelId)
const textAt = (ts: string) => messages().find((one) => one.ts === ts)?.text ?? ''
const buttonsAt = (ts: string) =>
  deciding.test(JSON.stringify(messages().find((one) => one.ts === ts)?.blocks))

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

const queuedClick = (request: string, from: { card: string; conversation: string; message: string }) => ({
  ...attemptBy(request, 'U0GRACE'),
  ...from,
  delivery: `queued ${request}`,
  kind: 'approve' as const,
  reason: null,
  typed: [],
  seen: 'facts',
})

const told = (text: string) =>
  eventually(() => expect(whispersTo(company, 'U0GRACE')).toContainEqual(expect.stringContaining(text)))

describe('double-post: a click on a message that is not the card on record', () => {
  test('while another card stands: it links there, loses its buttons, and decides nothing', async () => {
    const { id, lost } = await lostPosting()
    await announce(company.world.ports, company.slack.channel, id)
    const card = messages().at(-1)?.ts ?? ''

    await press(lost)

    await told(`ts=${card}|The card is here.>`)
    await correct()
    expect(textAt(lost)).toContain('out of date and decides nothing')
    expect(textAt(lost)).toContain(`ts=${card}|The card is here.>`)
    expect([buttonsAt(lost), buttonsAt(card)]).toEqual([false, true])
    expect(await company.state(id)).toBe('pending')
    await press(card)
    expect(await company.state(id)).toBe('approved')
  })

  test('when the request is settled: it says nothing of its state, which may change again', async () => {
    const { id, lost } = await lostPosting()
    await click(company.world, id, 'U0GRACE')
    await company.settle(id)

    await press(lost)

    await told('This copy of the card is out of date')
    await correct()
    expect(textAt(lost)).not.toMatch(/approved|waiting/)
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
    await correct()
    expect(buttonsAt(copy)).toBe(false)
    expect([buttonsAt(at.ts), await company.state(request.id)]).toEqual([true, 'pending'])
  })

  test('control: a button of one card on the message of another corrects neither', async () => {
    const one = await company.asked('deploy.start')
    const other = await company.asked('deploy.start', elsewhere('deploy.start'))
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
    await correct()
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

    await eventually(() => expect(corrections()).toHaveLength(1))
    await correct()
    expect(textAt(lost)).toContain('out of date')
    expect(buttonsAt(lost)).toBe(false)
  })
})

test('a settled card that still asks is corrected by whoever clicks it', async () => {
  const { request, at } = await company.asked('deploy.start')
  await click(company.world, request.id, 'U0GRACE')
  expect(buttonsAt(at.ts)).toBe(true)

  await press(at.ts)

  await told('It is *approved* by')
  await correct()
  expect(buttonsAt(at.ts)).toBe(false)
})

describe('the correction of what was clicked is not lost', () => {
  test('when Slack refuses the first time: the copy loses its buttons all the same', async () => {
    const { id, lost } = await lostPosting()
    await announce(company.world.ports, company.slack.channel, id)
    company.local.faults.next('chat.update', { kind: 'error', error: 'internal_error' })
    await press(lost)
    await told('The card is here.')

    await correct()
    expect([buttonsAt(lost), corrections().length]).toEqual([true, 1])
    company.world.clock.advance(30)
    await correct()

    expect([buttonsAt(lost), corrections()]).toEqual([false, []])
    expect(textAt(lost)).toContain('|The card is here.>')
  })

  test('what it says stays true when the request is decided afterwards', async () => {
    const { id, lost } = await lostPosting()
    await announce(company.world.ports, company.slack.channel, id)
    await press(lost)
    await told('The card is here.')
    await correct()

    await click(company.world, id, 'U0GRACE')

    expect(textAt(lost)).not.toMatch(/waiting/)
  })

  test('many clicks on one message make one job', async () => {
    const { id, lost } = await lostPosting()
    await announce(company.world.ports, company.slack.channel, id)

    for (const action of ['approve', 'deny', 'approve']) await press(lost, action)

    await eventually(() => expect(whispersTo(company, 'U0GRACE').length).toBeGreaterThanOrEqual(2))
    expect(corrections()).toEqual([
      jobKey({ task: 'correct', request: id, conversation: `slack:${channelId}`, message: lost }),
    ])
  })

  test('when the click was queued, and the job that judges it refuses it', async () => {
    const { id, lost } = await lostPosting()
    const [old] = await company.store.cards(id)
    await announce(company.world.ports, company.slack.channel, id)
    const copy = { card: old?.id ?? '', conversation: `slack:${channelId}`, message: lost }

    await expect(decide(company.world.ports, queuedClick(id, copy))).rejects.toMatchObject({
      code: 'foreign_payload',
    })
    await correct()

    expect(buttonsAt(lost)).toBe(false)
    expect(textAt(lost)).toContain('out of date and decides nothing')
  })

  test('when the click was queued and its request is settled: the card shows how', async () => {
    const { request, card, at } = await company.asked('deploy.start')
    await click(company.world, request.id, 'U0GRACE')
    const own = { card: card.id, conversation: card.conversation, message: at.ts }

    await expect(decide(company.world.ports, queuedClick(request.id, own))).rejects.toMatchObject({
      code: 'wrong_state',
    })
    await correct()

    expect([buttonsAt(at.ts), textAt(at.ts).startsWith('Approved')]).toEqual([false, true])
  })

  test('control: a queued click with the button of another request corrects nothing', async () => {
    const one = await company.asked('deploy.start')
    const other = await company.asked('deploy.start', elsewhere('deploy.start'))
    const made = { card: one.card.id, conversation: other.card.conversation, message: other.at.ts }

    await expect(decide(company.world.ports, queuedClick(other.request.id, made))).rejects.toMatchObject({
      code: 'foreign_payload',
    })

    expect(corrections()).toEqual([])
  })

  test('control: a correction never touches the card of another request', async () => {
    const one = await company.asked('deploy.start')
    const other = await company.asked('deploy.start', elsewhere('deploy.start'))
    const made = { card: one.card.id, conversation: other.card.conversation, message: other.at.ts }

    await expect(decide(company.world.ports, queuedClick(one.request.id, made))).rejects.toMatchObject({
      code: 'foreign_payload',
    })
    await correct()

    expect([buttonsAt(one.at.ts), buttonsAt(other.at.ts)]).toEqual([true, true])
  })

  test('control: a click that counts asks for no correction', async () => {
    const { request, at } = await company.asked('deploy.start')

    await press(at.ts)

    await eventually(async () => expect(await company.state(request.id)).toBe('approved'))
    expect(corrections()).toEqual([])
  })
})

test('a posting that only lost its record is found again by the process that made it', async () => {
  const { id } = await ask(company.world, 'deploy.start')
  const { ports } = company.world
  const stumbling = {
    ...ports.store,
    commit: async (change: Parameters<typeof ports.store.commit>[0]) => {
      if (change.entries.some(({ entry }) => entry.type === 'card.posted')) throw new Error('a blip')
      return ports.store.commit(change)
    },
  }
  await expect(announce({ ...ports, store: stumbling }, company.slack.channel, id)).rejects.toThrow('a blip')

  await announce(ports, company.slack.channel, id)

  expect(messages()).toHaveLength(1)
  await press(messages()[0]?.ts ?? '')
  expect(await company.state(id)).toBe('approved')
})
