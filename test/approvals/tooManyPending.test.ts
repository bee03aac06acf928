import { beforeEach, describe, expect, test } from 'vitest'
import { cancel } from '../../src/approvals/cancel.ts'
import { addAgent } from '../../src/approvals/people/agents.ts'
import { submit } from '../../src/approvals/submit.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { bundleWithDefaults } from '../support/testBundle.ts'
import { ask, click, envelope, submission, testWorld, type World } from '../support/world.ts'

let world: World
let store: MemoryStore
beforeEach(async () => {
  store = memoryStore()
  world = await testWorld({ store })
})

let different = 0

/** A flood never asks the same twice. */
function askAnew(action = 'deploy.start', change: Parameters<typeof submission>[1] = {}) {
  different += 1
  return ask(world, action, submission(action, { params: { nth: different }, ...change }))
}

async function fill(count: number) {
  const asked = []
  for (let nth = 0; nth < count; nth += 1) asked.push(await askAnew())
  return asked
}

const pending = () => store.requests({ states: ['pending'], limit: 100 })
const limited = () => store.ledger.filter(({ type }) => type === 'agent.limited')
const refused = { code: 'too_many_pending' }

describe('varied-flood: ever different requests of one agent', () => {
  test('wait for people twenty at a time; the next is refused, not stored, and nobody is asked', async () => {
    await fill(20)
    const jobs = store.jobs.size

    await expect(askAnew()).rejects.toMatchObject(refused)

    expect(await pending()).toHaveLength(20)
    expect(await store.requests({ limit: 100 })).toHaveLength(20)
    expect(store.jobs.size).toBe(jobs)
  })

  test('all runs of an agent count together, and so does what only break-glass can lift', async () => {
    await fill(18)
    await askAnew('deploy.start', { run: { session: 'run-2' } })
    await askAnew('freeze.deploy')

    await expect(askAnew('deploy.start', { run: { session: 'run-3' } })).rejects.toMatchObject(refused)
    await expect(askAnew('freeze.deploy')).rejects.toMatchObject(refused)
  })

  test('control: with a higher max_pending the twenty-first is asked about', async () => {
    world.setPolicy(bundleWithDefaults('max_pending: 21'))
    await fill(20)

    expect((await askAnew()).state).toBe('pending')
    await expect(askAnew()).rejects.toMatchObject(refused)
  })

  test('what policy allows, and what it denies, flows meanwhile', async () => {
    await fill(20)

    expect((await askAnew('repo.read')).state).toBe('approved')
    expect((await askAnew('audit.delete')).state).toBe('denied')
    expect(limited()).toEqual([])
  })

  test('other agents are not kept waiting', async () => {
    await fill(20)
    const lee = { email: 'lee@acme.test' }
    const other = await addAgent(world.ports, { name: 'other-agent', owner: lee, by: lee, via: 'test' })

    const { request } = await submit(
      world.ports,
      envelope(world, { agent: other.agent, key: other.key }),
      submission('deploy.start'),
    )

    expect(request.state).toBe('pending')
  })

  test.each([
    ['decided', (id: string) => click(world, id, 'U0GRACE')],
    [
      'taken back',
      (id: string) => cancel(world.ports, { request: id, agent: world.agent.agent, via: 'api' }),
    ],
  ])('as soon as one is %s, the next is taken, under the key that was refused', async (_, end) => {
    const [first] = await fill(20)
    const again = envelope(world)
    await expect(submit(world.ports, again, submission('db.export'))).rejects.toMatchObject(refused)
    await end(first?.id ?? '')

    const { request, created } = await submit(world.ports, again, submission('db.export'))

    expect([request.state, created]).toEqual(['pending', true])
  })

  test('a retry of what waits already is answered with it', async () => {
    await fill(19)
    const last = envelope(world)
    const { request } = await submit(world.ports, last, submission('db.export'))

    const again = await submit(world.ports, last, submission('db.export'))

    expect(again).toEqual({ request, created: false })
  })
})

describe('an operator sees it', () => {
  test('once in ten minutes, however often the agent goes on asking', async () => {
    await fill(20)
    for (let nth = 0; nth < 50; nth += 1) await expect(askAnew()).rejects.toMatchObject(refused)

    expect(limited()).toMatchObject([
      {
        subject: { kind: 'agent', id: world.agent.agent.id },
        actor: { kind: 'agent', id: world.agent.agent.id, via: 'api' },
        request: null,
        data: { name: 'billing-agent', max_pending: 20 },
      },
    ])
    world.clock.advance(600)
    await expect(askAnew()).rejects.toMatchObject(refused)
    expect(limited()).toHaveLength(2)
  })
})
