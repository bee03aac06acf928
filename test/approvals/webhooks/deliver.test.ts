import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { rotateKey } from '../../../src/approvals/people/agents.ts'
import { replayDead } from '../../../src/approvals/webhooks/replay.ts'
import { mostAttempts } from '../../../src/approvals/webhooks/schedule.ts'
import { removeWebhook, rotateWebhook } from '../../../src/approvals/webhooks/subscriptions.ts'
import {
  add,
  day,
  deliveries,
  entryTypes,
  here,
  type Telling,
  tellingWorld,
  there,
  typesTo,
  untilQuiet,
  word,
} from '../../support/tellingWorld.ts'
import { ask, click } from '../../support/world.ts'

describe('what happens is told', () => {
  test('to whoever subscribed, in thin messages that say where to look', async () => {
    const world = await tellingWorld()
    await add(world)
    const { id } = await ask(world, 'db.export')
    await click(world, id, 'U0BOB', { kind: 'deny', reason: 'hunter2 is in here.' }).catch(() => undefined)
    await world.jobs.runDue()

    const [first] = world.outgoing.sent
    expect(JSON.parse(first?.body ?? '')).toEqual({
      type: 'approval.requested',
      timestamp: world.clock().toISOString(),
      data: {
        id,
        state: 'pending',
        action: 'db.export',
        links: { self: `https://countersign.test/v1/requests/${id}` },
      },
    })
    const bodies = world.outgoing.sent.map(({ body }) => body).join()
    expect(bodies).not.toMatch(/rows|churn|warehouse|hunter2/)
    expect((await deliveries(world)).map(({ state }) => state)).toEqual(
      world.outgoing.sent.map(() => 'delivered'),
    )
  })

  test('by the same commit, and where nobody wants to hear, that commit is as it came', async () => {
    const world = await tellingWorld()
    const other = await add(world, here, ['glass.broken'])
    const asking = async () => {
      world.changes.length = 0
      await ask(world, 'db.export')
      const [change, ...more] = world.changes.filter(({ request }) => request)
      expect(more).toEqual([])
      return change
    }
    expect(await asking()).not.toHaveProperty('webhookDeliveries')
    await removeWebhook(world.ports, { ...word, webhook: other.webhook.id })

    await add(world)
    const change = await asking()

    expect(change?.webhookDeliveries).toHaveLength(1)
    expect(change?.jobs?.map(({ task }) => task)).toContain('deliver')
  })

  test('only of the types that a subscription names; what policy allows was asked of nobody', async () => {
    const world = await tellingWorld()
    await add(world, here)
    await add(world, there, ['approval.denied', 'approval.approved'])
    const { id } = await ask(world, 'db.export')
    await ask(world, 'repo.read')
    await click(world, id, 'U0BOB', { kind: 'deny', reason: 'No.' })
    await world.jobs.runDue()

    expect(typesTo(world, here)).toEqual(['approval.requested', 'approval.approved', 'approval.denied'])
    expect(typesTo(world, there)).toEqual(['approval.approved', 'approval.denied'])
  })

  test('to the callback of a request, and of no other', async () => {
    const world = await tellingWorld()
    const { id } = await ask(world, 'db.export', { callbackUrl: here })
    await ask(world, 'db.export')
    await click(world, id, 'U0BOB', { kind: 'deny', reason: 'No.' })
    await world.jobs.runDue()

    expect(typesTo(world, here)).toEqual(['approval.requested', 'approval.denied'])
    expect(new Set(world.outgoing.sent.map(({ body }) => JSON.parse(body).data.id))).toEqual(new Set([id]))
  })
})

describe('a message is signed', () => {
  const verifies = (world: Telling, nth: number, secret: string) => {
    const { id, at, body, secrets } = world.outgoing.sent[nth] ?? world.outgoing.sent[0] ?? ({} as never)
    const signature = secrets.map((one: string) => new Webhook(one).sign(id, at, body)).join(' ')
    const [version, its] = new Webhook(secret).sign(id, at, body).split(',')
    return signature.includes(`${version},${its}`)
  }

  test('by the secret of its subscription; after a rotation by both for a day, then by the new one', async () => {
    const world = await tellingWorld()
    const { webhook, secret } = await add(world)
    const other = await add(world, there)
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    await ask(world, 'db.export')
    await world.jobs.runDue()
    const to = (url: string) => world.outgoing.sent.findIndex((one) => one.url === url)
    expect(verifies(world, to(here), secret)).toBe(true)
    expect(verifies(world, to(there), other.secret)).toBe(true)
    expect(verifies(world, to(there), secret), 'control: of the other').toBe(false)

    const rotated = await rotateWebhook(world.ports, { ...word, webhook: webhook.id })
    const sentNow = async () => {
      world.outgoing.sent.length = 0
      await ask(world, 'db.export')
      await world.jobs.runDue()
      return [secret, rotated.secret].map((one) => verifies(world, to(here), one))
    }
    expect(await sentNow()).toEqual([true, true])
    world.clock.advance(day + 1)
    expect(await sentNow()).toEqual([false, true])
  })

  test('to a callback, by the key that asked and by those that the agent has now', async () => {
    const world = await tellingWorld()
    const lee = { email: 'lee@acme.test' }
    const { id } = await ask(world, 'db.export', { callbackUrl: here })
    const rotated = await rotateKey(world.ports, { ...word, name: 'billing-agent', by: lee })
    await click(world, id, 'U0BOB', { kind: 'deny', reason: 'No.' })
    await world.jobs.runDue()

    const { callbackSecret } = world.outgoing
    expect(world.outgoing.sent.at(-1)?.secrets).toEqual([
      callbackSecret(world.agent.key.id),
      callbackSecret(rotated.key.id),
    ])
  })

  test('and no secret is anywhere but sealed', async () => {
    const world = await tellingWorld()
    const made = await add(world)
    const rotated = await rotateWebhook(world.ports, { ...word, webhook: made.webhook.id })
    const known = JSON.stringify([
      world.changes,
      world.store.ledger,
      world.store.blobs,
      await world.store.webhooks(),
    ])

    for (const { secret } of [made, rotated]) expect(known).not.toContain(secret.slice('whsec_'.length))
    expect(JSON.stringify(world.store.ledger), 'nor the address, which may hold one').not.toContain('/in')
  })
})

describe('an address that refuses', () => {
  test('delays nobody; it is asked again for a day, then given up visibly, and can be sent again', async () => {
    const world = await tellingWorld()
    await add(world, here)
    const { webhook } = await add(world, there)
    world.outgoing.answer = ({ url }) => (url === there ? 503 : 204)
    const began = world.clock().getTime()
    const { id } = await ask(world, 'db.export', { expiresInSeconds: 60 })
    await world.jobs.runDue()
    expect(typesTo(world, here)).toEqual(['approval.requested'])
    const requested = (await deliveries(world)).find((one) => one.webhook === webhook.id)

    await untilQuiet(world)

    const attempts = world.outgoing.sent.filter((one) => one.id === requested?.id)
    expect(attempts).toHaveLength(mostAttempts)
    expect(new Set(attempts.map(({ body }) => body)).size, 'the same each time').toBe(1)
    const times = attempts.map(({ at }) => at.getTime())
    expect(times, 'signed anew each time').toEqual([...new Set(times)].sort((a, b) => a - b))
    const hours = ((times.at(-1) ?? 0) - began) / 3_600_000
    expect(hours).toBeGreaterThan(18)
    expect(hours).toBeLessThan(29)
    expect(await world.store.webhookDelivery(requested?.id ?? '')).toMatchObject({
      state: 'dead',
      attempts: mostAttempts,
      last: 'it answered 503',
    })
    const dead = (await world.store.entries(id)).find(
      ({ type, data }) => type === 'webhook.dead' && data.delivery === requested?.id,
    )
    expect(dead?.data).toMatchObject({
      delivery: requested?.id,
      webhook: webhook.id,
      last: 'it answered 503',
    })

    world.outgoing.answer = () => 200
    world.outgoing.sent.length = 0
    const count = await replayDead(world.ports, word)
    await world.jobs.runDue()
    expect(count).toBeGreaterThanOrEqual(1)
    expect(world.outgoing.sent.map((one) => one.id)).toContain(requested?.id)
    expect(await world.store.webhookDelivery(requested?.id ?? '')).toMatchObject({
      state: 'delivered',
      attempts: 1,
    })
    expect(entryTypes(world)).toContain('webhook.replayed')
    expect(await replayDead(world.ports, word), 'control: nothing is dead any more').toBe(0)
  })

  test.each([
    ['301, which is not followed', 301, 'it answered 301: redirects are not followed'],
    ['404', 404, 'it answered 404'],
    ['nothing', 'it did not answer in time', 'it did not answer in time'],
  ])('with %s is asked again', async (_, answer, last) => {
    const world = await tellingWorld()
    await add(world)
    world.outgoing.answer = () => answer
    await ask(world, 'db.export')
    await world.jobs.runDue()

    const [delivery] = await deliveries(world)
    expect(delivery).toMatchObject({ state: 'waiting', attempts: 1, last })
    const seconds = world.jobs.next('deliver:') ?? 0
    expect(seconds).toBeGreaterThanOrEqual(4)
    expect(seconds).toBeLessThanOrEqual(6)
  })

  test('and says when to come again is not asked earlier', async () => {
    const world = await tellingWorld()
    await add(world)
    world.outgoing.answer = () => ({ status: 429, retryAfterSeconds: 600 })
    await ask(world, 'db.export')
    await world.jobs.runDue()

    expect(world.jobs.next('deliver:')).toBe(600)
  })

  test('for good, with 410, hears nothing more', async () => {
    const world = await tellingWorld()
    const { webhook } = await add(world)
    world.outgoing.answer = () => 410
    await ask(world, 'db.export')
    await world.jobs.runDue()
    await ask(world, 'db.export')
    await untilQuiet(world)

    expect(await world.store.webhook(webhook.id)).toMatchObject({ status: 'removed' })
    expect(entryTypes(world).filter((type) => type.startsWith('webhook.'))).toEqual([
      'webhook.added',
      'webhook.dead',
      'webhook.removed',
    ])
    expect(world.outgoing.sent).toHaveLength(1)
  })
})
