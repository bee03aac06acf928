import { describe, expect, test } from 'vitest'
import { simulate } from '../../../src/policyTools/simulation/simulate.ts'
import { simulationSummary, simulationText } from '../../../src/policyTools/simulation/simulateText.ts'
import { steady } from '../../cli/bundles.ts'
import { changed, example, exportOf } from './exampleChanges.ts'

const recorded = [
  exportOf(2_980, ['ts', 'iban']),
  exportOf(3_000, ['ts', 'iban']),
  exportOf(2_980, ['id', 'ts']),
  exportOf(200_000, ['id']),
  exportOf(200_000, ['email']),
  exportOf(10, ['id']),
].map((ask, index) => ({ id: `req_${index + 1}`, ask }))

describe('the replay', () => {
  const head = changed('when: params.rows > 1000', 'when: params.rows > 5000')

  test('shows what the decisions alone would hide', async () => {
    const simulation = simulate(example, head, recorded)

    expect(simulation.matrix).toEqual([{ from: 'require_approval', to: 'require_approval', count: 6 }])
    expect(simulation).toMatchObject({ loosened: 3, tightened: 0, unchanged: 3 })
    await expect(steady(simulationText(simulation, { recorded: 6, milliseconds: 12 }))).toMatchFileSnapshot(
      '../../golden/simulate-loosened.txt',
    )
  })

  test('on the way back more people are asked; where they are others than before, it counts as loosened', () => {
    expect(simulate(head, example, recorded)).toMatchObject({ loosened: 1, tightened: 2, unchanged: 3 })
  })

  test('a bundle against itself changes nothing', () => {
    expect(simulate(example, example, recorded)).toMatchObject({ loosened: 0, tightened: 0, unchanged: 6 })
  })

  test('a request made at night stays a night request', () => {
    const night = changed('- id: deploy.freeze', nightRule)
    const asks = [exportOf(10, ['id'], '2026-11-24T23:30:00+01:00'), exportOf(10, ['id'])]

    const { tightened } = simulate(
      example,
      night,
      asks.map((ask, index) => ({ id: `req_${index}`, ask })),
    )

    expect(tightened).toBe(1)
  })

  test('without a base everything was denied, so every other verdict is looser', () => {
    expect(simulate(null, example, recorded)).toMatchObject({ loosened: 6 })
  })

  test('the summary says the counts and what the largest groups lose, and stays short', () => {
    const summary = simulationSummary(simulate(example, head, recorded), recorded.length)

    expect(summary).toContain('Of the last 6 requests, 3 would be judged more loosely')
    expect(summary).toContain('2 × db.export: approvals')
    expect(summary.length).toBeLessThanOrEqual(1_000)
  })
})

const nightRule = `- id: export.night
  description: Not at night.
  match: {actions: [db.export]}
  when: |
    "night" in time.windows
  verdict: deny

- id: deploy.freeze`
