import { beforeEach, describe, expect, test } from 'vitest'
import { cancel } from '../../src/approvals/cancel.ts'
import { type Report, report } from '../../src/approvals/executions/report.ts'
import { expire } from '../../src/approvals/expire.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import { moved } from '../support/executing.ts'
import { alice, lee, type NewsWorld, newsWorld } from '../support/newsWorld.ts'
import { said } from '../support/reportingWorld.ts'
import { done, ends, runs, undoApproved } from '../support/rollbackWorld.ts'
import { keyOf } from '../support/testDirectory.ts'
import { ask, click } from '../support/world.ts'

let { world, store, channel, jobs, news, approved }: NewsWorld = await newsWorld()
beforeEach(async () => {
  ;({ world, store, channel, jobs, news, approved } = await newsWorld())
})

describe('whoever an agent asks for is told directly', () => {
  test.each<readonly [string, string, (id: string) => unknown]>([
    ['approved', 'approved', (id) => click(world, id, 'U0GRACE')],
    ['denied', 'denied', (id) => click(world, id, 'U0GRACE', { kind: 'deny', reason: 'Not on a Friday.' })],
    [
      'cancelled by its agent',
      'cancelled',
      (id) => cancel(world.ports, { request: id, agent: world.agent.agent, via: 'api' }),
    ],
    [
      'expired',
      'expired',
      async (id) => {
        world.clock.advance(3_601)
        await expire(world.ports, id)
      },
    ],
  ])('when it is %s, within seconds and once', async (_, state, settle) => {
    const { id } = await ask(world, 'deploy.start')
    await settle(id)
    expect(news()).toEqual([])

    await jobs.pass(15)

    expect(news()).toEqual([`news ${alice} ${id} ${state}`])
    await jobs.pass(180)
    expect(news()).toHaveLength(1)
  })

  test('and of nothing that policy settles by itself: the agent has the answer in hand', async () => {
    await ask(world, 'repo.read')
    await ask(world, 'audit.delete')

    await jobs.pass(45)

    expect(news().filter((call) => call.includes(alice))).toEqual([])
  })

  test('an agent that works for its owner tells them what needs them, and not each approval', async () => {
    const mine = { initiator: null }
    const { id } = await ask(world, 'deploy.start', mine)
    await click(world, id, 'U0GRACE')
    await jobs.pass(90)
    expect(news()).toEqual([])

    const { id: no } = await ask(world, 'table.drop', mine)
    await click(world, no, 'U0GRACE', { kind: 'deny', reason: 'No.' })
    await jobs.pass(90)

    expect(news()).toEqual([`news ${lee} ${no} denied`])
  })
})

describe('what became of an approval', () => {
  const reports = (
    request: ActionRequest,
    change: Partial<Report> = {},
    state: 'succeeded' | 'failed' = 'succeeded',
  ) =>
    report(world.ports, {
      ...{ request: request.id, report: said(state, change) },
      by: { kind: 'agent', id: world.agent.agent.id, via: 'api' },
    })

  test('approved and done within seconds is one line: how it stands', async () => {
    const running = await moved(store, await approved(), 'redeem')
    await reports(running)

    await jobs.pass(90)

    expect(news()).toEqual([`news ${alice} ${running.id} succeeded`])
  })

  test.each(['succeeded', 'failed'] as const)('%s later is told then', async (state) => {
    const id = await approved()
    await jobs.pass(30)
    await reports(await moved(store, id, 'redeem'), {}, state)
    await jobs.pass(90)
    expect(news()).toEqual([`news ${alice} ${id} approved`, `news ${alice} ${id} ${state}`])
  })

  test('not done as approved: the initiator hears of it, and whoever an alarm tells does not hear it twice', async () => {
    const request = await moved(store, await approved(), 'redeem')
    const own = await ask(world, 'deploy.start', { initiator: { email: 'lee@acme.test' } })
    await click(world, own.id, 'U0GRACE')
    const other = await moved(store, own.id, 'redeem')
    for (const one of [request, other])
      await reports(one, { action: { ...one.action, params: { rows: 99 } } })

    await jobs.pass(300)

    expect(news()).toEqual([`news ${alice} ${request.id} succeeded`])
    expect(channel.said.filter((call) => call === `alarm deviated ${lee}`)).toHaveLength(2)
  })

  test('done without approval, where nobody was asked: told all the same', async () => {
    const request = await ask(world, 'audit.delete')
    await reports(request)
    await jobs.pass(90)
    expect(news().filter((call) => call.includes(alice))).toEqual([`news ${alice} ${request.id} denied`])
  })

  test('rolled back: whoever had asked for it hears that it is undone', async () => {
    const first = await done(world)
    await jobs.pass(180)
    channel.said.length = 0
    const rollback = await undoApproved(world, first, { initiator: { email: 'omar@acme.test' } })
    await runs(world, rollback)
    await ends(world, rollback, 'succeeded')

    await jobs.pass(180)

    expect(news().sort()).toEqual([
      `news ${alice} ${rollback.id} succeeded`,
      `news ${keyOf('U0OMAR')} ${rollback.id} succeeded`,
    ])
  })
})
