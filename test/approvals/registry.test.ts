import { beforeEach, describe, expect, test } from 'vitest'
import type { Change } from '../../src/approvals/change.ts'
import { revokeAgent } from '../../src/approvals/people/agents.ts'
import { authenticateKey, recognizeKey } from '../../src/approvals/people/authenticate.ts'
import { handOver } from '../../src/approvals/people/handOver.ts'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import { rememberRegistry } from '../../src/approvals/people/registry.ts'
import type { Ports, Store } from '../../src/approvals/ports.ts'
import type { Submission } from '../../src/approvals/submission.ts'
import { submit } from '../../src/approvals/submit.ts'
import { createAgeClock } from '../../src/lifetime/ageClock.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { agesOf } from '../support/testClock.ts'
import { keyOf } from '../support/testDirectory.ts'
import { envelope, submission, testWorld, type World } from '../support/world.ts'

let store: MemoryStore
let world: World
beforeEach(async () => {
  store = memoryStore()
  world = await testWorld({ store })
})

const email = (name: string) => ({ email: `${name}@acme.test` })
const revoke = () => revokeAgent(world.ports, { name: 'billing-agent', by: email('lee'), via: 'cli' })
const handedTo = (name: string) =>
  handOver(world.ports, { name: 'billing-agent', to: email(name), by: email('lee'), via: 'cli' })
const link = (account: string, other: string) =>
  linkAccounts(world.ports, { account: email(account), other: email(other), via: 'cli' })

/** Another replica, which never hears that anything has changed. */
function deafReplica(given: Partial<Store> = {}): Ports {
  const there = { ...store, ...given, watch: () => () => {} }
  return { ...world.ports, store: there, registry: rememberRegistry(there, agesOf(world.clock)) }
}

/** One whose commits do not compare who asks and who is who. */
const trusting = () =>
  deafReplica({
    commit: ({ caller: _, links: __, holdings: ___, ...change }: Change) => store.commit(change),
  })

/** As the API does it: whoever sends it is recognised first. */
async function ask(ports: Ports, action = 'repo.read', change: Partial<Submission> = {}) {
  const who = await recognizeKey(ports, world.agent.credential)
  return (await submit(ports, envelope(world, who), submission(action, change))).request
}

describe('stale-replica: a replica that hears nothing of who is who', () => {
  describe('when the agent is revoked at another', () => {
    test('still recognises its key, and its commit is refused', async () => {
      const replica = deafReplica()
      const { id } = await ask(replica)
      await revoke()

      await expect(recognizeKey(replica, world.agent.credential)).resolves.toMatchObject({
        agent: { status: 'active' },
      })
      await expect(ask(replica)).rejects.toMatchObject({ code: 'unauthenticated' })

      expect((await store.requests({ limit: 10 })).map((one) => one.id)).toEqual([id])
    })

    test('tells nobody else’s refusal, nor what was asked before', async () => {
      const replica = deafReplica()
      const who = await recognizeKey(replica, world.agent.credential)
      const again = envelope(world, who)
      await submit(replica, again, submission('repo.read'))
      await revoke()

      const repeated = submit(replica, again, submission('repo.read'))
      await expect(repeated).rejects.toMatchObject({ code: 'unauthenticated' })
      const unknown = submit(
        replica,
        envelope(world, who),
        submission('repo.read', { initiator: email('nobody') }),
      )
      await expect(unknown).rejects.toMatchObject({ code: 'unauthenticated' })
    })

    test('control: a commit that does not compare lets it through', async () => {
      const replica = trusting()
      await ask(replica)
      await revoke()

      expect((await ask(replica)).state).toBe('approved')
    })
  })

  describe('when the agent is handed over at another', () => {
    test('judges again, with its owner of now behind it', async () => {
      const replica = deafReplica()
      await ask(replica)
      const { agent } = await handedTo('noor')

      const request = await ask(replica, 'db.export')

      expect(request.agent.owner).toBe(agent.owner)
      expect(request.behind).toContainEqual({ person: agent.owner, role: 'agent_owner' })
    })

    test('control: a commit that does not compare leaves the new owner free to approve', async () => {
      const replica = trusting()
      await ask(replica)
      const { agent } = await handedTo('noor')

      const { behind } = await ask(replica, 'db.export')

      expect(behind.map(({ person }) => person)).not.toContain(agent.owner)
    })
  })

  describe('when two people are linked at another', () => {
    test.each([
      ['the initiator', 'alice'],
      ['the owner of the agent', 'lee'],
    ])('%s is who they are by now', async (_, one) => {
      const replica = deafReplica()
      await ask(replica)
      await link('noor', one)

      const request = await ask(replica, 'db.export')

      expect(request.behind).toEqual((await ask(world.ports, 'db.export')).behind)
    })

    test('control: a commit that does not compare takes them for who they were', async () => {
      const replica = trusting()
      await ask(replica)
      await link('noor', 'lee')

      const request = await ask(replica, 'db.export')

      expect(request.behind).not.toEqual((await ask(world.ports, 'db.export')).behind)
    })
  })

  describe('when a deactivated owner turns out to have another account', () => {
    const byOwner = { initiator: null } as const
    beforeEach(() => world.directory.changeAccount('U0LEE', { active: false }))
    /** Noor's account is one that Lee was known by earlier. */
    const another = () => {
      const { owner: person } = world.agent.agent
      const row = { version: 1, person, name: 'Lee', claimedFrom: null, joined: [], parted: [] }
      return store.commit({
        accounts: [{ expected: null, next: { id: keyOf('U0NOOR'), ...row } }],
        entries: [],
      })
    }

    test('judges again: what is allowed while an owner is there is not asked', async () => {
      const replica = deafReplica()
      expect((await ask(replica, 'repo.read')).state).toBe('pending')
      await another()

      expect((await ask(replica, 'repo.read', byOwner)).state).toBe('approved')
    })

    test('refuses nothing by what it remembers', async () => {
      const replica = { ...deafReplica(), reachesPeople: () => false }
      await expect(ask(replica, 'repo.read')).rejects.toMatchObject({ code: 'nobody_reachable' })
      await another()

      expect((await ask(replica, 'repo.read', byOwner)).state).toBe('approved')
    })
  })

  test('a key that was not confirmed when it was seen lets in as soon as it is', async () => {
    const replica = deafReplica()
    const { agent, key } = world.agent
    const turned = (version: number, status: 'unconfirmed' | 'active') =>
      store.commit({ keys: [{ expected: version - 1, next: { ...key, version, status } }], entries: [] })
    await turned(2, 'unconfirmed')
    const waiting = recognizeKey(replica, world.agent.credential)
    await expect(waiting).rejects.toMatchObject({ code: 'agent_unconfirmed' })
    await turned(3, 'active')

    expect(await recognizeKey(replica, world.agent.credential)).toMatchObject({ agent: { id: agent.id } })
  })

  test('is found out by one commit, and remembers rightly from then on', async () => {
    let commits = 0
    const replica = deafReplica({
      commit: async (change) => {
        if (change.request) commits += 1
        return store.commit(change)
      },
    })
    await ask(replica)
    await handedTo('noor')

    for (let n = 0; n < 3; n += 1) await ask(replica)

    expect(commits).toBe(1 + 2 + 1 + 1)
  })
})

describe('what is remembered', () => {
  const credential = () => world.agent.credential
  const remembered = (ports: Ports = world.ports) => ports.registry.remembered(world.agent.key.id)
  /** What has been told arrives after the commit. */
  const told = () => new Promise((resolve) => setImmediate(resolve))

  test('is forgotten when it changes, when something may have been missed, and when the clocks disagree', async () => {
    const time = { elapsed: 0, wall: 0 }
    const ages = createAgeClock({ elapsed: () => time.elapsed, wall: () => time.wall })
    const ports = { ...world.ports, registry: rememberRegistry(store, ages) }
    const occasions = [
      () => handedTo('noor'),
      async () => store.hearAnew(),
      async () => {
        time.wall += 5_000
        ages.now()
      },
    ]
    for (const occasion of occasions) {
      await recognizeKey(ports, credential())
      expect(remembered(ports)).not.toBeNull()
      await occasion()
      await told()

      expect(remembered(ports)).toBeNull()
    }
  })

  test('does not include what was read while it changed', async () => {
    let arrive = () => {}
    const held = new Promise<void>((resolve) => {
      arrive = resolve
    })
    const slow = {
      ...store,
      key: async (id: string) => {
        const found = await store.key(id)
        await held
        return found
      },
    }
    const registry = rememberRegistry(slow, agesOf(world.clock))
    const reading = registry.key(world.agent.key.id)
    await revoke()
    await told()
    arrive()

    expect((await reading)?.key.status).toBe('active')
    expect(registry.remembered(world.agent.key.id)).toBeNull()
  })

  test('is nothing that is not there, except that an id was never given up', async () => {
    let reads = 0
    const counting = {
      ...store,
      accounts: (ids: readonly string[]) => {
        reads += 1
        return store.accounts(ids)
      },
    }
    const { accounts, key, remembered } = rememberRegistry(counting, agesOf(world.clock))
    const twice = async (id: string) => {
      reads = 0
      for (let n = 0; n < 2; n += 1) expect(await accounts([id])).toEqual([])
      return reads
    }

    expect(await twice('slack:T0ACME:U0NOBODY')).toBe(2)
    expect(await twice('person:per_lee')).toBe(1)
    expect(await key('key_none')).toBeNull()
    expect(remembered('key_none')).toBeNull()
  })

  test('is not asked by calls whose answer no commit compares', async () => {
    await recognizeKey(world.ports, credential())
    await store.commit({
      keys: [{ expected: 1, next: { ...world.agent.key, version: 2, status: 'revoked' } }],
      entries: [],
    })

    await expect(authenticateKey(world.ports, credential())).rejects.toMatchObject({
      code: 'unauthenticated',
    })
  })
})
