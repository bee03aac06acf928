import { beforeEach, describe, expect, test } from 'vitest'
import { cancel } from '../../src/approvals/cancel.ts'
import { expire } from '../../src/approvals/expire.ts'
import { submit } from '../../src/approvals/submit.ts'
import { digestOf } from '../../src/core/digest.ts'
import { chainWorld, throughAgents } from '../support/chainWorld.ts'
import { ask, click, elsewhere, envelope, submission, type World } from '../support/world.ts'

let { world, ports, store, runDue, planner } = await chainWorld()
beforeEach(async () => {
  ;({ world, ports, store, runDue, planner } = await chainWorld())
})

/** As the planner would ask. */
const asPlanner = (): World => ({ ...world, agent: planner })
const askThrough = (action: string, ...names: readonly string[]) =>
  ask(world, action, { run: throughAgents(...names) })

describe('a sub-agent’s ask', () => {
  test('is not lost when what its parent asked is cancelled', async () => {
    const parent = await ask(asPlanner(), 'deploy.start', { run: { session: 'run-1' } })
    const child = await ask(world, 'deploy.start', { run: { session: 'run-1', ...throughAgents('planner') } })

    await cancel(ports, { request: parent.id, agent: planner.agent, via: 'api' })
    await runDue()

    expect(await store.request(parent.id)).toMatchObject({ state: 'cancelled' })
    expect(await store.request(child.id)).toEqual(child)
    await expect(click(world, child.id, 'U0GRACE')).resolves.toMatchObject({ request: { state: 'approved' } })
  })

  test.each<[string, (parent: string) => Promise<unknown>]>([
    ['is denied', (parent) => click(world, parent, 'U0GRACE', { kind: 'deny', reason: 'No.' })],
    ['is approved', (parent) => click(world, parent, 'U0GRACE')],
    ['expires', (parent) => expire(ports, parent)],
  ])('is not lost when what its parent asked %s', async (how, end) => {
    const parent = await ask(asPlanner(), 'deploy.start', { run: { session: 'run-1' } })
    world.clock.advance(1_800)
    const child = await ask(world, 'deploy.start', {
      ...elsewhere('deploy.start'),
      run: { session: 'run-1', ...throughAgents('planner') },
    })
    if (how === 'expires') world.clock.advance(1_800)

    await end(parent.id)
    await runDue()

    expect((await store.request(parent.id))?.state).not.toBe('pending')
    expect(await store.request(child.id)).toEqual(child)
    await expect(click(world, child.id, 'U0GRACE')).resolves.toMatchObject({ request: { state: 'approved' } })
  })

  test('cannot be cancelled by its parent', async () => {
    const child = await askThrough('deploy.start', 'planner')

    const cancelled = cancel(ports, { request: child.id, agent: planner.agent, via: 'api' })

    await expect(cancelled).rejects.toMatchObject({ code: 'unknown_request' })
    expect(await store.request(child.id)).toEqual(child)
  })

  test('under the same idempotency key as its parent’s is a request of its own', async () => {
    const same = { idempotencyKey: 'step-1', bodyDigest: digestOf('countersign/body/v1', { body: 'same' }) }

    const parent = await submit(ports, envelope(asPlanner(), same), submission('deploy.start'))
    const child = await submit(ports, envelope(world, same), submission('deploy.start'))

    expect([parent.created, child.created]).toEqual([true, true])
    expect(child.request.id).not.toBe(parent.request.id)
  })

  test('with the key of its parent is refused where it would stand for what that asked, and overwrites nothing', async () => {
    const first = { idempotencyKey: 'step-1', bodyDigest: digestOf('countersign/body/v1', { body: 1 }) }
    const { request } = await submit(ports, envelope(world, first), submission('deploy.start'))

    const second = submit(
      ports,
      envelope(world, { ...first, bodyDigest: digestOf('countersign/body/v1', { body: 2 }) }),
      submission('deploy.start', { run: throughAgents('billing-agent', 'researcher') }),
    )

    await expect(second).rejects.toMatchObject({ code: 'idempotency_mismatch' })
    expect(await store.request(request.id)).toEqual(request)
  })
})
