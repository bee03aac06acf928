import { beforeEach, describe, expect, test } from 'vitest'
import { cancel } from '../../src/approvals/cancel.ts'
import { lookAtClaims } from '../../src/approvals/claimsAlarm.ts'
import { submit } from '../../src/approvals/submit.ts'
import { type TestChannel, testChannel } from '../support/channel.ts'
import { type JobsAtWork, jobsAtWork } from '../support/jobsAtWork.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { entriesOf } from '../support/recorded.ts'
import { keyOf } from '../support/testDirectory.ts'
import { ask, click, envelope, submission, testWorld, type World } from '../support/world.ts'

let world: World
let store: MemoryStore
let channel: TestChannel
let jobs: JobsAtWork
beforeEach(async () => {
  store = memoryStore()
  world = await testWorld({ store })
  channel = testChannel()
  jobs = jobsAtWork({ ports: world.ports, store, channel, clock: world.clock })
})

const mailOf = (name: string) => ({ email: `${name}@acme.test` })

/** Asked as Alice, with these people named as involved; what follows is done. */
async function asked(action: string, ...involved: readonly string[]) {
  const request = await ask(world, action, { involved: involved.map(mailOf) })
  await jobs.runDue()
  return request
}

const legsOf = async (request: string) =>
  (await entriesOf(store, request, 'claims.alarmed')).map(({ data }) => data.legs)
const alarms = () => channel.said.filter((call) => call.startsWith('alarm claims'))

describe('claimed-initiator: claims cannot choose the reviewer', () => {
  test('that take more than half of a leg’s people alarm the owner of the agent, once', async () => {
    const request = await asked('db.export', 'bob', 'priya')

    expect(await legsOf(request.id)).toEqual([[{ leg: 'data', taken: 2, left: 1, needed: 1 }]])
    expect(alarms()).toEqual([`alarm claims ${keyOf('U0LEE')}`])
    await jobs.pass(60)
    expect(alarms()).toHaveLength(1)
    expect(request.state).toBe('pending')
  })

  test('that take the last one too, although nobody is asked any more', async () => {
    const request = await asked('db.export', 'priya', 'sam')

    expect(request).toMatchObject({ state: 'denied', verdict: { code: 'unsatisfiable' } })
    expect(await legsOf(request.id)).toEqual([[{ leg: 'security', taken: 2, left: 0, needed: 1 }]])
    expect(alarms()).toHaveLength(1)
  })

  test('that leave fewer than a leg needs do as well', async () => {
    world.directory.groups.set('S0IAM', ['U0SAM', 'U0GRACE', 'U0OMAR', 'U0LEE'])
    expect(await legsOf((await asked('iam.change', 'grace')).id)).toEqual([])

    const request = await asked('iam.change', 'grace', 'sam')

    expect(request.state).toBe('denied')
    expect(await legsOf(request.id)).toEqual([[{ leg: 'iam', taken: 2, left: 1, needed: 2 }]])
  })

  test('the initiator is a claim like any other', async () => {
    world.directory.groups.set('S0PLATFORM', ['U0ALICE'])

    const request = await asked('deploy.start')

    expect(await legsOf(request.id)).toEqual([[{ leg: 'platform', taken: 1, left: 0, needed: 1 }]])
  })

  test('nobody who may be brought in later makes up for those who are asked first', async () => {
    const request = await asked('node.drain', 'grace', 'noor')

    expect(request.state).toBe('pending')
    expect(await legsOf(request.id)).toEqual([[{ leg: 'platform', taken: 2, left: 0, needed: 1 }]])
  })

  test('twin-accounts: a claim by a second account with the same address takes the first', async () => {
    const priya = await world.directory.account('slack:U0PRIYA')
    world.directory.accounts.set('U0PRIYA2', { ...priya, key: keyOf('U0PRIYA2'), email: 'priya+x@acme.test' })

    const request = await asked('db.export', 'bob', 'priya+x')

    expect(await legsOf(request.id)).toEqual([[{ leg: 'data', taken: 2, left: 1, needed: 1 }]])
  })

  test('whoever is claimed is behind it all the same', async () => {
    const { id } = await asked('db.export', 'bob', 'priya')

    await expect(click(world, id, 'U0BOB')).rejects.toMatchObject({ code: 'own_request' })
  })

  test('the same submission twice is one request, and raises it once', async () => {
    const [who, what] = [envelope(world), submission('db.export', { involved: ['bob', 'priya'].map(mailOf) })]

    const both = await Promise.all([submit(world.ports, who, what), submit(world.ports, who, what)])
    await jobs.runDue()

    expect(new Set(both.map(({ request }) => request.id))).toHaveProperty('size', 1)
    expect(await legsOf(both[0].request.id)).toHaveLength(1)
    expect(alarms()).toHaveLength(1)
  })

  test('an owner who has left hears nothing; it is on record', async () => {
    world.directory.changeAccount('U0LEE', { active: false })

    const request = await asked('db.export', 'bob', 'priya')

    expect((await entriesOf(store, request.id, 'claims.alarmed'))[0]?.data.to).toEqual([])
    expect(alarms()).toEqual([])
  })
})

describe('while a set of people cannot be read', () => {
  test('nobody is alarmed, and it is looked at again until it can be', async () => {
    world.directory.unreadable.add('S0DATA')
    const { id, state } = await ask(world, 'db.export', { involved: ['bob', 'priya'].map(mailOf) })
    expect(state).toBe('pending')
    await expect(lookAtClaims(world.ports, id)).rejects.toMatchObject({ code: 'directory_unavailable' })
    expect(await legsOf(id)).toEqual([])

    world.directory.unreadable.delete('S0DATA')
    await Promise.all([lookAtClaims(world.ports, id), lookAtClaims(world.ports, id)])
    await jobs.runDue()

    expect(await legsOf(id)).toEqual([[{ leg: 'data', taken: 2, left: 1, needed: 1 }]])
    expect(alarms()).toHaveLength(1)
  })

  test('once it is over nobody looks any more', async () => {
    world.directory.unreadable.add('S0DATA')
    const { id } = await ask(world, 'db.export', { involved: ['bob', 'priya'].map(mailOf) })
    await cancel(world.ports, { request: id, agent: world.agent.agent, via: 'api' })

    await jobs.runDue()

    expect(await legsOf(id)).toEqual([])
  })

  test('control: without a claim there is nothing to look at', async () => {
    world.directory.unreadable.add('S0DATA')
    const { id } = await ask(world, 'db.export', { initiator: null })
    expect([...store.jobs.keys()]).not.toContain(`claims:${id}`)
  })
})

describe('control: no alarm', () => {
  test('where half are left', async () => {
    expect(await legsOf((await asked('db.export', 'sam')).id)).toEqual([])
  })

  test('where people are behind it by our own records, whatever is claimed', async () => {
    world.directory.groups.set('S0PLATFORM', ['U0LEE', 'U0GRACE'])
    expect(await legsOf((await asked('deploy.start', 'lee')).id)).toEqual([])
    const request = await ask(world, 'deploy.start', { initiator: mailOf('lee'), involved: [] })
    expect(await legsOf(request.id)).toEqual([])
  })

  test('where nobody who could decide is claimed', async () => {
    expect(await legsOf((await asked('db.export', 'noor', 'grace')).id)).toEqual([])
  })

  test('where policy allows it without anybody', async () => {
    expect(await legsOf((await asked('repo.read', 'bob', 'priya', 'sam')).id)).toEqual([])
  })
})
