import { beforeEach, describe, expect, test } from 'vitest'
import { type Report, report } from '../../../src/approvals/executions/report.ts'
import { refused, type TestChannel, testChannel } from '../../support/channel.ts'
import { moved } from '../../support/executing.ts'
import { type JobsAtWork, jobsAtWork } from '../../support/jobsAtWork.ts'
import { type MemoryStore, memoryStore } from '../../support/memoryStore.ts'
import { ask, click, testWorld, type World } from '../../support/world.ts'

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

const otherwise: Report = {
  state: 'succeeded',
  action: null,
  digest: `sha256:${'0'.repeat(64)}`,
  result: null,
  links: [],
  note: null,
}

async function reported(id: string, change: Partial<Report> = {}) {
  const by = { kind: 'agent', id: world.agent.agent.id, via: 'api' } as const
  return report(world.ports, { request: id, by, report: { ...otherwise, ...change } })
}

async function executing(): Promise<string> {
  const { id } = await ask(world, 'db.export')
  await jobs.runDue()
  await click(world, id, 'U0BOB')
  await click(world, id, 'U0SAM')
  await moved(store, id, 'redeem')
  await jobs.runDue()
  return id
}

const alarms = () => channel.said.filter((call) => call.startsWith('alarm '))

describe('who hears that something was not done as approved', () => {
  test('those who approved it and the owner of the agent, each once; the card and the thread tell it', async () => {
    const id = await executing()
    channel.said.length = 0

    await reported(id)
    await jobs.pass(120)

    expect(alarms().toSorted()).toEqual([
      'alarm deviated slack:T0ACME:U0BOB',
      'alarm deviated slack:T0ACME:U0LEE',
      'alarm deviated slack:T0ACME:U0SAM',
    ])
    expect(channel.said).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^update succeeded/),
        expect.stringMatching(/^tell .*execution\.reported, execution\.deviated$/),
      ]),
    )
  })

  test('control: what was done as approved alarms nobody', async () => {
    const id = await executing()

    await reported(id, { digest: null })
    await jobs.pass(120)

    expect(alarms()).toEqual([])
  })

  test('not again for another report of the same request', async () => {
    const id = await executing()
    await reported(id)
    await jobs.pass(120)
    const before = alarms().length

    await reported(id, { state: 'failed' })
    await jobs.pass(120)

    expect(alarms()).toHaveLength(before)
  })

  test('nobody gets two direct messages in a minute, whatever happens; the second comes in the next', async () => {
    const ids = [await executing(), await executing()]
    for (const id of ids) await reported(id)

    await jobs.runDue()
    expect(alarms().filter((call) => call.endsWith('U0LEE'))).toHaveLength(1)
    await jobs.pass(120)

    expect(alarms().filter((call) => call.endsWith('U0LEE'))).toHaveLength(2)
  })

  test('Security, where nothing was approved; not the one who only denied it', async () => {
    const { id } = await ask(world, 'db.export')
    await click(world, id, 'U0BOB', { kind: 'deny' })

    await reported(id)
    await jobs.pass(120)

    expect(alarms().toSorted()).toEqual([
      'alarm not_approved slack:C0ALERTS',
      'alarm not_approved slack:S0SECURITY',
      'alarm not_approved slack:T0ACME:U0LEE',
    ])
  })

  test('Security also where policy denied it at once, so that nobody was asked', async () => {
    const { id } = await ask(world, 'audit.delete')

    await reported(id)
    await jobs.pass(120)

    expect(alarms()).toContain('alarm not_approved slack:C0ALERTS')
  })

  test('one address that refuses does not keep the others from hearing it', async () => {
    const id = await executing()
    channel.fail = (call) =>
      call === 'alarm deviated slack:T0ACME:U0BOB' ? { fault: refused, tookEffect: false } : null

    await reported(id)
    await jobs.pass(120)

    expect(alarms()).toContain('alarm deviated slack:T0ACME:U0SAM')
  })

  test('a year after it was approved, people hear it all the same, when their minute was taken', async () => {
    const ids = [await executing(), await executing()]
    world.clock.advance(365 * 86_400)
    for (const id of ids) await reported(id)

    await jobs.pass(120)

    expect(alarms().filter((call) => call.endsWith('U0LEE'))).toHaveLength(2)
  })
})
