import { beforeEach, expect, test } from 'vitest'
import { ChannelFault } from '../../src/approvals/channelPort.ts'
import { refused, type TestChannel, testChannel } from '../support/channel.ts'
import { type JobsAtWork, jobsAtWork } from '../support/jobsAtWork.ts'
import { memoryStore } from '../support/memoryStore.ts'
import { ask, click, testWorld, type World } from '../support/world.ts'

let world: World
let channel: TestChannel
let jobs: JobsAtWork
beforeEach(async () => {
  const store = memoryStore()
  world = await testWorld({ store })
  channel = testChannel()
  jobs = jobsAtWork({ ports: world.ports, store, channel, clock: world.clock })
})

const failing = (prefix: string, fault: ChannelFault) => {
  channel.fail = (call) => (call.startsWith(prefix) ? { fault, tookEffect: false } : null)
}
const later = (code: string, seconds: number) =>
  new ChannelFault({ code, message: 'later', unknown: false, retryAfterSeconds: seconds })

test.each([
  ['slowed down by the channel', later('rate_limited', 7), 7],
  ['before its turn', later('not_yet', 3), 3],
])('the card of a settled request that was only %s shows the end when it may', async (_, fault, seconds) => {
  const { id } = await ask(world, 'deploy.start')
  await jobs.runDue()
  failing('update', fault)
  await click(world, id, 'U0GRACE')
  await jobs.runDue()
  expect(jobs.next('refresh')).toBe(seconds)
  channel.fail = () => null

  await jobs.pass(seconds)

  expect(channel.said.at(-1)).toBe('update approved v2')
})

test('the card of a settled request is tried more seldom, and given up after a week', async () => {
  const { id } = await ask(world, 'deploy.start')
  await jobs.runDue()
  failing('update', refused)
  await click(world, id, 'U0GRACE')
  await jobs.runDue()
  expect(jobs.next('refresh')).toBe(300)

  world.clock.advance(8 * 86_400)
  await jobs.runDue()

  expect(jobs.next('refresh')).toBeNull()
})
