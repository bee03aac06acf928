import { expect, test } from 'vitest'
import { firstStates, isFinal, isSettled, type Move, move, moves, states } from '../../src/core/lifecycle.ts'
import { Refusal } from '../../src/core/refusal.ts'

const allMoves = [...new Set(Object.values(moves).flatMap((row) => Object.keys(row)))] as Move[]

test.each(states.flatMap((state) => allMoves.map((by) => [state, by] as const)))(
  '%s, %s: only what the table says',
  (state, by) => {
    const row: Record<string, string> = moves[state]
    if (row[by]) expect(move(state, by)).toBe(row[by])
    else expect(() => move(state, by)).toThrow(Refusal)
  },
)

test('final states are those that docs/architecture.md#the-lifecycle lists', () => {
  expect(states.filter(isFinal).sort()).toEqual(
    ['cancelled', 'denied', 'expired', 'failed', 'lapsed', 'revoked', 'succeeded', 'unreported'].sort(),
  )
})

test('every state can be reached from a first state', () => {
  const reached = new Set<string>(firstStates)
  for (const state of reached)
    for (const next of Object.values(moves[state as keyof typeof moves])) reached.add(next)
  expect([...reached].sort()).toEqual([...states].sort())
})

test('nothing leads from a settled state back to pending', () => {
  for (const state of states.filter(isSettled)) expect(Object.values(moves[state])).not.toContain('pending')
})
