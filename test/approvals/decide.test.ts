import { beforeEach, describe, expect, test } from 'vitest'
import { personOf } from '../../src/approvals/people/identify.ts'
import type { Card } from '../../src/approvals/records.ts'
import { entriesOf, refusalsOf, typesOf } from '../support/recorded.ts'
import { keyOf } from '../support/testDirectory.ts'
import { ask, click, testWorld, type World } from '../support/world.ts'

let world: World
beforeEach(async () => {
  world = await testWorld()
})

describe('deciding', () => {
  test('two people of two legs approve, and the request is approved', async () => {
    const request = await ask(world, 'db.export')

    const first = await click(world, request.id, 'U0BOB')
    const second = await click(world, request.id, 'U0SAM')

    expect(first.request.state).toBe('pending')
    expect(second.request).toMatchObject({ state: 'approved', outcome: 'Approved.', version: 3 })
    expect(await typesOf(world.store, request.id)).toEqual([
      'request.submitted',
      'decision.made',
      'decision.made',
      'request.approved',
    ])
  })

  test('one denial ends it, and the agent gets the reason', async () => {
    const request = await ask(world, 'db.export')

    const { request: denied } = await click(world, request.id, 'U0BOB', {
      kind: 'deny',
      reason: '  Use the sample.  ',
    })

    expect(denied).toMatchObject({ state: 'denied', outcome: 'Use the sample.' })
  })

  test('a denial without a reason is refused', async () => {
    const request = await ask(world, 'db.export')
    await expect(click(world, request.id, 'U0BOB', { kind: 'deny', reason: '  ' })).rejects.toMatchObject({
      code: 'reason_needed',
    })
  })

  test('the record holds the identity facts, what was seen and the reason, outside the leaf', async () => {
    const request = await ask(world, 'db.export')
    await click(world, request.id, 'U0BOB', { kind: 'deny', reason: 'No.' })
    const made = (await entriesOf(world.store, request.id, 'decision.made'))[0]
    expect(made?.actor).toEqual({
      kind: 'person',
      id: expect.stringMatching(/^per_/),
      account: keyOf('U0BOB'),
      via: 'slack',
    })
    expect(made?.blobs.map((blob) => blob.name)).toEqual(['identity', 'reason', 'seen'])
    expect(JSON.stringify(made)).not.toContain('acme.test')
  })
})

describe('foreign-payload', () => {
  const card = (request: string, change: Partial<Card>): Card => ({
    id: 'crd_one',
    version: 1,
    request,
    conversation: 'slack:C0APPROVALS',
    status: 'posted',
    message: '1.1',
    shown: 1,
    told: 0,
    ...change,
  })

  test.each([
    ['a card that does not exist', null],
    ['a card of another request', { request: 'req_other' }],
    ['a card that was replaced', { status: 'replaced' as const }],
  ])('%s decides nothing', async (_, change) => {
    const request = await ask(world, 'db.export')
    if (change)
      await world.store.commit({ cards: [{ expected: null, next: card(request.id, change) }], entries: [] })
    await expect(click(world, request.id, 'U0BOB', { card: 'crd_one' })).rejects.toMatchObject({
      code: 'foreign_payload',
    })
  })

  test('a card whose posting is not on record yet: nothing is decided, refused or recorded until it is', async () => {
    const request = await ask(world, 'db.export')
    const early = card(request.id, { status: 'posting', message: null })
    await world.store.commit({ cards: [{ expected: null, next: early }], entries: [] })
    const pressed = { card: 'crd_one', message: 'ts-1', delivery: 'fast' }
    await expect(click(world, request.id, 'U0BOB', pressed)).rejects.toMatchObject({
      code: 'card_unrecorded',
      kind: 'unavailable',
    })
    expect(await refusalsOf(world.store, request.id)).toEqual([])

    const posted = { ...early, version: 2, status: 'posted' as const, message: 'ts-1' }
    await world.store.commit({ cards: [{ expected: 1, next: posted }], entries: [] })
    await expect(click(world, request.id, 'U0BOB', pressed)).resolves.toMatchObject({ repeated: false })
  })

  test('a click from another message than the card turned out to stand at is refused', async () => {
    const request = await ask(world, 'db.export')
    await world.store.commit({ cards: [{ expected: null, next: card(request.id, {}) }], entries: [] })
    const pressed = { card: 'crd_one', message: 'ts-other' }
    await expect(click(world, request.id, 'U0BOB', pressed)).rejects.toMatchObject({
      code: 'foreign_payload',
    })
  })

  test('control: the card we posted decides', async () => {
    const request = await ask(world, 'db.export')
    await world.store.commit({ cards: [{ expected: null, next: card(request.id, {}) }], entries: [] })
    await expect(click(world, request.id, 'U0BOB', { card: 'crd_one' })).resolves.toMatchObject({
      repeated: false,
    })
  })
})

describe('redelivery', () => {
  test('the same click twice takes effect once and writes one entry', async () => {
    const request = await ask(world, 'db.export')
    const first = await click(world, request.id, 'U0BOB', { delivery: 'same' })
    const second = await click(world, request.id, 'U0BOB', { delivery: 'same' })
    expect([first.repeated, second.repeated]).toEqual([false, true])
    expect(
      (await world.store.entries(request.id)).filter((entry) => entry.type.startsWith('decision.')),
    ).toHaveLength(1)
  })

  test('a refused click delivered twice is recorded once', async () => {
    const request = await ask(world, 'db.export')
    await expect(click(world, request.id, 'U0ALICE', { delivery: 'same' })).rejects.toMatchObject({
      code: 'own_request',
    })
    await expect(click(world, request.id, 'U0ALICE', { delivery: 'same' })).resolves.toMatchObject({
      repeated: true,
    })
    expect(await refusalsOf(world.store, request.id)).toEqual(['own_request'])
  })
})

describe('race', () => {
  test('approve and deny in the same instant: one outcome, the loser hears the real one', async () => {
    const request = await ask(world, 'deploy.start')
    const settled = await Promise.allSettled([
      click(world, request.id, 'U0GRACE'),
      click(world, request.id, 'U0NOOR', { kind: 'deny' }),
    ])
    expect(settled.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(settled.find((one) => one.status === 'rejected')).toMatchObject({
      reason: { code: 'wrong_state' },
    })
    expect(await world.store.request(request.id)).toMatchObject({
      version: 2,
      decisions: [expect.anything()],
    })
  })
})

describe('late-approval', () => {
  test('a click after the deadline expires the request, even before its job ran', async () => {
    const request = await ask(world, 'deploy.start')
    world.clock.advance(3_600)
    await expect(click(world, request.id, 'U0GRACE')).rejects.toMatchObject({ code: 'wrong_state' })
    expect(await world.store.request(request.id)).toMatchObject({ state: 'expired' })
  })

  test('control: a second earlier it counts', async () => {
    const request = await ask(world, 'deploy.start')
    world.clock.advance(3_599)
    expect((await click(world, request.id, 'U0GRACE')).request.state).toBe('approved')
  })
})

test('an unknown request is refused', async () => {
  await expect(click(world, 'req_none', 'U0GRACE')).rejects.toMatchObject({ code: 'unknown_request' })
})

test('a person is one person however often they are seen at once', async () => {
  const account = world.directory.accounts.get('U0BOB')
  if (!account) throw new Error('no Bob')
  const people = await Promise.all(Array.from({ length: 10 }, () => personOf(world.ports, account)))
  expect(new Set(people).size).toBe(1)
})
