import { describe, expect, test } from 'vitest'
import { report } from '../../src/approvals/executions/report.ts'
import { castOf, granted, redeems } from '../support/grantedRequest.ts'
import { everything, stoppingWorld } from '../support/stoppingWorld.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { ask } from '../support/world.ts'

const policyWith = (on: string) =>
  testBundle({
    ...bundleFiles,
    'bundle.yaml': `${bundleFiles['bundle.yaml']}stop: {who: [group:security], on: [${on}]}\n`,
  })

/** A world in which the agent has redeemed a grant, and what it can do wrong with it. */
async function worldWith(on: string) {
  const stopping = await stoppingWorld({ policy: policyWith(on) })
  const { world, ports, store } = stopping
  const { agent } = await castOf(world)
  const redeemed = async () => {
    const what = await granted(world)
    await redeems(world, what, agent)
    return what
  }
  const spendsAgain = (what: Awaited<ReturnType<typeof redeemed>>, attempt = 'attempt-2') =>
    redeems(world, what, agent, { attempt }).catch((refusal: { readonly code: string }) => refusal.code)
  const deviates = ({ request }: Awaited<ReturnType<typeof redeemed>>, digit = '0') =>
    report(ports, {
      request: request.id,
      by: { kind: 'agent', id: world.agent.agent.id, via: 'api' },
      report: {
        state: 'started',
        action: null,
        digest: `sha256:${digit.repeat(64)}`,
        result: null,
        links: [],
        note: null,
      },
    })
  const resumed = async () => {
    const [stop] = (await store.standingStops()).stops
    if (!stop) throw new Error('nothing is stopped')
    const next = {
      ...stop,
      version: stop.version + 1,
      resumed: { by: stop.by, at: stop.at, reason: 'Seen.' },
    }
    await store.commit({ stops: [{ expected: stop.version, next }], entries: [] })
    ports.stops.forget()
  }
  return { ...stopping, redeemed, spendsAgain, deviates, resumed }
}

describe('an agent that spends a grant twice', () => {
  test('is stopped by itself where the bundle says so, in the commit that records it', async () => {
    const { world, store, redeemed, spendsAgain } = await worldWith('double_spend')
    const { agent } = world.agent
    const what = await redeemed()

    expect(await spendsAgain(what)).toBe('grant_spent')

    expect(await store.standingStops()).toMatchObject({
      read: 1,
      stops: [{ scope: { kind: 'agent', agent: agent.id }, by: { kind: 'policy', via: 'double_spend' } }],
    })
    expect(store.ledger.slice(-2)).toMatchObject([
      { type: 'grant.replayed', data: { told: true } },
      {
        type: 'stop.made',
        actor: { kind: 'policy' },
        data: { cause: 'double_spend', of: what.request.id },
      },
    ])
    expect([...store.jobs.values()].map(({ task }) => task)).toEqual(
      expect.arrayContaining(['hold', 'endLeases', 'refresh']),
    )
    await expect(ask(world, 'repo.read')).rejects.toMatchObject({
      code: 'stopped',
      held: { reason: `It tried to spend a grant twice. (${what.request.id})`, by: 'policy' },
    })
  })

  test('at once, many times: one stop, and each attempt is on record', async () => {
    const { store, redeemed, spendsAgain } = await worldWith('double_spend')
    const whats = [await redeemed(), await redeemed()]

    await Promise.all(
      [1, 2, 3, 4].flatMap((nth) => whats.map((what) => spendsAgain(what, `attempt-${nth + 1}`))),
    )

    expect((await store.standingStops()).read).toBe(1)
    expect(store.ledger.filter(({ type }) => type === 'grant.replayed')).toHaveLength(8)
  })

  test('and again what people have resumed it for, is not stopped for that once more; for another it is', async () => {
    const { store, redeemed, spendsAgain, resumed } = await worldWith('double_spend')
    const [first, second] = [await redeemed(), await redeemed()]
    await spendsAgain(first)
    await resumed()

    expect(await spendsAgain(first, 'attempt-3')).toBe('grant_spent')
    expect((await store.standingStops()).stops).toEqual([])

    await spendsAgain(second)
    expect((await store.standingStops()).stops).toHaveLength(1)
  })

  test('control: it goes on where the bundle does not say so', async () => {
    const { store, redeemed, spendsAgain } = await worldWith('deviation')

    expect(await spendsAgain(await redeemed())).toBe('grant_spent')

    expect((await store.standingStops()).read).toBe(0)
  })

  test('is stopped even while everything is, so that resuming that does not let it go', async () => {
    const { store, stop, redeemed, spendsAgain } = await worldWith('double_spend')
    const what = await redeemed()
    await stop(everything)

    await spendsAgain(what)

    expect((await store.standingStops()).stops).toHaveLength(2)
  })
})

describe('an agent that does something else than was approved', () => {
  test('is stopped in the commit of the report, once for each request', async () => {
    const { store, redeemed, deviates, resumed } = await worldWith('deviation')
    const what = await redeemed()

    const { request } = await deviates(what)

    expect(request.executions).toHaveLength(1)
    expect(store.ledger.slice(-2).map(({ type }) => type)).toEqual(['execution.deviated', 'stop.made'])
    await resumed()
    expect((await deviates(what, '1')).request.executions).toHaveLength(2)
    expect((await store.standingStops()).stops).toEqual([])
  })

  test('control: it goes on where the bundle does not say so', async () => {
    const { store, redeemed, deviates } = await worldWith('double_spend')

    await deviates(await redeemed())

    expect((await store.standingStops()).read).toBe(0)
  })
})
