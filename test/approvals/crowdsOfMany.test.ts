import { beforeEach, describe, expect, test } from 'vitest'
import { cancel } from '../../src/approvals/cancel.ts'
import { ChannelFault } from '../../src/approvals/channelPort.ts'
import { crowdCalls } from '../../src/approvals/crowds/calls.ts'
import { mostCards } from '../../src/approvals/crowds/heldBack.ts'
import type { MessageAt } from '../../src/approvals/job.ts'
import { addAgent, type Issued } from '../../src/approvals/people/agents.ts'
import { submit } from '../../src/approvals/submit.ts'
import type { Crowd } from '../../src/card/crowd.ts'
import type { NamedSource } from '../../src/core/requirement.ts'
import { type TestChannel, testChannel } from '../support/channel.ts'
import { type JobsAtWork, jobsAtWork } from '../support/jobsAtWork.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { entriesOf } from '../support/recorded.ts'
import { bundleWithDefaults } from '../support/testBundle.ts'
import { envelope, submission, testWorld, type World } from '../support/world.ts'

let world: World
let store: MemoryStore
let jobs: JobsAtWork
let channel: TestChannel
/** Whom each crowd card called when it was posted, and each reminder under one. */
let called: (readonly string[])[]
beforeEach(async () => {
  store = memoryStore()
  world = await testWorld({ store })
  world.setPolicy(bundleWithDefaults('max_pending: 100\n  mentions_per_day: 6'))
  await world.ports.renewPolicy()
  called = []
  channel = testChannel()
  const { postCrowd, remindCrowd } = channel
  const noted = (crowd: Crowd) => void called.push(crowd.needed.map(({ address }) => address))
  Object.assign(channel, {
    postCrowd: (at: string, crowd: Crowd) => {
      noted(crowd)
      return postCrowd(at, crowd)
    },
    remindCrowd: (at: MessageAt, crowd: Crowd) => {
      noted(crowd)
      return remindCrowd(at, crowd)
    },
  })
  jobs = jobsAtWork({ ports: world.ports, store, channel, clock: world.clock })
})

const group = 'slack:S0PLATFORM'
const gone = new ChannelFault({ code: 'message_not_found', message: 'deleted', unknown: false, gone: true })
let nth = 0
/** Something that nobody has asked before. */
async function asked({ agent, key }: Pick<Issued, 'agent' | 'key'> = world.agent): Promise<string> {
  nth += 1
  const { action } = submission('deploy.start', { params: { nth } })
  const said = submission('deploy.start', { action })
  return (await submit(world.ports, envelope(world, { agent, key }), said)).request.id
}
async function flood(times: number): Promise<string> {
  let last = ''
  for (let one = 0; one < times; one += 1) last = await asked()
  return last
}
const another = (name: string) => {
  const lee = { email: 'lee@acme.test' }
  return addAgent(world.ports, { name, owner: lee, by: lee, via: 'test' })
}
const cardsOf = async (id: string) => (await store.cards(id)).filter(({ status }) => status === 'posted')

describe('flood: whoever floods a conversation takes nobody else’s place', () => {
  test('what another agent asks has a card of its own at once, however many of the first wait', async () => {
    await flood(30)
    await jobs.pass(15)
    const quiet = await another('quiet-agent')

    const [first, second] = [await asked(quiet), await asked(quiet)]
    await jobs.pass(15)

    expect(await cardsOf(first)).toHaveLength(1)
    // The same agent has had its turn.
    expect(await cardsOf(second)).toEqual([])
  })

  test('also when all ask at once, and whoever flooded has the more urgent ones', async () => {
    const quiet = await another('quiet-agent')
    for (let one = 0; one < 30; one += 1) {
      nth += 1
      const { action } = submission('deploy.start', { params: { nth } })
      await submit(
        world.ports,
        envelope(world),
        submission('deploy.start', { action, expiresInSeconds: 600 }),
      )
    }
    const id = await asked(quiet)
    await jobs.pass(15)

    expect(await cardsOf(id)).toHaveLength(1)
  })

  test('many agents of one card each bury it no more than twice as deep', async () => {
    const ids: string[] = []
    for (let one = 0; one < 40; one += 1) ids.push(await asked(await another(`agent-${one}`)))
    await jobs.pass(60)

    const posted = await Promise.all(ids.map(cardsOf))
    expect(posted.filter((cards) => cards.length > 0)).toHaveLength(2 * mostCards)
  })
})

describe('flood: a crowd that comes and goes calls nobody more often than the policy lets it', () => {
  /** One more than there is room for, and after a while one less. */
  async function comesAndGoes(): Promise<void> {
    const id = await asked()
    await jobs.pass(15)
    await cancel(world.ports, { request: id, agent: world.agent.agent, via: 'api' })
    await jobs.pass(15)
  }
  const crowds = () => channel.said.filter((call) => /crowd/.test(call)).map((call) => call.split(' ')[0])

  test('it has one message, which says how it is, also when it comes while another look was due', async () => {
    await flood(mostCards)
    await jobs.pass(15)

    for (let one = 0; one < 4; one += 1) await comesAndGoes()

    expect(crowds()).toEqual(['post', ...Array.from({ length: 7 }, () => 'show')])
    expect(channel.said.at(-1)).toMatch(/over$/)
    expect(called).toEqual([[group]])
    await jobs.pass(700)
    expect(await store.crowdCard('slack:C0APPROVALS')).toBeNull()
    expect([...store.jobs.values()].filter(({ task }) => task === 'crowd')).toEqual([])
  })

  test('whose message was deleted meanwhile it has another', async () => {
    await flood(mostCards)
    await jobs.pass(15)
    await comesAndGoes()
    channel.fail = (call) => (call.startsWith('show crowd') ? { fault: gone, tookEffect: false } : null)

    const id = await asked()
    await jobs.pass(30)

    expect(crowds().filter((call) => call === 'post')).toHaveLength(2)
    expect(await entriesOf(store, id, 'card.listed')).toHaveLength(1)
  })

  test('twice it calls them, and then it names them', async () => {
    await flood(mostCards)
    await jobs.pass(15)

    for (let one = 0; one < 4; one += 1) {
      await comesAndGoes()
      await jobs.pass(700)
      await flood(mostCards)
      await jobs.pass(60)
    }

    expect(called).toEqual([[group], [group], [], []])
  })

  test('nor whoever was called by cards often enough', async () => {
    await flood(mostCards)
    await jobs.pass(15)
    const at = world.clock().toISOString()
    const grace = 'slack:U0GRACE'
    const mentions = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ({ account: grace, name, agent: name, at }))
    await store.commit({ mentions, entries: [] })

    await comesAndGoes()
    expect(called).toEqual([[]])
  })

  const sets = ['slack:S0PLATFORM', 'slack:S0SECURITY'].map((address) => ({
    ...{ ref: address, kind: 'group', address },
  })) as readonly NamedSource[] // both are groups
  const callsOf = (name: string) => crowdCalls(world.ports, { needed: sets, name })
  const mentioned = (account: string, times: number, agent?: string) => {
    const at = world.clock().toISOString()
    const all = Array.from({ length: times }, (_, by) => ({
      ...{ account, name: `by ${by}`, agent: agent ?? `agt_${by}`, at },
    }))
    return store.commit({ mentions: all, entries: [] })
  }

  test.each([
    ['by all agents', 6, undefined],
    ['by such cards', 2, 'crowds'],
  ] as const)(
    'of two sets it calls the other one, where somebody of one was called often enough %s',
    async (_, times, agent) => {
      await mentioned('slack:U0PRIYA', times, agent)
      expect(await callsOf('one')).toEqual([group])
    },
  )

  test('two-replicas: three conversations at once call nobody a third time', async () => {
    const called = await Promise.all(['one', 'two', 'three'].map(callsOf))

    expect(called.filter((one) => one.length > 0)).toHaveLength(2)
  })

  test('a directory that does not answer keeps nobody from being called', async () => {
    world.directory.down = true
    expect(await callsOf('one')).toEqual(sets.map(({ address }) => address))
  })

  test('by two replicas at once no more than by one', async () => {
    await flood(mostCards + 1)
    const other = jobsAtWork({ ports: world.ports, store, channel, clock: world.clock })
    await Promise.all([jobs.pass(15), other.pass(15)])

    expect(called.filter((one) => one.length > 0)).toHaveLength(1)
  })
})
