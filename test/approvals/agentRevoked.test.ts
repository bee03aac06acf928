import { beforeEach, describe, expect, test } from 'vitest'
import { breakGlass } from '../../src/approvals/breakGlass.ts'
import { cancelRevoked } from '../../src/approvals/cancelOfRevoked.ts'
import type { Change } from '../../src/approvals/change.ts'
import { addAgent, revokeAgent } from '../../src/approvals/people/agents.ts'
import type { Ports } from '../../src/approvals/ports.ts'
import { submit } from '../../src/approvals/submit.ts'
import { outcomeOf } from '../../src/core/outcome.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { entriesOf, refusalsOf, typesOf } from '../support/recorded.ts'
import { ask, attemptBy, click, envelope, submission, testWorld, type World } from '../support/world.ts'

let world: World
let store: MemoryStore
beforeEach(async () => {
  store = memoryStore()
  world = await testWorld({ store })
})

const by = { email: 'lee@acme.test' }
const revoke = (ports: Ports = world.ports) => revokeAgent(ports, { name: 'billing-agent', by, via: 'cli' })

/** The jobs that the revocation left. */
async function runJobs(): Promise<void> {
  for (const job of [...store.jobs.values()])
    if (job.task === 'cancel') await cancelRevoked(world.ports, job.request)
}

describe('agent-revoked: what a revoked agent asked for', () => {
  test('and waits is cancelled, with its entry, its jobs and its card', async () => {
    const { id } = await ask(world, 'deploy.start')
    await revoke()

    await runJobs()

    const request = await store.request(id)
    expect(request).toMatchObject({
      state: 'cancelled',
      outcome: 'Cancelled, because the agent was revoked.',
    })
    expect(request && outcomeOf(request)).toBe('agent_revoked')
    expect(await typesOf(store, id)).toEqual(['request.submitted', 'request.cancelled'])
    const [entry] = await entriesOf(store, id, 'request.cancelled')
    expect(entry).toMatchObject({
      actor: { kind: 'system', id: 'revocation' },
      data: { outcome: 'agent_revoked' },
    })
    const waiting = [...store.jobs.keys()]
    expect(waiting).toContain(`refresh:${id}`)
    expect(waiting.filter((key) => /^(expire|remind|escalate):/.test(key))).toEqual([])
  })

  test.each<[string, (id: string) => Promise<unknown>]>([
    ['approved', (id) => click(world, id, 'U0GRACE')],
    ['denied', (id) => click(world, id, 'U0GRACE', { kind: 'deny' })],
    [
      'let through in an emergency',
      (id) =>
        breakGlass(world.ports, {
          ...attemptBy(id, 'U0GRACE'),
          reason: 'INC-42 The payment database is down.',
          seen: 'facts',
        }),
    ],
  ])('is not %s before its job ran either: the click finds it', async (_, act) => {
    const { id } = await ask(world, 'host.reboot')
    await revoke()

    await expect(act(id)).rejects.toMatchObject({ code: expect.stringMatching(/^wrong_state$/) })

    expect(await store.request(id)).toMatchObject({ state: 'cancelled', agentRevoked: true, decisions: [] })
    expect(await refusalsOf(store, id)).toEqual(['wrong_state'])
  })

  test('and was settled before stays as it is', async () => {
    const { id } = await ask(world, 'deploy.start')
    const { request } = await click(world, id, 'U0GRACE')
    await revoke()
    await runJobs()

    expect(await store.request(id)).toEqual(request)
  })

  test('control: what another agent asked for stays, and is approved', async () => {
    const other = await addAgent(world.ports, { name: 'other-agent', owner: by, by, via: 'test' })
    const asked = await submit(
      world.ports,
      envelope(world, { agent: other.agent, key: other.key }),
      submission('deploy.start'),
    )
    await revoke()
    await runJobs()

    expect((await click(world, asked.request.id, 'U0GRACE')).request.state).toBe('approved')
  })

  test('a job that runs for an agent that is there changes nothing', async () => {
    const { id, version } = await ask(world, 'deploy.start')

    await cancelRevoked(world.ports, id)

    expect(await store.request(id)).toMatchObject({ state: 'pending', version })
  })
})

/** The ports with something done before each commit of a kind. */
const before = (isMeant: (change: Change) => boolean, work: () => Promise<unknown>): Ports => ({
  ...world.ports,
  store: {
    ...store,
    commit: async (change) => {
      if (isMeant(change)) await work()
      return store.commit(change)
    },
  },
})

test('two-replicas: what is asked at another just before the agent is revoked, and was not there to be cancelled, is cancelled at the click', async () => {
  await revoke(
    before(
      ({ agents }) => agents !== undefined,
      () => ask(world, 'deploy.start'),
    ),
  )
  const [request] = await store.requests({ limit: 1 })
  if (!request) throw new Error('nothing was asked')
  await runJobs()
  expect((await store.request(request.id))?.state).toBe('pending')

  await expect(click(world, request.id, 'U0GRACE')).rejects.toMatchObject({ code: 'wrong_state' })

  expect(await store.request(request.id)).toMatchObject({ state: 'cancelled', agentRevoked: true })
})

test('two-replicas: what is asked at another while the agent is revoked is refused by its commit', async () => {
  const asking = before(
    ({ request }) => request?.expected === null,
    () => revoke(),
  )

  const asked = submit(asking, envelope(world), submission('deploy.start'))

  await expect(asked).rejects.toMatchObject({ code: 'unauthenticated' })
  expect(await store.requests({ limit: 10 })).toEqual([])
})
