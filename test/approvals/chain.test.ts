import { beforeEach, describe, expect, test } from 'vitest'
import { askForChanges } from '../../src/approvals/notes/ask.ts'
import { revokeAgent, rotateKey } from '../../src/approvals/people/agents.ts'
import { handOver } from '../../src/approvals/people/handOver.ts'
import { submitSet } from '../../src/approvals/sets/submitSet.ts'
import { submit } from '../../src/approvals/submit.ts'
import { chainOf } from '../../src/core/chain.ts'
import { anotherAgent, chainWorld, throughAgents } from '../support/chainWorld.ts'
import { entriesOf } from '../support/recorded.ts'
import { ask, attemptBy, click, envelope, submission, type World } from '../support/world.ts'

let { world, ports, store, runDue, planner } = await chainWorld()
beforeEach(async () => {
  ;({ world, ports, store, runDue, planner } = await chainWorld())
})

const mailOf = (name: string) => ({ email: `${name}@acme.test` })
const ownRequest = { code: 'own_request' }
const askThrough = (action: string, ...names: readonly string[]) =>
  ask(world, action, { run: throughAgents(...names) })
const throughIn = ({ behind }: { readonly behind: readonly { readonly role: string }[] }) =>
  behind.filter(({ role }) => role === 'through')

describe('asked-through: whoever is behind an agent of the chain', () => {
  test.each([
    ['owns it', 'U0BOB'],
    ['made its key', 'U0SAM'],
  ])('because they %s cannot approve what another agent asks for it', async (_, user) => {
    const { id, behind } = await askThrough('db.export', 'planner', 'billing-agent')

    expect(throughIn({ behind })).toHaveLength(2)
    await expect(click(world, id, user)).rejects.toMatchObject(ownRequest)
    expect((await store.request(id))?.decisions).toEqual([])
  })

  test.each(['U0BOB', 'U0SAM'])('control: without the chain, %s can', async (user) => {
    const { id } = await ask(world, 'db.export')

    await expect(click(world, id, user)).resolves.toMatchObject({ request: { state: 'pending' } })
  })

  test('is behind it wherever it stands, by its name or its id, and however often', async () => {
    const { id } = planner.agent
    for (const names of [['planner'], ['billing-agent', 'planner'], [id], ['planner', id, 'x', 'planner']]) {
      const request = await askThrough('db.export', ...names)

      expect(throughIn(request)).toHaveLength(2)
      expect(request.run?.through).toContainEqual({ kind: 'agent', name: 'planner', agent: id })
    }
  })

  test('is behind each of what is asked together', async () => {
    const { requests } = await submitSet(ports, envelope(world), {
      ...{ reason: null, initiator: mailOf('alice'), expiresInSeconds: null, run: throughAgents('planner') },
      members: [submission('db.export'), submission('deploy.start')],
    })

    expect(requests.map((one) => throughIn(one).length)).toEqual([2, 2])
  })

  test('is behind the rollback that is declared with it, too', async () => {
    const { action } = submission('deploy.start')
    const { id } = await ask(world, 'db.export', { run: throughAgents('planner'), rollback: action })

    expect((await store.rollbacksOf([id])).map((one) => throughIn(one).length)).toEqual([2])
  })

  test('stays behind a revision that does not name it any more', async () => {
    const { id } = await askThrough('deploy.start', 'planner')
    await askForChanges(ports, { ...attemptBy(id, 'U0GRACE'), text: 'Fewer rows.' })

    const revision = await ask(
      world,
      'deploy.start',
      submission('deploy.start', { revises: id, params: { rows: 5 } }),
    )

    expect(revision.run).toBeNull()
    expect(throughIn(revision)).toHaveLength(2)
  })

  test('control: a name that nobody is registered under, or of a tool, puts nobody behind it', async () => {
    const run = {
      through: [
        { kind: 'agent', name: 'stranger' },
        { kind: 'tool', name: 'planner' },
        { kind: 'workflow', name: 'planner' },
      ],
    } as const
    const request = await ask(world, 'db.export', { run })

    expect(throughIn(request)).toEqual([])
    expect(request.run).toEqual(run)
  })

  test('counts as claimed: an agent that takes its reviewers so alarms its owner', async () => {
    await anotherAgent(world, 'second', 'grace', 'noor')

    const request = await askThrough('deploy.start', 'second')
    await runDue()

    expect(request).toMatchObject({ state: 'denied', verdict: { code: 'unsatisfiable' } })
    expect((await entriesOf(store, request.id, 'claims.alarmed'))[0]?.data.legs).toEqual([
      { leg: 'platform', taken: 2, left: 0, needed: 1 },
    ])
  })

  test('and the person at the root cannot decide either, though they are the only one who could', async () => {
    world.directory.groups.set('S0PLATFORM', ['U0ALICE'])

    const request = await askThrough('deploy.start', 'planner')

    expect(request).toMatchObject({ state: 'denied', verdict: { code: 'unsatisfiable' } })
    expect(await entriesOf(store, request.id, 'claims.alarmed')).toHaveLength(1)
  })

  test('by a hand-over since, also in that moment, is not approved by', async () => {
    const { id } = await askThrough('deploy.start', 'planner')
    const by = mailOf('grace')
    await handOver(ports, { name: 'planner', to: by, by, via: 'cli' })

    await expect(click(world, id, 'U0GRACE')).rejects.toMatchObject(ownRequest)
    await expect(click(world, id, 'U0NOOR')).resolves.toMatchObject({ request: { state: 'approved' } })
  })
})

describe('stale-replica: who an agent of the chain belongs to is judged by what is true', () => {
  /** Once, while somebody is looked up, something happens. */
  function meanwhile(happens: () => Promise<unknown>): World {
    let done = false
    const directory = {
      ...world.directory,
      account: async (address: string) => {
        if (!done) {
          done = true
          await happens()
        }
        return world.directory.account(address)
      },
    }
    return { ...world, ports: { ...ports, directory } }
  }

  test('handed over to whoever approves in that moment, it is judged again', async () => {
    const { id } = await askThrough('deploy.start', 'planner')
    const by = mailOf('grace')

    const vote = click(
      meanwhile(() => handOver(ports, { name: 'planner', to: by, by, via: 'cli' })),
      id,
      'U0GRACE',
    )

    await expect(vote).rejects.toMatchObject(ownRequest)
    expect((await store.request(id))?.state).toBe('pending')
  })

  test('given a key by somebody else while it is asked through, they are behind it', async () => {
    let done = false
    const there = {
      ...store,
      commit: async (change: Parameters<typeof store.commit>[0]) => {
        if (change.request && !done) {
          done = true
          await rotateKey(ports, { name: 'planner', by: mailOf('noor'), via: 'cli' })
        }
        return store.commit(change)
      },
    }

    const { request } = await submit(
      { ...ports, store: there },
      envelope(world),
      submission('db.export', { run: throughAgents('planner') }),
    )

    const noor = await store.account('slack:T0ACME:U0NOOR')
    expect(throughIn(request)).toContainEqual({ person: noor?.person, role: 'through' })
  })
})

describe('what a chain says', () => {
  test('of itself is the asker only where it says so last; that one is checked', async () => {
    const loop = await askThrough('db.export', 'billing-agent', 'planner', 'billing-agent')

    expect(throughIn(loop)).toHaveLength(2)
    expect(chainOf(loop).map(({ name, isChecked }) => [name, isChecked])).toEqual([
      ['billing-agent', false],
      ['planner', false],
      ['billing-agent', true],
    ])
  })

  test('does not have to name the asker: it stands at the end', async () => {
    const request = await askThrough('db.export', 'planner')

    expect(chainOf(request).map(({ name, isChecked }) => [name, isChecked])).toEqual([
      ['planner', false],
      ['billing-agent', true],
    ])
  })

  test('is written down: which agents in the entry, their names beside it', async () => {
    const { id } = await ask(world, 'db.export', {
      run: {
        through: [
          { kind: 'agent', name: 'planner' },
          { kind: 'tool', name: 'export_csv' },
        ],
      },
    })

    const [entry] = await entriesOf(store, id, 'request.submitted')
    expect(entry?.data.through).toEqual([{ kind: 'agent', agent: planner.agent.id }, { kind: 'tool' }])
    expect(JSON.stringify(entry)).not.toContain('export_csv')
  })

  test('changes nothing of the action: its digest is the same', async () => {
    const [plain, through] = [await ask(world, 'db.export'), await askThrough('db.export', 'planner')]

    expect(through.digest).toBe(plain.digest)
  })
})

describe('asked-through: an agent of the chain that is revoked', () => {
  const revoke = () => revokeAgent(ports, { name: 'planner', by: mailOf('bob'), via: 'cli' })

  test('before: nothing is asked through it, and the place is told', async () => {
    await revoke()

    await expect(askThrough('repo.read', 'billing-agent', 'planner')).rejects.toMatchObject({
      code: 'chain_revoked',
      problems: [{ pointer: '/run/through/1', detail: expect.stringContaining('planner is revoked') }],
    })
    expect(await store.requests({ limit: 10 })).toEqual([])
  })

  test('while people are asked: it is cancelled, and says why', async () => {
    const [through, own] = [await askThrough('deploy.start', 'planner'), await ask(world, 'deploy.start')]

    await revoke()
    await runDue()

    expect(await store.request(through.id)).toMatchObject({
      state: 'cancelled',
      agentRevoked: true,
      outcome: 'Cancelled, because the agent planner, which it was asked through, was revoked.',
    })
    expect((await entriesOf(store, through.id, 'request.cancelled'))[0]?.data).toMatchObject({
      outcome: 'agent_revoked',
      through: planner.agent.id,
    })
    expect(await store.request(own.id)).toMatchObject({ state: 'pending' })
  })

  test('before the job ran: the click finds it', async () => {
    const { id } = await askThrough('deploy.start', 'planner')
    await revoke()

    await expect(click(world, id, 'U0GRACE')).rejects.toMatchObject({ code: 'wrong_state' })
    expect(await store.request(id)).toMatchObject({ state: 'cancelled', decisions: [] })
  })

  test('in the moment of the asking, at another replica: it is judged again, and refused', async () => {
    let done = false
    const there = {
      ...store,
      commit: async (change: Parameters<typeof store.commit>[0]) => {
        if (change.request && !done) {
          done = true
          await revoke()
        }
        return store.commit(change)
      },
    }

    const asked = submit(
      { ...ports, store: there },
      envelope(world),
      submission('repo.read', { run: throughAgents('planner') }),
    )

    await expect(asked).rejects.toMatchObject({ code: 'chain_revoked' })
    expect(await store.requests({ limit: 10 })).toEqual([])
  })

  test('does not forget what was asked before: a retry is answered with it', async () => {
    const again = envelope(world)
    const asked = submission('repo.read', { run: throughAgents('planner') })
    const { request } = await submit(ports, again, asked)
    await revoke()

    await expect(submit(ports, again, asked)).resolves.toMatchObject({
      request: { id: request.id },
      created: false,
    })
  })
})
