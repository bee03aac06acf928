import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { mostCards } from '../../src/approvals/crowds/heldBack.ts'
import { tasksFor } from '../../src/jobs/tasks.ts'
import { startWorker } from '../../src/jobs/worker.ts'
import { opened } from '../store/opened.ts'
import { testChannel } from '../support/channel.ts'
import { nobodyHears } from '../support/health.ts'
import { bundleWithDefaults } from '../support/testBundle.ts'
import { ask, click, submission, testWorld } from '../support/world.ts'

const log = pino({ level: 'silent' })
const here = 'slack:C0APPROVALS'

test('two-replicas: of a flood both post as many cards as people read, and one that stands for the rest', async () => {
  const first = await opened()
  const second = await opened(first.databaseUrl)
  const made = await testWorld({ store: first.store, policy: bundleWithDefaults('max_pending: 60') })
  // Jobs have times, and the database's is that of now.
  const world = { ...made, ports: { ...made.ports, clock: () => new Date() } }
  const channel = testChannel()
  const said = (begin: string) => channel.said.filter((call) => call.startsWith(begin))
  const ids: string[] = []
  for (let nth = 0; nth < 25; nth += 1)
    ids.push((await ask(world, 'deploy.start', submission('deploy.start', { params: { rows: nth } }))).id)

  for (const { pool, store } of [first, second]) {
    const { announce, crowd, refresh } = tasksFor({ ...world.ports, store }, channel, log)
    const tasks = { ...(announce && { announce }), ...(crowd && { crowd }), ...(refresh && { refresh }) }
    const worker = await startWorker({ pool, tasks, hands: 4, log, health: nobodyHears.health })
    onTestFinished(() => worker.stop())
  }

  await expect.poll(() => said('post crowd')).toEqual([`post crowd ${here} ${25 - mostCards}`])
  await expect.poll(() => said(`post ${here}`)).toHaveLength(mostCards)

  for (const id of ids) await click(world, id, 'U0GRACE')
  await expect.poll(() => said('show crowd').at(-1)).toMatch(/ over$/)
  expect(said('post crowd')).toHaveLength(1)
  expect(said(`post ${here}`)).toHaveLength(mostCards)
  // It takes up what would have to wait within the next minutes.
  // What is said is noted after it.
  await expect.poll(() => second.store.crowdCard(here)).toMatchObject({ shown: 'over' })
})
