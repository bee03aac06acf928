import { expect, test } from 'vitest'
import { story } from '../../src/approvals/inspect.ts'
import { testChannel } from '../support/channel.ts'
import { jobsAtWork } from '../support/jobsAtWork.ts'
import { done, rollbackWorld, undo } from '../support/rollbackWorld.ts'
import { click } from '../support/world.ts'

test('own-request: an alarm about attempts on a rollback is not told in the story of what it would undo', async () => {
  const { world, store } = await rollbackWorld()
  const jobs = jobsAtWork({ ports: world.ports, store, channel: testChannel(), clock: world.clock })
  const first = await done(world)
  // Grace approved the first and is behind the second.
  const { id } = await undo(world, first, { initiator: { email: 'grace@acme.test' } })
  for (const nth of [1, 2, 3]) {
    await expect(click(world, id, 'U0LEE', { delivery: `own ${nth}` })).rejects.toThrow()
    await jobs.runDue()
  }
  const typesOf = async (request: string, user: string) =>
    (await story(world.ports, request, await world.directory.account(`slack:${user}`))).entries.map(
      (entry) => `${entry.request === id ? 'rollback ' : ''}${entry.type}`,
    )
  expect((await store.entries(id)).map(({ type }) => type)).toContain('attempts.alarmed')

  const told = await typesOf(first.id, 'U0GRACE')

  expect(told).toContain('rollback request.submitted')
  expect(told.filter((one) => /alarm/.test(one))).toEqual([])
})
