import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { startWorker } from '../../src/jobs/worker.ts'
import { doublePreviewer } from '../issuers/doublePreviewer.ts'
import { opened } from '../store/opened.ts'
import { nobodyHears } from '../support/health.ts'
import { ask, testWorld } from '../support/world.ts'

const log = pino({ level: 'silent' })

/** A target that takes its time, and notes how many ask it at once. */
function counting() {
  let open = () => {}
  const gate = new Promise<void>((resolve) => {
    open = resolve
  })
  let [inHand, most, done] = [0, 0, 0]
  const asked = async () => {
    inHand += 1
    most = Math.max(most, inHand)
    await gate
    inHand -= 1
    done += 1
  }
  return { asked, open: () => open(), inHand: () => inHand, most: () => most, done: () => done }
}

test('two-replicas: a target is asked two things at once and no more, and another target waits for none of them', async () => {
  const first = await opened()
  const second = await opened(first.databaseUrl)
  const of = (target: string, only: string) =>
    doublePreviewer({ target, previews: ({ action }) => action === only })
  const previewers = [of('warehouse', 'db.export'), of('lake', 'deploy.start')]
  const world = await testWorld({ store: first.store, previewers })
  const [slow, quick] = [counting(), counting()]
  quick.open()
  for (const { pool, store } of [first, second]) {
    const preview = async (payload: unknown) => {
      const { request } = payload as { readonly request: string } // as it was committed
      const { action } = (await store.request(request)) ?? {}
      await (action?.action === 'db.export' ? slow : quick).asked()
    }
    const worker = await startWorker({ pool, tasks: { preview }, hands: 4, log, health: nobodyHears.health })
    onTestFinished(() => worker.stop())
  }

  for (let nth = 0; nth < 12; nth += 1) await ask(world, 'db.export')
  await expect.poll(slow.inHand).toBe(2)
  // Whoever takes this one has looked past those that wait.
  await ask(world, 'deploy.start')
  await expect.poll(quick.done).toBe(1)
  expect(slow.inHand()).toBe(2)
  slow.open()

  await expect.poll(slow.done).toBe(12)
  expect(slow.most()).toBe(2)
})
