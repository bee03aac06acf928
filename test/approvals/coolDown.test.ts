import { beforeEach, describe, expect, test } from 'vitest'
import { cancel } from '../../src/approvals/cancel.ts'
import { expire } from '../../src/approvals/expire.ts'
import { addAgent } from '../../src/approvals/people/agents.ts'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import type { Store } from '../../src/approvals/ports.ts'
import { submit } from '../../src/approvals/submit.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { typesOf } from '../support/recorded.ts'
import { bundleWithDefaults, bundleWithRules } from '../support/testBundle.ts'
import { ask, click, envelope, submission, testWorld, type World } from '../support/world.ts'

let world: World
let store: MemoryStore
beforeEach(async () => {
  store = memoryStore()
  world = await testWorld({ store })
})

const deny = (id: string, change: Parameters<typeof click>[3] = {}, user = 'U0BOB') =>
  click(world, id, user, { kind: 'deny', ...change })

/** What Bob has denied. */
async function denied() {
  const request = await ask(world, 'db.export')
  await deny(request.id)
  return request
}

const twoDenials = bundleWithDefaults('deny_count: 2')

describe('varied-flood: what a person has denied is denied at once for a while', () => {
  test('and the answer says by whom, when and until when; nobody is asked', async () => {
    const first = await denied()
    world.clock.advance(60)

    const again = await ask(world, 'db.export')

    expect(again).toMatchObject({ state: 'denied', requirement: null, expiresAt: null })
    expect(again.verdict).toMatchObject({ kind: 'deny', code: 'cooling_down', rules: ['export'] })
    expect(again.outcome).toBe(
      `U0BOB denied exactly this on 2026-11-24 14:00:00 UTC (${first.id}). Until 2026-11-24 14:10:00 UTC it is denied at once, and nobody is asked.`,
    )
    expect([...store.jobs.values()].filter((job) => 'request' in job && job.request === again.id)).toEqual([])
  })

  test('it is on record like any other request, as denied by no person', async () => {
    const first = await denied()

    const again = await ask(world, 'db.export')

    const [submitted, ended, ...more] = await store.entries(again.id)
    expect(more).toEqual([])
    expect(submitted).toMatchObject({
      type: 'request.submitted',
      data: { verdict: { code: 'cooling_down' } },
    })
    expect(ended).toMatchObject({
      type: 'request.denied',
      actor: { kind: 'policy' },
      data: {
        code: 'cooling_down',
        cooling_down: {
          request: first.id,
          at: '2026-11-24T14:00:00.000Z',
          until: '2026-11-24T14:10:00.000Z',
        },
      },
    })
  })

  test('asking again and again does not make it longer', async () => {
    await denied()
    world.clock.advance(599)
    expect((await ask(world, 'db.export')).state).toBe('denied')

    world.clock.advance(1)

    expect((await ask(world, 'db.export')).state).toBe('pending')
  })

  test('control: with deny_cooldown: 0 people are asked again at once', async () => {
    world.setPolicy(bundleWithDefaults('deny_cooldown: 0'))
    await denied()

    expect((await ask(world, 'db.export')).state).toBe('pending')
  })

  test('it lasts as long as the active policy says when the same is asked', async () => {
    await denied()
    world.clock.advance(1_800)
    world.setPolicy(bundleWithDefaults('deny_cooldown: 1h'))

    expect((await ask(world, 'db.export')).verdict.code).toBe('cooling_down')
  })

  test('also while nobody can be reached: nobody has to be', async () => {
    await denied()
    world.setReachable(false)

    expect((await ask(world, 'db.export')).verdict.code).toBe('cooling_down')
  })

  test('whoever denied it is named as who they are today', async () => {
    await denied()
    await linkAccounts(world.ports, {
      account: { email: 'bob@acme.test' },
      other: { email: 'noor@acme.test' },
      via: 'cli',
    })

    expect((await ask(world, 'db.export')).outcome).toMatch(/^U0(BOB|NOOR) denied exactly this/)
  })
})

describe('it is about that action of that agent', () => {
  test.each([
    ['other parameters', { params: { rows: 11 } }],
    ['another resource', { resource: { type: 'table', id: 'warehouse.events' } }],
    ['another environment', { environment: 'dev' }],
  ])('%s are asked about', async (_, change) => {
    await denied()
    const { action } = submission('db.export')

    expect((await ask(world, 'db.export', { action: { ...action, ...change } })).state).toBe('pending')
  })

  test('other words about the same action change nothing', async () => {
    await denied()
    const other = { reason: 'It is urgent!', initiator: { email: 'grace@acme.test' }, expiresInSeconds: 60 }

    expect((await ask(world, 'db.export', other)).verdict.code).toBe('cooling_down')
  })

  test('another agent is asked for', async () => {
    await denied()
    const lee = { email: 'lee@acme.test' }
    const other = await addAgent(world.ports, { name: 'other-agent', owner: lee, by: lee, via: 'test' })

    const { request } = await submit(
      world.ports,
      envelope(world, { agent: other.agent, key: other.key }),
      submission('db.export'),
    )

    expect(request.state).toBe('pending')
  })

  test('a retry of either is answered with what it made', async () => {
    const [first, second] = [envelope(world), envelope(world)]
    const asked = await submit(world.ports, first, submission('db.export'))
    await deny(asked.request.id)
    const again = await submit(world.ports, second, submission('db.export'))
    world.clock.advance(3_600)

    const retries = [first, second].map((one) => submit(world.ports, one, submission('db.export')))

    expect((await Promise.all(retries)).map(({ request }) => request.id)).toEqual([
      asked.request.id,
      again.request.id,
    ])
  })
})

describe('it begins with a person’s denial, and with nothing else', () => {
  test('not with one that says that the same may be asked again at once', async () => {
    const { id } = await ask(world, 'db.export')
    await deny(id, { mayAskAgain: true })

    expect((await ask(world, 'db.export')).state).toBe('pending')
    const [decision] = (await store.entries(id)).filter(({ type }) => type === 'decision.made')
    expect(decision?.data.may_ask_again).toBe(true)
  })

  test('not with the first of two denials that are needed', async () => {
    world.setPolicy(twoDenials)
    const { id } = await ask(world, 'db.export')
    await deny(id)
    expect((await ask(world, 'db.export')).state).toBe('pending')

    await deny(id, {}, 'U0SAM')

    expect((await ask(world, 'db.export')).verdict.code).toBe('cooling_down')
  })

  test('not with a deadline, a cancellation, or a denial by policy', async () => {
    const [expired, cancelled] = [await ask(world, 'db.export'), await ask(world, 'deploy.start')]
    await cancel(world.ports, { request: cancelled.id, agent: world.agent.agent, via: 'api' })
    world.clock.advance(3_600)
    await expire(world.ports, expired.id)
    await ask(world, 'audit.delete')

    expect((await ask(world, 'db.export')).state).toBe('pending')
    expect((await ask(world, 'deploy.start')).state).toBe('pending')
    expect((await ask(world, 'audit.delete')).verdict.code).toBe('rules')
  })
})

describe('it answers only what would ask people', () => {
  const exportRule = (verdict: string) =>
    bundleWithRules((rules) =>
      rules.replace(
        /- id: export\n(.*\n)*?- id: iam/,
        `- {id: export, description: As it is now., match: {actions: [db.export]}, verdict: ${verdict}}\n- id: iam`,
      ),
    )

  test('what policy allows now flows', async () => {
    await denied()
    world.setPolicy(exportRule('allow'))

    expect((await ask(world, 'db.export')).state).toBe('approved')
  })

  test('what policy denies now is denied by policy', async () => {
    await denied()
    world.setPolicy(exportRule('deny'))

    expect((await ask(world, 'db.export')).verdict).toMatchObject({ kind: 'deny', code: 'rules' })
  })
})

describe('two-replicas: what is asked while somebody denies the same', () => {
  /** Ports of a replica whose next commit of a new request waits until the denial is through. */
  function slowly(meanwhile: () => Promise<unknown>) {
    let armed = true
    const commit: Store['commit'] = async (change) => {
      if (armed && change.request?.expected === null) {
        armed = false
        await meanwhile()
      }
      return store.commit(change)
    }
    return { ...world.ports, store: { ...store, commit } }
  }

  test('is judged by the denial, although it was read before', async () => {
    const first = await ask(world, 'db.export')

    const { request } = await submit(
      slowly(() => deny(first.id)),
      envelope(world),
      submission('db.export'),
    )

    expect(request).toMatchObject({ state: 'denied', verdict: { code: 'cooling_down' } })
    expect(await typesOf(store, request.id)).toEqual(['request.submitted', 'request.denied'])
  })

  test('control: the denial of something else stops nothing', async () => {
    const other = await ask(world, 'deploy.start')

    const { request } = await submit(
      slowly(() => deny(other.id, {}, 'U0GRACE')),
      envelope(world),
      submission('db.export'),
    )

    expect(request.state).toBe('pending')
  })
})
