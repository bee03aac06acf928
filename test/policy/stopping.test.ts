import { expect, test } from 'vitest'
import { saidOf } from '../../src/core/stop.ts'
import { covers, type Stoppable, stopOver } from '../../src/policy/stopping.ts'

const asks = (action: string, agent = 'agt_a'): Stoppable => ({
  agent: { id: agent },
  action: { action },
  run: null,
})

test('an agent is stopped whatever it asks, and no other one', () => {
  const scope = { kind: 'agent', agent: 'agt_a' } as const

  expect(covers(scope, asks('db.export'))).toBe(true)
  expect(covers(scope, asks('db.export', 'agt_b'))).toBe(false)
})

test('an agent that others were asked through is stopped with what they ask for it, wherever it stands in the chain', () => {
  const through = (...names: readonly string[]): Stoppable => ({
    ...asks('db.export', 'agt_b'),
    run: { through: names.map((name) => ({ kind: 'agent', name, agent: `agt_${name}` })) },
  })
  const scope = { kind: 'agent', agent: 'agt_a' } as const

  expect(covers(scope, through('a', 'b'))).toBe(true)
  expect(covers(scope, through('c', 'b', 'a'))).toBe(true)
  expect(covers(scope, through('c', 'b'))).toBe(false)
  expect(
    covers(scope, { ...asks('db.export', 'agt_b'), run: { through: [{ kind: 'agent', name: 'agt_a' }] } }),
  ).toBe(false)
})

test.each([
  ['db.export', 'db.export', true],
  ['db.*', 'db.export', true],
  ['*.export', 'db.export', true],
  ['*', 'db.export', true],
  ['db.exp', 'db.export', false],
  ['DB.*', 'db.export', false],
  ['repo.*', 'db.export', false],
])('%s holds %s as a rule would match it: %s', (pattern, action, held) => {
  expect(covers({ kind: 'action', pattern }, asks(action))).toBe(held)
})

test.each(['policy.activate', 'people.unlink', 'stop.resume', 'record.erase'])(
  '%s is held by no stop, so that each can be resumed',
  (action) => {
    const scopes = [
      { kind: 'everything' },
      { kind: 'action', pattern: '*' },
      { kind: 'agent', agent: 'agt_a' },
    ] as const

    expect(scopes.map((scope) => covers(scope, asks(action)))).toEqual([false, false, false])
    expect(
      stopOver(
        scopes.map((scope) => ({ scope })),
        asks(action),
      ),
    ).toBeNull()
  },
)

test('of several the first is named', () => {
  const stops = [
    { id: 'stp_1', scope: { kind: 'action', pattern: 'repo.*' } },
    { id: 'stp_2', scope: { kind: 'agent', agent: 'agt_a' } },
    { id: 'stp_3', scope: { kind: 'everything' } },
  ] as const

  expect(stopOver(stops, asks('db.export'))).toMatchObject({ id: 'stp_2' })
  expect(stopOver(stops, asks('db.export', 'agt_b'))).toMatchObject({ id: 'stp_3' })
})

test('a scope has words', () => {
  expect(saidOf({ kind: 'everything' })).toBe('everything')
  expect(saidOf({ kind: 'action', pattern: 'db.*' })).toBe('actions that fit db.*')
  expect(saidOf({ kind: 'agent', agent: 'agt_a' }, 'nightly')).toBe('the agent nightly')
  expect(saidOf({ kind: 'agent', agent: 'agt_a' })).toBe('the agent agt_a')
})
