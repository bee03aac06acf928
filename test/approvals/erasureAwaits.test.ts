import { describe, expect, test } from 'vitest'
import { Undelivered } from '../../src/approvals/cards/everywhere.ts'
import { tryAgain } from '../../src/approvals/cards/tryAgain.ts'
import { eraseApproved } from '../../src/approvals/erasure/eraseApproved.ts'
import type { Erasable } from '../../src/approvals/erasure/records.ts'
import { report } from '../../src/approvals/executions/report.ts'
import { digestAction } from '../../src/core/action.ts'
import { refused } from '../support/channel.ts'
import { askToErase, erasingPolicy } from '../support/erasingWorld.ts'
import { memoryStore } from '../support/memoryStore.ts'
import { said } from '../support/reportingWorld.ts'
import { done } from '../support/rollbackWorld.ts'
import { ask, click, testWorld } from '../support/world.ts'

const day = 86_400
const request = (id: string): Erasable => ({ what: 'request', id })

async function opened() {
  const store = memoryStore()
  const world = await testWorld({ store, policy: erasingPolicy() })
  const agent = { kind: 'agent', id: world.agent.agent.id, via: 'api' } as const
  /** Asked for, agreed to by Priya, and done. */
  const erase = async (id: string) => {
    const asked = await askToErase(world, request(id))
    await click(world, asked.id, 'U0PRIYA')
    await eraseApproved(world.ports, asked.id)
    return asked.id
  }
  return { store, world, agent, erase }
}

describe('what was let through stays whole for as long as a late report is compared with it', () => {
  test('a day after its last report, and not before', async () => {
    const { store, world, agent, erase } = await opened()
    const { id } = await done(world)
    world.clock.advance(day - 60)
    await report(world.ports, { request: id, by: agent, report: said('failed') })

    world.clock.advance(day - 1)
    await expect(askToErase(world, request(id))).rejects.toMatchObject({
      code: 'not_applicable',
      problems: [{ detail: expect.stringMatching(/compared with it until \d{4}-.*Z\. Ask again then\./) }],
    })

    world.clock.advance(1)
    await erase(id)
    expect(await store.request(id)).toMatchObject({ state: 'succeeded', action: { params: {} } })
  })

  test('also what policy allowed and nobody asked a grant for', async () => {
    const { world } = await opened()
    const { id } = await ask(world, 'repo.read')

    world.clock.advance(day)
    await expect(askToErase(world, request(id))).rejects.toMatchObject({ code: 'not_applicable' })

    world.clock.advance(15 * 60)
    await expect(askToErase(world, request(id))).resolves.toBeDefined()
  })

  test('what was never let through goes at once, unless somebody says that it was done', async () => {
    const { world, agent } = await opened()
    const { id } = await ask(world, 'iam.change')
    await click(world, id, 'U0GRACE', { kind: 'deny', reason: 'no' })
    await expect(askToErase(world, request(id))).resolves.toBeDefined()

    await report(world.ports, { request: id, by: agent, report: said('succeeded') })

    await expect(askToErase(world, request(id))).rejects.toMatchObject({ code: 'not_applicable' })
  })

  test('approved while nothing was awaited, and reported on before it was done: it is not erased, and that is recorded', async () => {
    const { store, world, agent } = await opened()
    const { id } = await ask(world, 'iam.change')
    await click(world, id, 'U0GRACE', { kind: 'deny', reason: 'no' })
    const asked = await askToErase(world, request(id))
    await click(world, asked.id, 'U0PRIYA')
    await report(world.ports, { request: id, by: agent, report: said('succeeded') })

    await eraseApproved(world.ports, asked.id)

    expect((await store.request(id))?.erased).toBeUndefined()
    expect((await store.entries(asked.id)).at(-1)).toMatchObject({
      type: 'erasure.refused',
      data: { why: 'not_applicable' },
    })
  })

  test('a report after that is recorded without comparing it, and says so', async () => {
    const { store, world, agent, erase } = await opened()
    const { id, action } = await done(world)
    world.clock.advance(day + 120)
    await erase(id)
    const other = { ...action, params: { of: 'something else' } }

    const late = report(world.ports, {
      request: id,
      by: agent,
      report: { ...said('failed'), action: other, digest: digestAction(other) },
    })

    await expect(late).rejects.toMatchObject({ code: 'erased' })
    expect((await store.entries(id)).at(-1)).toMatchObject({
      type: 'execution.reported',
      data: { state: 'failed', late: true, of_erased: true, compared: false, deviations: 0 },
      // Nor anything of what it says: by its digest what is gone could be guessed.
      blobs: [],
    })
  })
})

describe('an erasure of what is gone', () => {
  test('two that were asked for and approved at once: one erases, the other says that nothing was left', async () => {
    const { store, world } = await opened()
    const { id } = await ask(world, 'iam.change')
    await click(world, id, 'U0GRACE', { kind: 'deny', reason: 'no' })
    const both = [await askToErase(world, request(id)), await askToErase(world, request(id))]
    for (const asked of both) await click(world, asked.id, 'U0PRIYA')

    await Promise.all(both.map((asked) => eraseApproved(world.ports, asked.id)))
    // A job that was killed comes again.
    for (const asked of both) await eraseApproved(world.ports, asked.id)

    const said = store.ledger.filter(({ type }) => type === 'record.erased' || type === 'erasure.refused')
    expect(said.map(({ type, data }) => [type, data.why])).toEqual([
      ['record.erased', undefined],
      ['erasure.refused', 'nothing_left'],
    ])
  })
})

test('erasure: what ended long ago is taken from its cards, although a conversation refuses at first', async () => {
  const { world, erase } = await opened()
  const { id } = await ask(world, 'iam.change')
  await click(world, id, 'U0GRACE', { kind: 'deny', reason: 'no' })
  const again = () =>
    tryAgain(
      world.ports,
      { task: 'refresh', request: id },
      new Undelivered(new Map([['slack:C0DATA', { fault: refused }]]), refused),
    )
  world.clock.advance(30 * day)
  expect(await again()).toBeNull() // the control: nobody waits for what settled long ago

  await erase(id)

  expect(await again()).not.toBeNull()
  world.clock.advance(8 * day)
  expect(await again()).toBeNull()
})
