import { beforeEach, describe, expect, test } from 'vitest'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import { policyTool } from '../../src/approvals/policy/policyTool.ts'
import { refused, testChannel } from '../support/channel.ts'
import { jobsAtWork } from '../support/jobsAtWork.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { entriesOf } from '../support/recorded.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { keyOf } from '../support/testDirectory.ts'
import { ask, click, testWorld, type World } from '../support/world.ts'

let store: MemoryStore
let world: World
beforeEach(async () => {
  store = memoryStore()
  world = await testWorld({ store })
  world.directory.groups.set('S0IAM', ['U0GRACE', 'U0SAM', 'U0BOB', 'U0PRIYA'])
})

const link = (account: string, other: string) =>
  linkAccounts(world.ports, {
    account: { email: `${account}@acme.test` },
    other: { email: `${other}@acme.test` },
    via: 'cli',
  })

/** The policy of the tests with other words in it. */
function setWords(file: keyof typeof bundleFiles, words: string, others: string): void {
  const text = bundleFiles[file]?.replace(words, others) ?? ''
  expect(text).not.toBe(bundleFiles[file])
  world.setPolicy(testBundle({ ...bundleFiles, [file]: text }))
}

const deny = { kind: 'deny' } as const
const seats = (count: number) =>
  setWords('rules/all.yaml', '[group:iam-admins], count: 2', `[group:iam-admins], count: ${count}`)

/** Who sits in a seat, by the record of the approval. */
async function seatedIn(id: string): Promise<ReadonlySet<unknown>> {
  const [approved] = await entriesOf(store, id, 'request.approved')
  if (!approved) throw new Error('it is approved')
  const { iam } = approved.data.legs as { iam: string[] }
  expect(iam).toHaveLength(3)
  return new Set(iam)
}

describe('two people who turned out to be one after they decided', () => {
  test('have one voice in a denial', async () => {
    setWords('bundle.yaml', 'deny_count: 1', 'deny_count: 3')
    const { id } = await ask(world, 'iam.change')
    await click(world, id, 'U0GRACE', deny)
    await click(world, id, 'U0SAM', deny)
    await link('grace', 'sam')

    expect((await click(world, id, 'U0BOB', deny)).request.state).toBe('pending')
    expect((await click(world, id, 'U0PRIYA', deny)).request.state).toBe('denied')
  })

  test('control: two people have two', async () => {
    setWords('bundle.yaml', 'deny_count: 1', 'deny_count: 3')
    const { id } = await ask(world, 'iam.change')
    await click(world, id, 'U0GRACE', deny)
    await click(world, id, 'U0SAM', deny)

    expect((await click(world, id, 'U0BOB', deny)).request.state).toBe('denied')
  })

  test('stand once in the record of who filled the seats, and whoever took the last one stands there', async () => {
    seats(3)
    const { id } = await ask(world, 'iam.change')
    await click(world, id, 'U0GRACE')
    await click(world, id, 'U0SAM')
    const one = await link('grace', 'sam')
    await click(world, id, 'U0BOB')
    const { request } = await click(world, id, 'U0PRIYA')

    const people = request.decisions.map(({ person }) => person)
    expect(request.state).toBe('approved')
    expect(await seatedIn(id)).toEqual(new Set([one, people[2], people[3]]))
  })

  test('control: two people stand there as two', async () => {
    seats(3)
    const { id } = await ask(world, 'iam.change')
    await click(world, id, 'U0GRACE')
    await click(world, id, 'U0SAM')
    const { request } = await click(world, id, 'U0BOB')

    const people = request.decisions.map(({ person }) => person)
    expect(await seatedIn(id)).toEqual(new Set(people))
  })

  /** Who is written to for the last of three seats, when the conversation refuses and refuses. */
  async function writtenTo(between: () => Promise<unknown>) {
    seats(3)
    const { id } = await ask(world, 'iam.change')
    await click(world, id, 'U0GRACE')
    await click(world, id, 'U0SAM')
    await between()
    await click(world, id, 'U0BOB')
    const channel = testChannel()
    channel.fail = (call) =>
      call === 'post slack:C0APPROVALS' ? { fault: refused, tookEffect: false } : null
    const jobs = jobsAtWork({ ports: world.ports, store, channel, clock: world.clock })
    await jobs.pass(120)
    return (await entriesOf(store, id, 'channel.failed')).flatMap((entry) => entry.data.people)
  }

  test('leave a seat open, for which somebody else is written to when the conversation refuses', async () => {
    expect(await writtenTo(() => link('grace', 'sam'))).toEqual([keyOf('U0PRIYA')])
  })

  test('control: when they are two, nobody else is needed or written to', async () => {
    expect(await writtenTo(async () => {})).toEqual([])
  })
})

describe('an owner who turned out to be somebody else', () => {
  test('is the same person for policy, whichever account asks', async () => {
    await link('omar', 'lee')
    const { verdict } = await ask(world, 'db.export', { initiator: { email: 'omar@acme.test' } })

    const { agent, initiator } = verdict.facts as { agent: { owner: object }; initiator: object }
    expect(agent.owner).toMatchObject({ id: (initiator as { id: string }).id })
  })

  test('control: without a link they are two people', async () => {
    const { verdict } = await ask(world, 'db.export', { initiator: { email: 'omar@acme.test' } })

    const { agent, initiator } = verdict.facts as { agent: { owner: object }; initiator: object }
    expect(agent.owner).not.toMatchObject({ id: (initiator as { id: string }).id })
  })

  test('goes on proposing policies with the agent that is theirs', async () => {
    const bob = await world.directory.account('slack:U0BOB')
    const { agent } = await policyTool(world.ports, bob, { via: 'cli' })
    await link('grace', 'bob')

    expect((await policyTool(world.ports, bob, { via: 'cli' })).agent.id).toBe(agent.id)
  })

  test('control: an agent of that name that is somebody else’s is not used', async () => {
    const bob = await world.directory.account('slack:U0BOB')
    const { agent } = await policyTool(world.ports, bob, { via: 'cli' })
    const owner = (await store.account(keyOf('U0BOB')))?.person
    await link('grace', 'alice')
    const grace = await store.account(keyOf('U0GRACE'))
    if (!grace || owner === grace.person) throw new Error('Grace is somebody else')
    await store.commit({
      agents: [{ expected: 1, next: { ...agent, version: 2, owner: grace.person } }],
      entries: [],
    })

    await expect(policyTool(world.ports, bob, { via: 'cli' })).rejects.toMatchObject({ code: 'name_taken' })
  })
})
