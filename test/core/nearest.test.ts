import { expect, test } from 'vitest'
import { nearest } from '../../src/core/nearest.ts'

test.each([
  ['SLACK_BOT_TOKN', 'SLACK_BOT_TOKEN'],
  ['hlep', 'help'],
  ['shwo', 'show'],
  ['halp', 'help'],
])('%s most likely meant %s', (word, meant) => {
  expect(nearest(word, ['SLACK_BOT_TOKEN', 'PORT', 'help', 'show'])).toBe(meant)
})

test('a word near to nothing means nothing', () => {
  expect(nearest('zebra', ['help', 'show'])).toBeNull()
  expect(nearest('frobnicate', ['list', 'show', 'help'])).toBeNull()
})
