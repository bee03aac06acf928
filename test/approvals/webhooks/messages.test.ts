import { describe, expect, test } from 'vitest'
import { jobKey } from '../../../src/approvals/job.ts'
import { deliver } from '../../../src/approvals/webhooks/deliver.ts'
import { replayDelivery } from '../../../src/approvals/webhooks/replay.ts'
import { addWebhook, removeWebhook } from '../../../src/approvals/webhooks/subscriptions.ts'
import { doublePreviewer } from '../../issuers/doublePreviewer.ts'
import { add, deliveries, here, tellingWorld, there, word } from '../../support/tellingWorld.ts'
import { ask, click } from '../../support/world.ts'

describe('a message', () => {
  test('that was sent and not noted is sent again, under the same id', async () => {
    const world = await tellingWorld()
    await add(world)
    await ask(world, 'db.export')
    const job = [...world.store.jobs.values()].find(({ task }) => task === 'deliver')
    if (job?.task !== 'deliver') throw new Error('no job')
    const broken = {
      ...world.ports,
      store: { ...world.store, commit: () => Promise.reject(new Error('killed')) },
    }
    await expect(deliver(broken, job)).rejects.toThrow('killed')

    await world.jobs.runDue()

    const [first, second] = world.outgoing.sent
    expect(second?.id).toBe(first?.id)
    expect(world.outgoing.sent).toHaveLength(2)
    expect(await deliver(world.ports, job), 'a job that comes late finds nothing to do').toBeNull()
  })

  test('says nothing of what people were told that it would touch, and is not sent for it', async () => {
    const world = await tellingWorld({ previewers: [doublePreviewer({ target: 'hunter2' })] })
    await add(world)
    const { id } = await ask(world, 'db.export')
    await world.jobs.runDue()
    await click(world, id, 'U0BOB', { kind: 'deny', reason: 'No.' })
    await world.jobs.runDue()

    expect(await world.store.request(id)).toMatchObject({ preview: { kind: 'made' } })
    expect((await deliveries(world)).map(({ event }) => event).sort()).toEqual([
      'approval.denied',
      'approval.requested',
    ])
    expect(JSON.stringify(world.outgoing.sent)).not.toMatch(/preview|hunter2|public\.users|248/)
  })

  test('waits in the queue of its host, of which there are two', async () => {
    const world = await tellingWorld()
    await add(world, here)
    await add(world, `${here}/2`)
    await add(world, there)
    for (let nth = 0; nth < 20; nth += 1) await ask(world, 'repo.read')
    const queues = new Map<string, Set<string>>()
    const found = await deliveries(world)
    const webhooks = await world.store.webhooks()
    for (const job of world.store.jobs.values()) {
      if (job.task !== 'deliver') continue
      const webhook = found.find(({ id }) => id === job.delivery)?.webhook
      const host = new URL(webhooks.find(({ id }) => id === webhook)?.url ?? '').host
      queues.set(host, (queues.get(host) ?? new Set()).add(job.queue))
      expect(jobKey(job)).toBe(`deliver:${job.delivery}:0`)
    }

    expect([...queues.values()].map(({ size }) => size)).toEqual([2, 2])
    const [one, other] = [...queues.values()].map((names) => [...names])
    expect(one?.filter((name) => other?.includes(name))).toEqual([])
  })

  test('whose webhook was removed is not sent, and cannot be sent again', async () => {
    const world = await tellingWorld()
    const { webhook } = await add(world)
    await ask(world, 'db.export')
    await removeWebhook(world.ports, { ...word, webhook: webhook.id })
    await world.jobs.runDue()

    expect(world.outgoing.sent).toEqual([])
    const [delivery] = await deliveries(world)
    expect(delivery).toMatchObject({ state: 'dead', last: 'its webhook was removed' })
    await expect(
      replayDelivery(world.ports, { ...word, delivery: delivery?.id ?? '' }),
    ).rejects.toMatchObject({
      code: 'not_applicable',
    })
  })

  test('that was delivered can be sent again, one that waits cannot', async () => {
    const world = await tellingWorld()
    await add(world)
    await ask(world, 'db.export')
    const [delivery] = await deliveries(world)
    const replay = () => replayDelivery(world.ports, { ...word, delivery: delivery?.id ?? '' })
    await expect(replay()).rejects.toMatchObject({ code: 'not_applicable' })
    await world.jobs.runDue()

    await replay()
    await world.jobs.runDue()

    expect(world.outgoing.sent.map(({ id }) => id)).toEqual([delivery?.id, delivery?.id])
  })
})

describe('a subscription', () => {
  test('is refused for an address that nothing is sent to, and for events that there are not', async () => {
    const world = await tellingWorld()
    world.outgoing.refused.set(here, 'It is inside.')

    await expect(
      addWebhook(world.ports, { ...word, url: here, events: ['approval.aproved', '__proto__'] }),
    ).rejects.toMatchObject({
      code: 'invalid_request',
      problems: [
        { pointer: '/url', detail: 'It is inside.' },
        { pointer: '/events', detail: expect.stringContaining('approval.approved') },
        { pointer: '/events' },
      ],
    })
    expect(await world.store.webhooks()).toEqual([])
  })
})
