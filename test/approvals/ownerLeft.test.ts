import { beforeEach, describe, expect, test } from 'vitest'
import { revokeAgent } from '../../src/approvals/people/agents.ts'
import { handOver } from '../../src/approvals/people/handOver.ts'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import { orphanedAgentsFor } from '../../src/approvals/people/orphanedAgents.ts'
import { DirectoryFault } from '../../src/approvals/ports.ts'
import { submit } from '../../src/approvals/submit.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { ask, click, envelope, submission, testWorld, type World } from '../support/world.ts'

let store: MemoryStore
let world: World
beforeEach(async () => {
  store = memoryStore()
  world = await testWorld({ store })
})

const noor = { email: 'noor@acme.test' }
const leaves = (user = 'U0LEE') => world.directory.changeAccount(user, { active: false })
const returns = (user = 'U0LEE') => world.directory.changeAccount(user, { active: true })
const link = (account: string, other: string) =>
  linkAccounts(world.ports, {
    account: { email: `${account}@acme.test` },
    other: { email: `${other}@acme.test` },
    via: 'cli',
  })
const denying = testBundle({
  ...bundleFiles,
  'bundle.yaml': (bundleFiles['bundle.yaml'] ?? '').replace(
    '  deny_count: 1',
    '  owner_left: deny\n  deny_count: 1',
  ),
})

describe('owner-left: an agent whose owner is deactivated', () => {
  test('is asked about what policy allows, and the record says why', async () => {
    leaves()

    const request = await ask(world, 'repo.read')

    expect(request).toMatchObject({
      state: 'pending',
      verdict: { kind: 'require_approval', code: 'owner_left' },
      requirement: { legs: [{ name: 'platform' }] },
    })
    const [submitted] = await store.entries(request.id)
    expect(submitted?.data).toMatchObject({ owner_left: true, verdict: { code: 'owner_left' } })
    expect((await click(world, request.id, 'U0GRACE')).request.state).toBe('approved')
  })

  test('is denied what policy allows, where the bundle says so', async () => {
    world.setPolicy(denying)
    leaves()

    expect(await ask(world, 'repo.read')).toMatchObject({ state: 'denied', verdict: { code: 'owner_left' } })
  })

  test('is denied at once when nobody could be asked instead', async () => {
    leaves()
    world.directory.groups.set('S0PLATFORM', ['U0ALICE', 'U0LEE'])

    expect(await ask(world, 'repo.read')).toMatchObject({
      state: 'denied',
      verdict: { code: 'unsatisfiable' },
    })
  })

  test('asks as before where policy asks, and is denied where it denies', async () => {
    leaves()

    const asked = await ask(world, 'db.export')

    expect(asked).toMatchObject({ state: 'pending', verdict: { code: 'rules', rules: ['export'] } })
    expect(asked.verdict.facts.agent).toMatchObject({ owner: { left: true } })
    expect(await ask(world, 'audit.delete')).toMatchObject({ state: 'denied', verdict: { code: 'rules' } })
  })

  test('control: flows while the owner is there, and again when they have come back', async () => {
    expect(await ask(world, 'repo.read')).toMatchObject({ state: 'approved' })
    leaves()
    await ask(world, 'repo.read')
    returns()

    const request = await ask(world, 'repo.read')

    expect(request).toMatchObject({ state: 'approved', verdict: { kind: 'allow' } })
    expect((await store.entries(request.id))[0]?.data).not.toHaveProperty('owner_left')
  })

  test('flows while another account of the owner is active', async () => {
    await link('lee', 'noor')
    leaves()

    expect(await ask(world, 'repo.read')).toMatchObject({ state: 'approved' })
    leaves('U0NOOR')
    expect(await ask(world, 'repo.read')).toMatchObject({ state: 'pending' })
  })

  test.each([
    ['a guest', { guest: true }],
    ['of another organisation', { external: true }],
  ])('control: whoever became %s has not left', async (_what, change) => {
    world.directory.changeAccount('U0LEE', change)

    expect(await ask(world, 'repo.read')).toMatchObject({ state: 'approved' })
  })
})

describe('while the directory does not say whether the owner is there', () => {
  const silence = () => {
    const { account } = world.directory
    world.directory.account = async (address) => {
      if (address.endsWith('U0LEE')) throw new DirectoryFault('cannot know')
      return account(address)
    }
    return () => {
      world.directory.account = account
    }
  }

  test('what policy allows flows: a fault makes nobody leave', async () => {
    silence()

    expect(await ask(world, 'repo.read')).toMatchObject({ state: 'approved' })
  })

  test('what it said when the agent asked last stands, until it says otherwise', async () => {
    leaves()
    await ask(world, 'repo.read')
    const speaksAgain = silence()

    expect(await ask(world, 'repo.read')).toMatchObject({ verdict: { code: 'owner_left' } })
    expect(await ask(world, 'repo.read')).toMatchObject({ verdict: { code: 'owner_left' } })
    speaksAgain()
    returns()
    expect(await ask(world, 'repo.read')).toMatchObject({ state: 'approved' })
  })

  test('what it said of an earlier owner is not said of the next', async () => {
    leaves()
    await ask(world, 'repo.read')
    const { agent } = await handOver(world.ports, { name: 'billing-agent', to: noor, by: noor, via: 'cli' })
    world.directory.account = async () => Promise.reject(new DirectoryFault('cannot know'))

    const sent = submission('repo.read', { initiator: null })
    const { request } = await submit(world.ports, envelope(world, { agent }), sent)

    expect(request).toMatchObject({ state: 'approved', agent: { owner: agent.owner } })
  })

  test('an owner whom the directory does not know is unknown, and has not left', async () => {
    world.directory.accounts.delete('U0LEE')

    expect(await ask(world, 'repo.read')).toMatchObject({ state: 'approved' })
  })
})

describe('agents whose owner has left are listed', () => {
  const listFor = async (user: string) =>
    orphanedAgentsFor(world.ports, await world.directory.account(`slack:${user}`))

  test('for whoever is asked instead, and for nobody else', async () => {
    expect(await listFor('U0GRACE')).toEqual([])
    leaves()

    expect(await listFor('U0GRACE')).toEqual([{ name: 'billing-agent', owner: 'U0LEE' }])
    expect(await listFor('U0BOB')).toEqual([])
  })

  test('not when they are revoked, or when the directory does not say it', async () => {
    leaves()
    await revokeAgent(world.ports, { name: 'billing-agent', by: noor, via: 'cli' })
    expect(await listFor('U0GRACE')).toEqual([])

    const other = await testWorld()
    other.directory.accounts.delete('U0LEE')
    expect(await orphanedAgentsFor(other.ports, await other.directory.account('slack:U0GRACE'))).toEqual([])
  })
})
