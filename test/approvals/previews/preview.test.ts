import { describe, expect, test } from 'vitest'
import { makePreview } from '../../../src/approvals/previews/make.ts'
import { factsOf } from '../../../src/card/facts.ts'
import type { RequestView } from '../../../src/card/view.ts'
import { digestOf } from '../../../src/core/digest.ts'
import { sharesOf } from '../../../src/jobs/tasks.ts'
import { type DoublePreviewer, doublePreviewer } from '../../issuers/doublePreviewer.ts'
import { testChannel } from '../../support/channel.ts'
import { jobsAtWork } from '../../support/jobsAtWork.ts'
import { memoryStore } from '../../support/memoryStore.ts'
import { typesOf } from '../../support/recorded.ts'
import { bundleWithRules, type testBundle } from '../../support/testBundle.ts'
import { ask, click, submission, testWorld } from '../../support/world.ts'

/** A world whose target says what exports touch, and what its cards showed when they were posted. */
async function previewWorld(
  given: { previewer?: DoublePreviewer; policy?: ReturnType<typeof testBundle> } = {},
) {
  const { previewer = doublePreviewer(), policy } = given
  const store = memoryStore()
  const world = await testWorld({ store, previewers: [previewer], ...(policy && { policy }) })
  const shown: RequestView[] = []
  const channel = {
    ...testChannel(),
    post: async (_: unknown, view: RequestView) => `ts-${shown.push(view)}`,
  }
  const jobs = jobsAtWork({ ...world, store, channel })
  const previewOf = async (id: string) => (await store.request(id))?.preview
  return { world, store, previewer, shown, jobs, previewOf }
}

const made = {
  kind: 'made',
  target: 'warehouse',
  tables: ['public.users'],
  rows: 248_317,
  at: '2026-11-24T14:00:00.000Z',
}
const none = (why: string) => ({ kind: 'none', target: 'warehouse', why, at: expect.any(String) })

describe('before people are asked', () => {
  test('the target says what it would touch, once; it is recorded, and the first card shows it', async () => {
    const { world, store, previewer, shown, jobs, previewOf } = await previewWorld()

    const { id } = await ask(world, 'db.export')
    await jobs.runDue()

    expect(await previewOf(id)).toEqual(made)
    expect(shown.map(({ request }) => request.preview)).toEqual([made])
    expect(previewer.asked).toEqual(['db.export'])
    expect(await typesOf(store, id)).toEqual(['request.submitted', 'preview.made', 'card.posted'])
    const entry = (await store.entries(id)).find(({ type }) => type === 'preview.made')
    expect(entry).toMatchObject({
      actor: { kind: 'system', id: 'warehouse', via: 'preview' },
      data: { target: 'warehouse' },
      blobs: [{ name: 'preview' }],
    })
  })

  test('what-you-see: what asks the same shares no card, because the target may say something else of it', async () => {
    const { world, jobs, shown } = await previewWorld()

    const asked = [await ask(world, 'db.export'), await ask(world, 'db.export')]
    await jobs.runDue()

    const requests = await Promise.all(asked.map(({ id }) => world.store.request(id)))
    expect(requests.map((one) => one?.alike)).toEqual([undefined, undefined])
    expect(shown).toHaveLength(2)
  })

  test('every card shows the same, in whatever conversation', async () => {
    const policy = bundleWithRules(
      (rules) => `${rules}
- id: export.too
  description: Exports are watched.
  match: {actions: [db.export]}
  verdict: require_approval
  require: {approvals: [{name: security, from: [group:security], count: 1}]}
  notify: {channel: channel:alerts}
`,
    )
    const { world, shown, jobs } = await previewWorld({ policy })

    await ask(world, 'db.export')
    await jobs.runDue()

    expect(shown.map(({ request }) => request.preview)).toEqual([made, made])
  })

  test('control: where the operator has configured none, the card goes out at once and says nothing of it', async () => {
    const store = memoryStore()
    const world = await testWorld({ store })

    const { id } = await ask(world, 'db.export')

    expect([...store.jobs.values()].filter(({ task }) => task === 'preview')).toEqual([])
    expect(store.jobs.get(`announce:${id}`)).toEqual({ task: 'announce', request: id })
  })
})

describe('a target that does not say', () => {
  test('deaf: the card goes out without one and says so', async () => {
    const { world, store, previewer, shown, jobs } = await previewWorld()
    previewer.next.push('deaf')

    const { id } = await ask(world, 'db.export')
    await jobs.runDue()

    expect(shown.map(({ request }) => request.preview)).toEqual([none('no_answer')])
    expect(await typesOf(store, id)).toEqual(['request.submitted', 'preview.missed', 'card.posted'])
  })

  test('refusing: the card goes out without one and says so', async () => {
    const { world, previewer, shown, jobs } = await previewWorld()
    previewer.next.push('refuses')

    await ask(world, 'db.export')
    await jobs.runDue()

    expect(shown.map(({ request }) => request.preview)).toEqual([none('refused')])
  })

  test.each([
    ['no number', Number.NaN, ['public.users']],
    ['half a row', 1.5, ['public.users']],
    ['less than nothing', -1, ['public.users']],
    ['more than can be counted', 1e300, ['public.users']],
    ['rows of nothing', 5, []],
  ])(
    'wrong once: %s is no estimate, it is not asked again, and the next request has its own',
    async (_, rows, tables) => {
      const { world, previewer, shown, jobs } = await previewWorld()
      previewer.next.push({ rows, tables })

      await ask(world, 'db.export')
      await jobs.runDue()
      await ask(world, 'db.export')
      await jobs.runDue()

      expect(shown.map(({ request }) => request.preview)).toEqual([none('no_answer'), made])
      expect(previewer.asked).toHaveLength(2)
    },
  )

  test('slow: after three seconds the card goes out without one, and what comes later changes nothing', async () => {
    const { world, store, previewer, shown, jobs, previewOf } = await previewWorld()
    const answer = previewer.hold()
    const { id } = await ask(world, 'db.export')
    await store.commit({ entries: [], dropJobs: [`preview:${id}`] })
    const asking = makePreview(world.ports, id)

    await jobs.pass(2)
    expect(shown).toEqual([])
    await jobs.pass(1)
    expect(shown.map(({ request }) => request.preview)).toEqual([none('no_answer')])
    answer()
    await asking
    await jobs.pass(1)

    expect(await previewOf(id)).toEqual(none('no_answer'))
    expect(shown).toHaveLength(1)
    expect(await typesOf(store, id)).toEqual(['request.submitted', 'preview.missed', 'card.posted'])
  })

  test('a process that dies while it asks leaves a card that goes out all the same', async () => {
    const { world, store, shown, jobs } = await previewWorld()
    const { id } = await ask(world, 'db.export')
    await store.commit({ entries: [], dropJobs: [`preview:${id}`] })

    await jobs.pass(3)

    expect(shown.map(({ request }) => request.preview)).toEqual([none('no_answer')])
  })

  test('asked too late, behind others, it is not asked at all', async () => {
    const { world, previewer } = await previewWorld()
    const { id } = await ask(world, 'db.export')
    world.clock.advance(3)

    await makePreview(world.ports, id)

    expect(previewer.asked).toEqual([])
  })
})

describe('nobody is asked what', () => {
  test.each([
    ['policy allows', 'repo.read'],
    ['policy denies', 'audit.delete'],
    ['policy denies and an emergency may lift', 'freeze.deploy'],
    ['nobody could approve', 'cursed.empty'],
  ])('%s', async (_, action) => {
    const { world, previewer, jobs, previewOf } = await previewWorld()

    const { id } = await ask(world, action)
    await jobs.runDue()

    expect(previewer.asked).toEqual([])
    expect(await previewOf(id)).toBeUndefined()
  })

  test('is not in the inventory', async () => {
    const { world, previewer, shown, jobs } = await previewWorld()

    await ask(world, 'db.export', {
      action: { ...submission('db.export').action, resource: { type: 'table', id: 'elsewhere.users' } },
    })
    await jobs.runDue()

    expect(previewer.asked).toEqual([])
    expect(shown.map(({ request }) => request.preview)).toEqual([undefined])
  })

  test('control: the same resource type in the inventory is', async () => {
    const { world, previewer, jobs } = await previewWorld()

    await ask(world, 'db.export')
    await jobs.runDue()

    expect(previewer.asked).toEqual(['db.export'])
  })

  test('the operator lets no target say', async () => {
    const { world, previewer, jobs } = await previewWorld({
      previewer: doublePreviewer({ previews: () => false }),
    })

    await ask(world, 'db.export')
    await jobs.runDue()

    expect(previewer.asked).toEqual([])
  })
})

describe('a vote', () => {
  test('that is given while the target is asked stays, and nothing is added to what was voted on', async () => {
    const { world, store, previewer, shown, jobs, previewOf } = await previewWorld()
    const answer = previewer.hold()
    const { id } = await ask(world, 'db.export')
    const asking = makePreview(world.ports, id)

    await click(world, id, 'U0BOB')
    answer()
    await asking
    await store.commit({ entries: [], dropJobs: [`preview:${id}`] })
    await jobs.pass(3)

    expect((await store.request(id))?.decisions).toHaveLength(1)
    expect(await previewOf(id)).toBeUndefined()
    expect(shown.map(({ request }) => request.preview)).toEqual([undefined])
  })

  test('after it stays with what was shown', async () => {
    const { world, store, jobs } = await previewWorld()
    const { id } = await ask(world, 'db.export')
    await jobs.runDue()
    const before = await store.request(id)
    if (!before) throw new Error('no request')

    await click(world, id, 'U0BOB', { seen: factsOf(before).text })

    const [decision] = (await store.request(id))?.decisions ?? []
    expect(decision?.seen).toBe(digestOf('countersign/seen/v2', { text: factsOf(before).text }))
    expect(factsOf(before).text).toContain('about 248,000 rows in public.users')
  })
})

test('what is slow holds up no card of others: it is asked by another share of the hands, two at once', async () => {
  const { world, store } = await previewWorld()
  const ids: string[] = []
  for (let nth = 0; nth < 20; nth += 1) ids.push((await ask(world, 'db.export')).id)

  const queues = ids
    .map((id) => store.jobs.get(`preview:${id}`))
    .map((job) => job && 'queue' in job && job.queue)
  const tasks = { announce: () => {}, refresh: () => {}, preview: () => {}, expire: () => {} }
  const shares = sharesOf(tasks).map((share) => Object.keys(share.tasks))

  expect(new Set(queues)).toEqual(new Set(['preview warehouse 0', 'preview warehouse 1']))
  expect(shares.find((share) => share.includes('announce'))).not.toContain('preview')
})
