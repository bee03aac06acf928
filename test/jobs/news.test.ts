import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { tasksFor } from '../../src/jobs/tasks.ts'
import { startWorker } from '../../src/jobs/worker.ts'
import { opened } from '../store/opened.ts'
import { testChannel } from '../support/channel.ts'
import { nobodyHears } from '../support/health.ts'
import { keyOf } from '../support/testDirectory.ts'
import { ask, click, testWorld } from '../support/world.ts'

const log = pino({ level: 'silent' })

test('two-replicas: what is to be told to one person is told once, whichever replica has which of it in hand', async () => {
  const replicas = [await opened()]
  replicas.push(await opened(replicas[0]?.databaseUrl))
  const world = await testWorld({ store: replicas[0]?.store ?? expect.fail(), tells: true })
  const channel = testChannel()
  const news = () => channel.said.filter((call) => call.startsWith('news '))
  const approved = async () => {
    const { id } = await ask(world, 'deploy.start')
    await click(world, id, 'U0GRACE')
    return id
  }
  const ids: string[] = []
  for (let nth = 0; nth < 20; nth += 1) ids.push(await approved())

  for (const { pool, store } of replicas) {
    const { news } = tasksFor({ ...world.ports, store }, channel, log)
    const worker = await startWorker({
      ...{ pool, hands: 4, log, health: nobodyHears.health },
      tasks: { ...(news && { news }) },
    })
    onTestFinished(() => worker.stop())
  }

  await expect.poll(news).toHaveLength(1)
  expect(news()[0]).toMatch(new RegExp(`^news ${keyOf('U0ALICE')} .* and 12$`))
  expect(
    await replicas[1]?.store.waitingNews((await world.store.request(ids[0] ?? ''))?.initiator.person ?? ''),
  ).toEqual([])

  world.clock.advance(60)
  const last = await approved()

  // A run that had read the others may have taken a minute for nothing.
  await expect
    .poll(() => {
      world.clock.advance(5)
      return news()
    })
    .toHaveLength(2)
  expect(news()[1]).toBe(`news ${keyOf('U0ALICE')} ${last} approved`)
})
