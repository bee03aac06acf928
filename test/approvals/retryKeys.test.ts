import { describe, expect, test } from 'vitest'
import { announce } from '../../src/approvals/cards/announce.ts'
import { Undelivered } from '../../src/approvals/cards/everywhere.ts'
import { remind } from '../../src/approvals/cards/remind.ts'
import { tryAgain } from '../../src/approvals/cards/tryAgain.ts'
import { jobKey, type TalkingJob } from '../../src/approvals/job.ts'
import { jobsToDrop } from '../../src/approvals/settle.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import { refused, testChannel } from '../support/channel.ts'
import { memoryStore } from '../support/memoryStore.ts'
import { done, ends, rollbackWorld, runs, undo } from '../support/rollbackWorld.ts'
import { ask, click, testWorld, type World } from '../support/world.ts'

const places = ['slack:C0ONE', 'slack:C0TWO'] as const
const refusing = (addresses: readonly string[]) =>
  new Undelivered(new Map(addresses.map((address) => [address, { fault: refused }])), refused)

/** The job that waits after this one met a refusal. */
async function nextTry(job: TalkingJob, addresses: readonly string[]): Promise<TalkingJob> {
  const store = memoryStore()
  const world = await testWorld({ store })
  const { id } = await ask(world, 'deploy.start')
  const before = new Set(store.jobs.keys())
  await tryAgain(world.ports, { ...job, request: id } as TalkingJob, refusing(addresses))
  const [next] = [...store.jobs].filter(([key]) => !before.has(key)).map(([, waiting]) => waiting)
  return next as TalkingJob // only talking jobs are tried again
}

test.each([
  ['announce', { task: 'announce', request: '' }],
  ['refresh', { task: 'refresh', request: '' }],
  ['remind', { task: 'remind', request: '', nth: 0, at: '' }],
  ['alarm', { task: 'alarm', request: '', why: 'broken' }],
] as const)(
  'kill-anywhere: the next try of %s never waits under the key of the one in hand',
  async (_, first) => {
    // A run that was given up ends after its job was taken over, and deletes the row of its job by its number.
    let job: TalkingJob = first
    for (const addresses of [places, places, places.slice(1), places.slice(1), places]) {
      const next = await nextTry(job, addresses)
      const inHand = jobKey({ ...job, request: next.request } as TalkingJob)
      expect(jobKey(next)).not.toBe(inHand)
      job = next
    }
  },
)

describe('of what ended eight days ago', () => {
  const days = (count: number) => count * 86_400
  const tries = async (world: World, first: Pick<ActionRequest, 'id'>, anew: boolean) => {
    const job: TalkingJob = { task: 'refresh', request: first.id, ...(anew && { anew }) }
    return (await tryAgain(world.ports, job, refusing(places))) !== null
  }
  const ended = async () => {
    const { world } = await rollbackWorld()
    const first = await done(world)
    world.clock.advance(days(8))
    return { world, first }
  }

  test('the card is not tried again', async () => {
    const { world, first } = await ended()

    expect(await tries(world, first, true)).toBe(false)
  })

  test('it is, as long as a rollback of it is asked about or has ended lately', async () => {
    const { world, first } = await ended()
    const rollback = await undo(world, first)
    expect(await tries(world, first, true)).toBe(true)
    await click(world, rollback.id, 'U0GRACE')
    await runs(world, rollback)
    await ends(world, rollback, 'succeeded')

    world.clock.advance(days(6))
    expect(await tries(world, first, true)).toBe(true)
    expect(await tries(world, first, false)).toBe(false)
    world.clock.advance(days(2))
    expect(await tries(world, first, true)).toBe(false)
  })
})

test('settling drops a reminder under whichever key it waits', async () => {
  const store = memoryStore()
  const world = await testWorld({ store })
  const request = await ask(world, 'deploy.start')
  const reminder = { task: 'remind', request: request.id, nth: 0, at: '' } as const
  const dropped = jobsToDrop(request)
  const reminds = (request.requirement?.notify.remindAfterSeconds ?? []).length > 0

  expect(reminds).toBe(true)
  for (const key of [
    jobKey(reminder),
    jobKey({ ...reminder, tries: {}, round: 1 }),
    jobKey({ ...reminder, tries: {}, round: 2 }),
  ])
    expect(dropped).toContain(key)
})

test('bad-hour: a reminder finds a conversation without a card, and announcing begins anew there', async () => {
  const store = memoryStore()
  const world = await testWorld({ store })
  const { id } = await ask(world, 'deploy.start')
  // Whatever became of it: the job that would have posted the card is gone.
  await store.commit({ entries: [], dropJobs: [jobKey({ task: 'announce', request: id })] })

  await remind(world.ports, testChannel(), { request: id, nth: 0 })

  expect(store.jobs.has(jobKey({ task: 'announce', request: id }))).toBe(true)
})

test('control: where the card stands, a reminder announces nothing', async () => {
  const store = memoryStore()
  const world = await testWorld({ store })
  const channel = testChannel()
  const { id } = await ask(world, 'deploy.start')
  await announce(world.ports, channel, id)
  await store.commit({ entries: [], dropJobs: [jobKey({ task: 'announce', request: id })] })

  await remind(world.ports, channel, { request: id, nth: 0 })

  expect(store.jobs.has(jobKey({ task: 'announce', request: id }))).toBe(false)
})

test('a reminder that is refused while its request is settled is not tried again', async () => {
  const store = memoryStore()
  const world = await testWorld({ store })
  const channel = testChannel()
  const { id } = await ask(world, 'deploy.start')
  await announce(world.ports, channel, id)
  const denying = { ...channel, remind: () => click(world, id, 'U0GRACE', { kind: 'deny' }).then(refuse) }

  await expect(remind(world.ports, denying, { request: id, nth: 0 })).resolves.toBeUndefined()
})

test('control: as long as people are asked, a reminder that is refused is', async () => {
  const world = await testWorld({ store: memoryStore() })
  const channel = testChannel()
  const { id } = await ask(world, 'deploy.start')
  await announce(world.ports, channel, id)

  const reminding = remind(world.ports, { ...channel, remind: refuse }, { request: id, nth: 0 })

  await expect(reminding).rejects.toThrow(Undelivered)
})

const refuse = async () => {
  throw refused
}
