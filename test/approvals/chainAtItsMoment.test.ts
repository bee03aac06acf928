import { beforeEach, describe, expect, test } from 'vitest'
import { breakGlass } from '../../src/approvals/breakGlass.ts'
import type { Change } from '../../src/approvals/change.ts'
import { introspect } from '../../src/approvals/grants/introspect.ts'
import { mint } from '../../src/approvals/grants/mint.ts'
import { revokeAgent } from '../../src/approvals/people/agents.ts'
import type { Ports } from '../../src/approvals/ports.ts'
import { heldOf } from '../../src/approvals/stops/held.ts'
import { hold } from '../../src/approvals/stops/hold.ts'
import { rememberStops } from '../../src/approvals/stops/remember.ts'
import { anotherAgent, chainWorld, throughAgents } from '../support/chainWorld.ts'
import { castOf, grantOf, redeems } from '../support/grantedRequest.ts'
import { agesOf } from '../support/testClock.ts'
import { ask, attemptBy, click, type World } from '../support/world.ts'

let { world, ports, store, clock, stop, runDue } = await chainWorld()
beforeEach(async () => {
  ;({ world, ports, store, clock, stop, runDue } = await chainWorld())
})

const stopped = { code: 'stopped' }
const stopPlanner = () => stop({ kind: 'agent', agent: 'planner' })
const revokePlanner = () =>
  revokeAgent(ports, { name: 'planner', by: { email: 'bob@acme.test' }, via: 'cli' })
/** The planner is somebody else's, from now on. */
async function ownedBy(user: string): Promise<void> {
  const [agent, account] = [await store.agent('planner'), await store.account(`slack:T0ACME:${user}`)]
  if (!agent || !account) throw new Error('nobody has it')
  const next = { ...agent, version: agent.version + 1, owner: account.person }
  await store.commit({ agents: [{ expected: agent.version, next }], entries: [] })
}
const run = throughAgents('planner', 'billing-agent')
const approved = async () => {
  const { id } = await ask(world, 'deploy.start', { run })
  return (await click(world, id, 'U0GRACE')).request
}
const minted = ({ ports: its, agent }: World, request: string) =>
  mint(its, { request, caller: agent, via: 'api', audience: null, proof: null })
const granted = async () => grantOf(world, await approved())

/** Another replica, which never hears that anything was stopped. */
function deafReplica(change: (change: Change) => Change = (one) => one): World {
  const there = { ...store, watch: () => () => {}, commit: (one: Change) => store.commit(change(one)) }
  const replica: Ports = { ...ports, store: there, stops: rememberStops(there, agesOf(clock)) }
  return { ...world, ports: replica }
}

describe('asked-through: a stop of an agent of the chain', () => {
  test.each(['repo.read', 'deploy.start'])('refuses %s, and says whom it holds', async (action) => {
    const { id } = await stopPlanner()

    await expect(ask(world, action, { run })).rejects.toMatchObject({
      ...stopped,
      held: { stop: id },
      problems: [
        { detail: expect.stringContaining('holds the agent planner, which this was asked through,') },
      ],
    })
    expect(await store.requests({ limit: 10 })).toEqual([])
  })

  test('control: what is not asked through it goes on', async () => {
    await anotherAgent(world, 'second', 'omar')
    await stopPlanner()

    await expect(ask(world, 'repo.read')).resolves.toMatchObject({ state: 'approved' })
    await expect(ask(world, 'repo.read', { run: throughAgents('second') })).resolves.toMatchObject({
      state: 'approved',
    })
  })

  test('holds what waits: its card and its agent hear, nobody approves it, and it can be denied', async () => {
    const request = await ask(world, 'deploy.start', { run })
    const { id } = await stopPlanner()

    await ports.stops.renew()
    expect(await heldOf(ports, request)).toMatchObject({ stop: id })
    expect([...store.jobs.values()]).toContainEqual(
      expect.objectContaining({ task: 'hold', part: 'pending' }),
    )
    await expect(click(world, request.id, 'U0GRACE')).rejects.toMatchObject(stopped)
    const denied = await click(world, request.id, 'U0GRACE', { kind: 'deny' })
    expect(denied.request.state).toBe('denied')
  })

  test('refreshes the card of what others asked through it, and of nothing else', async () => {
    const [through, own] = [await ask(world, 'deploy.start', { run }), await ask(world, 'deploy.start')]
    await runDue()
    const { id } = await stopPlanner()

    await hold(ports, { stop: id, part: 'pending' })

    expect(store.jobs.has(`refresh:${through.id}:anew`)).toBe(true)
    expect(store.jobs.has(`refresh:${own.id}:anew`)).toBe(false)
  })

  test('lets nobody break its glass', async () => {
    await anotherAgent(world, 'second', 'alice')
    const { id } = await ask(world, 'host.reboot', { run: throughAgents('second') })
    await stop({ kind: 'agent', agent: 'second' })

    const broken = breakGlass(ports, {
      ...attemptBy(id, 'U0OMAR'),
      reason: 'INC-42 the host is gone',
      seen: 'facts',
    })

    await expect(broken).rejects.toMatchObject(stopped)
  })

  test('revokes what was approved and not used, and names it', async () => {
    const { id } = await approved()
    const { id: own } = await ask(world, 'deploy.start')
    await click(world, own, 'U0GRACE')
    await stopPlanner()

    await runDue()

    expect(await store.request(id)).toMatchObject({
      ...{ state: 'revoked', revokedBy: 'stop', outcome: 'Revoked, because the agent planner was stopped.' },
    })
    expect(await store.request(own)).toMatchObject({ state: 'approved' })
  })

  test('gives no grant', async () => {
    const request = await approved()
    await stopPlanner()

    const asked = minted(world, request.id)

    await expect(asked).rejects.toMatchObject(stopped)
  })

  test('lets no grant be redeemed, nor be believed', async () => {
    const what = await granted()
    const { agent, resource } = await castOf(world)
    await stopPlanner()

    await expect(redeems(world, what, agent)).rejects.toMatchObject(stopped)
    for (const by of [agent, resource]) expect(await introspect(ports, { token: what.token, by })).toBeNull()
  })
})

describe('stale-replica: a stop of an agent of the chain that another replica hears late', () => {
  type Act = readonly [string, () => Promise<(replica: World) => Promise<unknown>>]
  test.each<Act>([
    ['asked', async () => (replica) => ask(replica, 'repo.read', { run })],
    [
      'released',
      async () => {
        const { id } = await ask(world, 'deploy.start', { run })
        return (replica) => click(replica, id, 'U0GRACE')
      },
    ],
    [
      'granted',
      async () => {
        const { id } = await approved()
        return (replica) => minted(replica, id)
      },
    ],
    [
      'redeemed',
      async () => {
        const what = await granted()
        const { agent } = await castOf(world)
        return (replica) => redeems(replica, what, agent)
      },
    ],
  ])('is found by the commit of what is %s', async (_, prepared) => {
    const act = await prepared()
    const [replica, trusting] = [deafReplica(), deafReplica(({ stopsRead: _, ...change }) => change)]
    for (const { ports } of [replica, trusting]) await ports.stops.standing()
    await stopPlanner()

    expect((await replica.ports.stops.standing()).stops).toEqual([])
    await expect(act(replica)).rejects.toMatchObject(stopped)
    // Control: a commit that does not name the stops lets it through.
    await expect(act(trusting)).resolves.toBeDefined()
  })
})

describe('asked-through: an agent of the chain that was revoked since the approval', () => {
  const revoked = {
    ...{ state: 'revoked', revokedBy: 'chain' },
    outcome: 'The agent planner, which it was asked through, was revoked.',
  }

  test('gives no grant: what was approved is revoked', async () => {
    const request = await approved()
    await revokePlanner()

    const asked = minted(world, request.id)

    await expect(asked).rejects.toMatchObject({ code: 'grant_revoked' })
    expect(await store.request(request.id)).toMatchObject(revoked)
  })

  test('lets no grant be redeemed, nor be believed; control: before, it is', async () => {
    const [what, other] = [await granted(), await granted()]
    const { agent, resource } = await castOf(world)
    expect(await introspect(ports, { token: what.token, by: resource })).not.toBeNull()
    await redeems(world, other, agent)
    await revokePlanner()

    expect(await introspect(ports, { token: what.token, by: resource })).toBeNull()
    await expect(redeems(world, what, agent)).rejects.toMatchObject({ code: 'invalid_grant' })
    expect(await store.request(what.request.id)).toMatchObject(revoked)
  })

  test.each([
    ['revoked', revokePlanner, 'wrong_state', 'cancelled'],
    ['handed over to whoever approves', () => ownedBy('U0GRACE'), 'own_request', 'pending'],
  ] as const)('%s in the moment of an approval: that is judged again', async (_, meanwhile, code, state) => {
    const { id } = await ask(world, 'deploy.start', { run })
    let done = false
    const there = {
      ...ports.store,
      commit: async (change: Change) => {
        if (change.request && !done) {
          done = true
          await meanwhile()
        }
        return ports.store.commit(change)
      },
    }

    const clicked = click({ ...world, ports: { ...ports, store: there } }, id, 'U0GRACE')

    await expect(clicked).rejects.toMatchObject({ code })
    expect(await store.request(id)).toMatchObject({ state })
  })

  test('in the moment of the redemption, it is judged again', async () => {
    const what = await granted()
    const { agent } = await castOf(world)
    let done = false
    const there = {
      ...store,
      commit: async (change: Change) => {
        if (change.request && !done) {
          done = true
          await revokePlanner()
        }
        return store.commit(change)
      },
    }

    const redeemed = redeems({ ports: { ...ports, store: there } }, what, agent)

    await expect(redeemed).rejects.toMatchObject({ code: 'invalid_grant' })
    expect(await store.request(what.request.id)).toMatchObject(revoked)
  })
})
