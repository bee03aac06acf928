import { expect, test } from 'vitest'
import { loadText } from '../../src/cli/load.ts'

test('a line for each, hidden characters shown, and nothing where nobody decided', () => {
  const grace = { account: 'slack:U0GRACE', name: 'Grace\u202e', asked: 120, decided: 38, medianSeconds: 40 }
  const left = { account: 'slack:U0LEFT', name: null, asked: 7, decided: 0, medianSeconds: null }

  const people = [
    { ...grace, mentioned: 30 },
    { ...left, mentioned: 0 },
  ]
  const text = loadText({ people, unknown: [] })

  expect(text.split('\n')).toEqual([
    'person                         account                     asked  decided   median mentioned today',
    'Grace\\u202e                    slack:U0GRACE                 120       38      40s              30',
    '                               slack:U0LEFT                    7        0        –               0',
  ])
})

test('where nobody was asked, it says so', () => {
  expect(loadText({ people: [], unknown: [] })).toBe('Nobody was asked anything in the last 30 days.')
})

test('unknown is not nobody: which sets could not be looked up is said', () => {
  expect(loadText({ people: [], unknown: ['group:security'] })).toContain(
    'Who is in group:security could not be looked up just now',
  )
})
