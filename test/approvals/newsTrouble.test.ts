import { beforeEach, describe, expect, test } from 'vitest'
import { noteTrouble } from '../../src/approvals/news/trouble.ts'
import { handOver } from '../../src/approvals/people/handOver.ts'
import type { News } from '../../src/card/news.ts'
import { lee, type NewsWorld, newsWorld } from '../support/newsWorld.ts'
import { keyOf } from '../support/testDirectory.ts'
import { ask, click } from '../support/world.ts'

let { world, channel, jobs, news, waiting }: NewsWorld = await newsWorld()
beforeEach(async () => {
  ;({ world, channel, jobs, news, waiting } = await newsWorld())
})

describe('the owner of an agent that is refused', () => {
  test('is told once for all denials of an hour, and again in the next when it goes on', async () => {
    for (let nth = 0; nth < 12; nth += 1) await ask(world, 'audit.delete')
    await jobs.pass(80)
    expect(news()).toEqual([`news ${lee} billing-agent denied 12`])

    for (let nth = 0; nth < 30; nth += 1) {
      await ask(world, 'audit.delete')
      await jobs.pass(60)
    }
    expect(news()).toHaveLength(1)
    for (let minute = 0; minute < 60; minute += 1) await jobs.pass(60)

    expect(news()).toHaveLength(2)
    expect(waiting()).toEqual([])
  })

  test('cool-down, rate limits: and the line says how many were denied again, and what else was refused', async () => {
    const { id } = await ask(world, 'deploy.start')
    await click(world, id, 'U0GRACE', { kind: 'deny', reason: 'No.' })
    for (let nth = 0; nth < 3; nth += 1) await ask(world, 'deploy.start')
    const told: News[] = []
    channel.tellNews = async (_, news) => void told.push(news)

    await jobs.pass(80)

    const items = told.flatMap(({ items }) => items).filter(({ about }) => about === 'agent')
    expect(items).toMatchObject([
      { refused: { count: 3, cooling: 3, actions: [{ action: 'deploy.start', count: 3 }] } },
    ])
  })

  test('control: one whose agent is denied nothing hears nothing', async () => {
    await ask(world, 'repo.read')
    await jobs.pass(300)
    expect(news()).toEqual([])
  })

  test('is whoever it is by then', async () => {
    await ask(world, 'audit.delete')
    await handOver(world.ports, {
      ...{ name: 'billing-agent', via: 'cli' },
      to: { email: 'omar@acme.test' },
      by: { email: 'grace@acme.test' },
    })
    await jobs.pass(80)
    expect(news()).toEqual([`news ${keyOf('U0OMAR')} billing-agent denied 1`])
  })

  test('of several kinds hears each', async () => {
    const agent = world.agent.agent.id
    await noteTrouble(world.ports, { agent, trouble: 'pending' })
    await noteTrouble(world.ports, { agent, trouble: 'paced' })
    await noteTrouble(world.ports, { agent, trouble: 'paced' })

    await jobs.pass(5)

    expect(news()).toEqual([`news ${lee} billing-agent pending , billing-agent paced `])
  })
})
