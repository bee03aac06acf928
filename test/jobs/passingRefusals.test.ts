import { pino } from 'pino'
import { expect, test } from 'vitest'
import { commandJob } from '../../src/approvals/job.ts'
import { tasksFor } from '../../src/jobs/tasks.ts'
import { testChannel } from '../support/channel.ts'
import { firstAttempt } from '../support/firstAttempt.ts'
import { refusalsOf } from '../support/recorded.ts'
import { ask, attemptBy, click, testWorld, type World } from '../support/world.ts'

/** A click of Sam's that was queued, as its job runs it each time. */
function queuedApproval(world: World, id: string) {
  const vote = { ...attemptBy(id, 'U0SAM'), reason: null, typed: [], seen: 'facts' }
  const { task, ...payload } = commandJob({ verb: 'approve', attempt: vote })
  const tasks = tasksFor(world.ports, testChannel(), pino({ level: 'silent' }))
  return async () => tasks[task]?.(JSON.parse(JSON.stringify(payload)), firstAttempt)
}

test.each([
  ['directory_unavailable', 'S0DATA'],
  ['identity_unknown', 'S0SECURITY'],
])('a click that was queued and met %s is tried again, and counts when that is over', async (code, group) => {
  const world = await testWorld()
  const { id } = await ask(world, 'db.export')
  await click(world, id, 'U0BOB')
  const run = queuedApproval(world, id)
  world.directory.unreadable.add(group)

  await expect(run()).rejects.toMatchObject({ code })
  await expect(run()).rejects.toMatchObject({ code })
  expect(await refusalsOf(world.store, id)).toEqual([code])
  world.directory.unreadable.clear()
  await run()

  expect((await world.store.request(id))?.state).toBe('approved')
})

test('control: what cannot pass is an answer, and is not tried again', async () => {
  const world = await testWorld()
  const { id } = await ask(world, 'db.export', { involved: [{ email: 'sam@acme.test' }] })
  const run = queuedApproval(world, id)

  await run()

  expect(await refusalsOf(world.store, id)).toEqual(['own_request'])
})
