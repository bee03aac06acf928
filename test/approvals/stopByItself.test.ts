import { describe, expect, test } from 'vitest'
import { report } from '../../src/approvals/executions/report.ts'
import { stopByItself } from '../../src/approvals/stops/byItself.ts'
import { castOf, granted, redeems } from '../support/grantedRequest.ts'
import { everything, stoppingWorld } from '../support/stoppingWorld.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { ask } from '../support/world.ts'

const policyWith = (on: string) =>
  testBundle({
    ...bundleFiles,
    'bundle.yaml': `${bundleFiles['bundle.yaml']}stop: {who: [group:security], on: [${on}]}\n`,
  })
const spentTwice = { why: 'double_spend', request: 'req_1' } as const

describe('an agent that spent a grant twice', () => {
  test('is stopped by itself where the bundle says so, once, and the entry says why', async () => {
    const { world, ports, store } = await stoppingWorld({ policy: policyWith('double_spend') })
    const { agent } = world.agent

    const [made] = await Promise.all([1, 2].map(() => stopByItself(ports, agent, spentTwice)))

    expect(await store.standingStops()).toMatchObject({
      read: 1,
      stops: [{ scope: { kind: 'agent', agent: agent.id }, by: { kind: 'policy', via: 'double_spend' } }],
    })
    expect(store.ledger.at(-1)).toMatchObject({
      type: 'stop.made',
      actor: { kind: 'policy' },
      data: { cause: 'double_spend', of: 'req_1' },
    })
    await expect(ask(world, 'repo.read')).rejects.toMatchObject({
      code: 'stopped',
      held: { reason: 'It tried to spend a grant twice. (req_1)', by: 'policy' },
    })
    expect(await stopByItself(ports, agent, { ...spentTwice, request: 'req_2' })).toBeNull()
    expect(made === null || made?.scope.kind === 'agent').toBe(true)
  })

  test('control: it goes on where the bundle does not', async () => {
    const { world, ports, store } = await stoppingWorld({ policy: policyWith('deviation') })

    expect(await stopByItself(ports, world.agent.agent, spentTwice)).toBeNull()
    expect((await store.standingStops()).read).toBe(0)
  })

  test('is stopped even while everything is, so that resuming that does not let it go', async () => {
    const { world, ports, store, stop } = await stoppingWorld({ policy: policyWith('double_spend') })
    await stop(everything)

    await stopByItself(ports, world.agent.agent, spentTwice)

    expect((await store.standingStops()).stops).toHaveLength(2)
  })

  test('goes on where no policy is active', async () => {
    const { world, ports } = await stoppingWorld({ policy: null })

    expect(await stopByItself(ports, world.agent.agent, spentTwice)).toBeNull()
  })
})

describe('where it is found, a job of the same commit stops the agent:', () => {
  test('a second attempt to redeem a grant', async () => {
    const { world, store, runDue } = await stoppingWorld({ policy: policyWith('double_spend') })
    const { agent } = await castOf(world)
    const what = await granted(world)
    await redeems(world, what, agent)

    await expect(redeems(world, what, agent, { attempt: 'another' })).rejects.toMatchObject({
      code: 'grant_spent',
    })
    await runDue()

    expect((await store.standingStops()).stops).toMatchObject([
      { scope: { agent: world.agent.agent.id }, reason: expect.stringContaining(what.request.id) },
    ])
    await expect(ask(world, 'repo.read')).rejects.toMatchObject({ code: 'stopped' })
  })

  test('control: the same attempt again, whose answer was lost, stops nobody', async () => {
    const { world, store, runDue } = await stoppingWorld({ policy: policyWith('double_spend') })
    const { agent } = await castOf(world)
    const what = await granted(world)
    for (let nth = 0; nth < 2; nth += 1) await redeems(world, what, agent)

    await runDue()

    expect((await store.standingStops()).read).toBe(0)
  })

  test('a report of something else than was approved', async () => {
    const { world, store, ports, runDue } = await stoppingWorld({ policy: policyWith('deviation') })
    const { agent } = await castOf(world)
    const what = await granted(world)
    await redeems(world, what, agent)

    await report(ports, {
      request: what.request.id,
      by: { kind: 'agent', id: world.agent.agent.id, via: 'api' },
      report: {
        state: 'succeeded',
        action: null,
        digest: `sha256:${'0'.repeat(64)}`,
        result: null,
        links: [],
        note: null,
      },
    })
    await runDue()

    expect((await store.standingStops()).stops).toMatchObject([{ by: { kind: 'policy', via: 'deviation' } }])
  })
})
