import { beforeEach, describe, expect, test } from 'vitest'
import { breakGlass } from '../../src/approvals/breakGlass.ts'
import { closeReview } from '../../src/approvals/closeReview.ts'
import { viewOf } from '../../src/approvals/inspect.ts'
import { revokeAgent } from '../../src/approvals/people/agents.ts'
import { authenticateKey } from '../../src/approvals/people/authenticate.ts'
import { handOver } from '../../src/approvals/people/handOver.ts'
import { submit } from '../../src/approvals/submit.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { ask, attemptBy, click, envelope, submission, testWorld, type World } from '../support/world.ts'

let store: MemoryStore
let world: World
beforeEach(async () => {
  store = memoryStore()
  world = await testWorld({ store })
})

const person = (name: string) => ({ email: `${name}@acme.test` })
const to = (name: string) =>
  handOver(world.ports, { name: 'billing-agent', to: person(name), by: person('grace'), via: 'cli' })
/** With the key that the agent has always had. */
const askAgain = async (action: string) => {
  const { agent, key } = await authenticateKey(world.ports, world.agent.credential)
  return (await submit(world.ports, envelope(world, { agent, key }), submission(action))).request
}
const rolesOf = (people: readonly { readonly role: string; readonly person: string }[]) =>
  people.map(({ role, person: id }) => `${role} ${id === lee ? 'lee' : id === noor ? 'noor' : 'other'}`)
let lee = ''
let noor = ''

describe('an agent that is handed over', () => {
  beforeEach(async () => {
    lee = world.agent.agent.owner
    noor = (await to('noor')).agent.owner
  })

  test('has another owner from then on; its keys stay, with whoever made them', async () => {
    const request = await askAgain('db.export')

    expect(noor).not.toBe(lee)
    expect(await store.agent('billing-agent')).toMatchObject({ owner: noor, status: 'active', version: 2 })
    expect(rolesOf(request.behind)).toEqual(['initiator other', 'agent_owner noor', 'key_creator lee'])
  })

  test('is recorded, with who was its owner, who is, and who said so', async () => {
    const [entry] = store.ledger.filter(({ type }) => type === 'agent.transferred')

    expect(entry).toMatchObject({
      actor: { kind: 'person', via: 'cli' },
      subject: { kind: 'agent', id: world.agent.agent.id },
      data: { name: 'billing-agent', from: lee, owner: noor, standing: 'claimed', confirmation: null },
    })
    expect(entry?.actor.id).not.toBe(noor)
  })

  test('is not handed over to whoever owns it already', async () => {
    await expect(to('noor')).rejects.toMatchObject({ code: 'not_applicable' })
  })
})

describe('own-request: what an agent asked before it was handed over', () => {
  test('is decided neither by its owner of before nor by the one of now', async () => {
    world.directory.groups.set('S0PLATFORM', ['U0NOOR', 'U0LEE', 'U0GRACE'])
    const { id } = await ask(world, 'deploy.start')
    await to('noor')

    await expect(click(world, id, 'U0NOOR')).rejects.toMatchObject({ code: 'own_request' })
    await expect(click(world, id, 'U0LEE')).rejects.toMatchObject({ code: 'own_request' })
    expect((await click(world, id, 'U0GRACE')).request.state).toBe('approved')
  })

  test('control: without it they may', async () => {
    const { id } = await ask(world, 'node.drain')

    expect((await click(world, id, 'U0NOOR')).request.state).toBe('approved')
  })

  test('is not released with an approval that its owner of now gave before', async () => {
    world.directory.groups.set('S0DATA', ['U0NOOR', 'U0BOB'])
    const { id } = await ask(world, 'db.export')
    await click(world, id, 'U0NOOR')
    await to('noor')

    const { request } = await click(world, id, 'U0PRIYA')

    expect(request.state).toBe('pending')
    expect(request.decisions[0]).toMatchObject({
      ended: { how: 'lapsed', why: { cause: 'behind', role: 'agent_owner' } },
    })
    expect((await click(world, id, 'U0BOB')).request.state).toBe('approved')
  })

  test('says on its card who is behind it now, and stays as it was once it is settled', async () => {
    const open = await ask(world, 'db.export')
    const settled = await ask(world, 'repo.read')
    noor = (await to('noor')).agent.owner
    lee = world.agent.agent.owner

    expect(rolesOf((await viewOf(world.ports, open)).request.behind)).toContain('agent_owner noor')
    expect(rolesOf((await viewOf(world.ports, open)).request.behind)).toContain('agent_owner lee')
    expect(rolesOf((await viewOf(world.ports, settled)).request.behind)).not.toContain('agent_owner noor')
    expect((await store.request(open.id))?.behind).toEqual(open.behind)
  })

  test('is not lifted, and its broken glass not reviewed, by the owner of now', async () => {
    const { id } = await ask(world, 'host.reboot')
    const other = await ask(world, 'host.reboot')
    const reason = 'INC-42: the host does not answer any more.'
    await breakGlass(world.ports, { ...attemptBy(id, 'U0GRACE'), reason, seen: 'facts' })
    await to('sam')

    const review = closeReview(world.ports, { ...attemptBy(id, 'U0SAM'), note: 'All is well.' })
    await expect(review).rejects.toMatchObject({ code: 'own_request' })
    await to('omar')
    const glass = breakGlass(world.ports, { ...attemptBy(other.id, 'U0OMAR'), reason, seen: 'facts' })
    await expect(glass).rejects.toMatchObject({ code: 'own_request' })
  })
})

describe('race: the agent is handed over between the judgement and the commit', () => {
  /** Just before the click is committed. */
  const handedOverMeanwhile = (id: string, user: string, name: string) => {
    let handed = false
    const racing = {
      ...store,
      commit: async (change: Parameters<typeof store.commit>[0]) => {
        if (!handed && change.request) {
          handed = true
          await to(name)
        }
        return store.commit(change)
      },
    }
    return click({ ...world, ports: { ...world.ports, store: racing } }, id, user)
  }

  test('whoever decides is judged again, as the owner', async () => {
    const { id } = await ask(world, 'node.drain')

    await expect(handedOverMeanwhile(id, 'U0NOOR', 'noor')).rejects.toMatchObject({ code: 'own_request' })
    expect((await store.request(id))?.state).toBe('pending')
  })

  test('whoever decided before is judged again', async () => {
    world.directory.groups.set('S0DATA', ['U0NOOR'])
    const { id } = await ask(world, 'db.export')
    await click(world, id, 'U0NOOR')

    const { request } = await handedOverMeanwhile(id, 'U0PRIYA', 'noor')

    expect(request.state).toBe('pending')
    expect(request.decisions[0]?.ended).toMatchObject({ why: { cause: 'behind', role: 'agent_owner' } })
  })

  test('control: to somebody else, it changes nothing', async () => {
    const { id } = await ask(world, 'node.drain')

    expect((await handedOverMeanwhile(id, 'U0NOOR', 'omar')).request.state).toBe('approved')
  })
})

test.each([
  ['nobody', 'nobody', 'noor', 'unknown_person'],
  ['somebody who has left', 'sam', 'noor', 'unknown_person'],
  ['somebody, by nobody', 'noor', 'nobody', 'unknown_person'],
])('an agent is not handed over to %s', async (_what, owner, by, code) => {
  world.directory.changeAccount('U0SAM', { active: false })

  const attempt = handOver(world.ports, {
    name: 'billing-agent',
    to: person(owner),
    by: person(by),
    via: 'cli',
  })

  await expect(attempt).rejects.toMatchObject({ code })
  expect(store.ledger.some(({ type }) => type === 'agent.transferred')).toBe(false)
})

test('an agent that is unknown or revoked is not handed over', async () => {
  const ways = { to: person('noor'), by: person('noor'), via: 'cli' }
  await expect(handOver(world.ports, { ...ways, name: 'nobody' })).rejects.toMatchObject({
    code: 'unknown_agent',
  })
  await revokeAgent(world.ports, { name: 'billing-agent', by: person('noor'), via: 'cli' })
  await expect(handOver(world.ports, { ...ways, name: 'billing-agent' })).rejects.toMatchObject({
    code: 'not_applicable',
  })
})

test('of two hand-overs at once one counts', async () => {
  const both = await Promise.allSettled([to('noor'), to('sam')])

  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(store.ledger.filter(({ type }) => type === 'agent.transferred')).toHaveLength(1)
})
