import { describe, expect, test } from 'vitest'
import { cancel } from '../../src/approvals/cancel.ts'
import { expire } from '../../src/approvals/expire.ts'
import { makePreview } from '../../src/approvals/previews/make.ts'
import { createMetrics } from '../../src/metrics/metrics.ts'
import { doublePreviewer } from '../issuers/doublePreviewer.ts'
import { memoryStore } from '../support/memoryStore.ts'
import { declare } from '../support/rollbackWorld.ts'
import { ask, click, testWorld, type WorldOptions } from '../support/world.ts'
import { nothing } from './nothing.ts'
import { valueIn } from './page.ts'

/** A world whose commits are counted, and what the page says of them. */
async function countedWorld(given: WorldOptions = {}) {
  const metrics = createMetrics()
  const store = metrics.counted(memoryStore())
  const world = await testWorld({ ...given, store })
  const page = metrics.page(async () => nothing)
  const said = async (name: string, labels: Readonly<Record<string, string>>) =>
    valueIn(await page.text(), `countersign_${name}`, labels)
  return { metrics, page, store, world, said }
}

describe('requests are counted by what the commit says', () => {
  test('by verdict, and by the state that they reach and who brought them there', async () => {
    const { world, said } = await countedWorld()
    await ask(world, 'repo.read')
    await ask(world, 'audit.delete')
    const approved = await ask(world, 'db.export')
    for (const user of ['U0BOB', 'U0SAM']) await click(world, approved.id, user)
    const expired = await ask(world, 'db.export')
    world.clock.advance(7 * 86_400)
    await expire(world.ports, expired.id)
    const cancelled = await ask(world, 'db.export')
    await cancel(world.ports, { request: cancelled.id, agent: world.agent.agent, via: 'api' })
    const denied = await ask(world, 'db.export')
    await click(world, denied.id, 'U0BOB', { kind: 'deny', reason: 'No.' })

    const verdicts = ['allow', 'deny', 'require_approval'] as const
    expect(await Promise.all(verdicts.map((verdict) => said('requests_total', { verdict })))).toEqual([
      1, 1, 4,
    ])
    const states = [
      ['pending', 'agent', 4],
      ['approved', 'policy', 1],
      ['approved', 'person', 1],
      ['denied', 'policy', 1],
      ['denied', 'person', 1],
      ['expired', 'system', 1],
      ['cancelled', 'agent', 1],
    ] as const
    for (const [state, by, times] of states)
      expect(await said('request_states_total', { state, by })).toBe(times)
    expect(await said('entries_total', { type: 'decision.made' })).toBe(3)
  })

  test('previews, by what came of asking for them, and never by what they say', async () => {
    const previewer = doublePreviewer({ target: 'hunter2' })
    const { world, page, said } = await countedWorld({ previewers: [previewer] })
    previewer.next.push('deaf', 'refuses')
    for (let nth = 0; nth < 4; nth += 1) await makePreview(world.ports, (await ask(world, 'db.export')).id)
    await makePreview(world.ports, (await ask(world, 'repo.read')).id)

    const outcomes = ['made', 'no_answer', 'refused']
    expect(await Promise.all(outcomes.map((outcome) => said('previews_total', { outcome })))).toEqual([
      2, 1, 1,
    ])
    expect(await page.text()).not.toMatch(/hunter2|public\.users|248317/)
  })

  test('an action and its rollback, which one commit moves, each by its own', async () => {
    const { world, said } = await countedWorld()
    const { first } = await declare(world, 'deploy.start', 'repo.read')
    await declare(world, 'iam.change', 'audit.delete')
    await click(world, first.id, 'U0GRACE', { kind: 'deny' })

    const verdicts = ['allow', 'deny', 'require_approval'] as const
    expect(await Promise.all(verdicts.map((verdict) => said('requests_total', { verdict })))).toEqual([
      1, 1, 2,
    ])
    expect(await said('request_states_total', { state: 'pending', by: 'agent' })).toBe(2)
    expect(await said('request_states_total', { state: 'denied', by: 'policy' })).toBe(1)
  })

  test('those of an agent whose owner has left are counted too', async () => {
    const { world, said } = await countedWorld()
    await ask(world, 'repo.read')
    expect(await said('requests_owner_left_total', {})).toBe(0)

    world.directory.changeAccount('U0LEE', { active: false })
    await ask(world, 'repo.read')
    await ask(world, 'db.export')

    expect(await said('requests_owner_left_total', {})).toBe(2)
  })

  test('people are timed from submission to their last decision, and nobody else is', async () => {
    const { world, said } = await countedWorld()
    await ask(world, 'repo.read')
    const request = await ask(world, 'db.export')
    world.clock.advance(20)
    await click(world, request.id, 'U0BOB')
    world.clock.advance(20)
    await click(world, request.id, 'U0SAM')

    expect(await said('decision_seconds_count', { outcome: 'approved' })).toBe(1)
    expect(await said('decision_seconds_sum', { outcome: 'approved' })).toBe(40)
    expect(await said('decision_seconds_count', { outcome: 'denied' })).toBe(0)
  })

  test('a click that comes twice, and one that loses its race, count once', async () => {
    const { world, said } = await countedWorld()
    const request = await ask(world, 'db.export')
    const same = { delivery: 'the same click' }
    await click(world, request.id, 'U0BOB', same)
    expect(await click(world, request.id, 'U0BOB', same)).toMatchObject({ repeated: true })
    expect(await said('commit_seconds_count', { outcome: 'duplicate' })).toBe(1)
    const other = await ask(world, 'db.export')

    await Promise.all(['U0BOB', 'U0SAM'].map((user) => click(world, other.id, user)))

    expect(await said('commit_seconds_count', { outcome: 'conflict' })).toBe(1)
    expect(await said('entries_total', { type: 'decision.made' })).toBe(3)
    expect(await said('request_states_total', { state: 'approved', by: 'person' })).toBe(1)
  })

  test.each(['conflict', 'outdated', 'duplicate', 'repeated', 'full'] as const)(
    'what is %s wrote nothing, so nothing is counted',
    async (outcome) => {
      const metrics = createMetrics()
      const { world } = await countedWorld()
      const store = metrics.counted({ ...world.store, commit: async () => outcome })
      const asked = ask({ ...world, ports: { ...world.ports, store } }, 'repo.read')

      await expect(asked).rejects.toBeDefined()

      const page = await metrics.page(async () => nothing).text()
      expect(valueIn(page, 'countersign_requests_total', { verdict: 'allow' })).toBe(0)
      expect(valueIn(page, 'countersign_entries_total', { type: 'request.submitted' })).toBe(0)
      expect(valueIn(page, 'countersign_commit_seconds_count', { outcome })).toBeGreaterThan(0)
    },
  )

  test('a commit whose answer is lost is counted as failed, and nothing of what it may have written', async () => {
    const { store, world } = await countedWorld()
    const metrics = createMetrics()
    const losing = metrics.counted({
      ...store,
      commit: async (change) => {
        await store.commit(change)
        throw new Error('lost')
      },
    })

    await expect(ask({ ...world, ports: { ...world.ports, store: losing } }, 'repo.read')).rejects.toThrow(
      'lost',
    )

    const page = await metrics.page(async () => nothing).text()
    expect(valueIn(page, 'countersign_commit_seconds_count', { outcome: 'failed' })).toBe(1)
    expect(valueIn(page, 'countersign_requests_total', { verdict: 'allow' })).toBe(0)
  })
})
