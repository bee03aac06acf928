import { pino } from 'pino'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Health } from '../../src/approvals/ports.ts'
import { createHealth, type HealthRecord } from '../../src/server/health.ts'
import { nobodyReachable } from '../../src/server/nobodyReachable.ts'

let health: HealthRecord
let slack: Health
let teams: Health
beforeEach(() => {
  health = createHealth(pino({ enabled: false }))
  const channel = nobodyReachable(health)
  slack = channel()
  teams = channel()
})

const codes = () => health.now().map(({ code }) => code)

describe('two channels', () => {
  test('one that refuses us is away, and the other reaches people', () => {
    slack.raise('channel_away', 'refused', 'token')
    slack.raise('nobody_reachable', 'refused', 'token')

    expect(codes()).toEqual(['channel_away'])
  })

  test('nobody is reachable when both say so, with what each says, and until one is back', () => {
    slack.raise('nobody_reachable', 'Slack refuses us.', 'token')
    teams.raise('nobody_reachable', 'Teams refuses us.', 'token Teams')

    expect(health.now()).toEqual([
      { code: 'nobody_reachable', detail: 'Slack refuses us. Teams refuses us.' },
    ])

    teams.clear('nobody_reachable', 'token Teams')
    expect(codes()).toEqual([])

    teams.raise('nobody_reachable', 'Teams refuses us.', 'token Teams')
    expect(codes()).toEqual(['nobody_reachable'])
  })

  test('one that is away for two reasons is back when both are over', () => {
    teams.raise('nobody_reachable', 'Teams refuses us.', 'token Teams')
    slack.raise('nobody_reachable', 'not yet', 'start')
    slack.raise('nobody_reachable', 'refused', 'token')

    slack.clear('nobody_reachable', 'start')
    expect(codes()).toEqual(['nobody_reachable'])
    slack.clear('nobody_reachable', 'token')
    expect(codes()).toEqual([])
  })
})

test('control: of one channel alone, what it says is so', () => {
  const alone = nobodyReachable(health)()

  alone.raise('nobody_reachable', 'refused', 'token')

  expect(codes()).toEqual(['nobody_reachable'])
})
